// Who follows which channel, in the whole process: counted by identity, with a grace time, so that a gap
// between two polls or a reload of a page is neither a leave nor a join.
//
//   Presence presence(clock, stream, {.grace = 20s});
//   PresenceTicket ticket = presence.enter("news", {.id = "user:42", .is_identity = true});
//   …                                            // the connection, or the one poll, lives
//   ticket.leave();                              // or is destroyed: gone when the grace is over and nobody
//   came back loop.set_timer(presence.sweep());            // tells who is gone, and when to ask again
//
// Changes are announced on the stream NAME@presence, in order, under the channel's lock, and a snapshot takes
// the stream's position under the same lock: what the stream has behind that position is exactly what changed
// after the snapshot. Any thread; sharded locks. Must outlive its tickets.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "channel/message.hpp"
#include "channel/position.hpp"

namespace naru::hub {

// Where changes are announced. Called under a lock of Presence's: must not call back into it, must number the
// message during the call, and must not wait for a disk (the stream lives in memory: after a restart nobody
// is there, and whoever comes back with an old position is told so and asks for a snapshot).
class PresenceStream {
 public:
  virtual ~PresenceStream() = default;
  virtual void announce(const std::string& stream, channel::Message change) = 0;
  // Where the stream stands, also when nothing was announced yet.
  virtual channel::Position position(const std::string& stream) = 0;
};

struct PresenceOptions {
  base::Duration grace = std::chrono::seconds(20);
  std::size_t max_followers = 10'000;  // of a channel that are told apart; further ones only count
  // Channels with anybody in them: each has a stream, and peers choose names. In further ones nobody is seen.
  std::size_t max_channels = 1'000;
};

// Who somebody is: his identity, else the `client` of his request, else his connection's own id. An identity
// and a client of the same text are two followers: nobody becomes somebody else by saying so.
struct PresentAs {
  std::string id{};
  bool is_identity = false;
};

struct PresenceSnapshot {
  struct Follower {
    std::string id{};
    bool is_identity = false;
    std::size_t connections = 0;  // 0: away, for less than the grace time
    std::int64_t since_ms = 0;    // when it came, in milliseconds since 1970
  };
  std::size_t count = 0;              // also those who are not told apart
  std::vector<Follower> followers{};  // in the order they came
  channel::Position position{};       // of the stream of changes
};

class PresenceTicket;

class Presence {
 public:
  // `clock` and `stream` must outlive it.
  Presence(const base::Clock& clock, PresenceStream& stream, const PresenceOptions& options);
  ~Presence();  // REQUIRES: no tickets
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

  // Not valid, and not seen, where there are too many channels.
  PresenceTicket enter(std::string_view channel, const PresentAs& who);
  PresenceSnapshot snapshot(const std::string& channel);

  // Tells who left so long ago that the grace is over. Returns when the next one will be: kNever if nobody is
  // away. Being late only lengthens the grace.
  base::TimePoint sweep();

  // Channels with anybody in them.
  std::size_t channel_count() const noexcept { return channel_count_.load(std::memory_order_relaxed); }

 private:
  friend class PresenceTicket;
  struct Channel;
  struct Follower;
  struct Shard;
  static constexpr std::size_t kShards = 16;  // channels seldom meet on a lock

  Shard& shard_of(std::string_view channel) const;
  void leave(PresenceTicket& ticket) noexcept;
  // All of them REQUIRE the shard's lock, but sweep() takes it.
  Channel* open(Shard& shard, std::string name);
  Follower& join(Channel& channel, const std::string& key);
  void forget_if_empty(Shard& shard, const Channel& channel);
  base::TimePoint sweep(Shard& shard);

  const base::Clock& clock_;
  PresenceStream& stream_;
  PresenceOptions options_;
  std::array<std::unique_ptr<Shard>, kShards> shards_;
  std::atomic<std::size_t> channel_count_{0};
};

// One connection's place in a channel. Moves; leaves when destroyed.
class PresenceTicket {
 public:
  PresenceTicket() noexcept = default;
  PresenceTicket(PresenceTicket&& other) noexcept;
  PresenceTicket& operator=(PresenceTicket&& other) noexcept;
  ~PresenceTicket() { leave(); }

  bool is_valid() const noexcept { return presence_ != nullptr; }
  // The grace begins now.
  void leave() noexcept;

 private:
  friend class Presence;
  Presence* presence_ = nullptr;
  Presence::Channel* channel_ = nullptr;
  Presence::Follower* follower_ = nullptr;  // null: only counted
};

}  // namespace naru::hub
