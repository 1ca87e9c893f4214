// Whoever follows one channel on one loop: a stream, a waiting poll, a WebSocket, a Socket.IO socket.
//
//   class SseStream : hub::FollowerEvents { hub::Follower follower_{*this}; … };
//   channels.follow(follower_, "news", since, settings);
//
// A follower has a position and no queue: what it does not take now is read again from the log when it says
// resume(). Belongs to its door and lives on one loop. It may be destroyed at any time but inside its own
// events, where unfollow() is the way.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/intrusive_list.hpp"
#include "channel/message.hpp"
#include "channel/since.hpp"

namespace naru::hub {

class Station;

enum class Taken : std::uint8_t {
  more,  // the next one, please
  full,  // it was taken, but nothing more until LoopChannels::resume()
};

enum class FollowEnd : std::uint8_t {
  too_slow,  // the policy `disconnect`
  failed,    // the store cannot be read (a log line says why)
};

// On the follower's loop, never from inside a call into LoopChannels. In all of them unfollow() and follow()
// may be called, also for other followers; resume() too.
class FollowerEvents {
 public:
  virtual ~FollowerEvents() = default;
  // Once for each follow(), before everything else but an on_end(failed). Who is full here has not begun: no
  // policy takes it for slow before it says resume().
  virtual Taken on_start(const channel::Standing& standing) = 0;
  // In the channel's order. The reference may be kept.
  virtual Taken on_message(const channel::PublicationRef& message) = 0;
  // Messages between the last one and standing.position are not to be had; standing.recovered is false.
  virtual Taken on_gap(const channel::Standing& standing) = 0;
  // All that is there has been given, also when there was nothing: what was gathered may leave now. Not while
  // full.
  virtual void on_pause() {}
  // The last event: it follows no more. `position` is where it stood, what it had asked for before on_start.
  virtual void on_end(FollowEnd reason, const channel::Position& position) = 0;
};

struct Followers;  // the tag of its list

class Follower : private base::ListHook<Followers> {
 public:
  explicit Follower(FollowerEvents& events) noexcept : events_(events) {}
  // Unfollows.
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  bool is_following() const noexcept { return station_ != nullptr; }
  // Behind the last message that it was given, or where it started; before on_start what it had asked for.
  const channel::Position& position() const noexcept { return position_; }

 private:
  friend class Station;
  friend class LoopChannels;
  friend class DiskReads;
  friend class base::IntrusiveList<Follower, Followers>;

  enum class State : std::uint8_t {
    starting,  // on_start is still to come
    served,    // takes what comes
    on_disk,   // a worker reads for it, or will
    full,      // waits for resume()
    drained,   // … which has come: policy `drop_oldest` is still to be applied
  };

  FollowerEvents& events_;
  Station* station_ = nullptr;
  channel::Position position_{};
  std::uint64_t live_from_ = 0;  // messages up to here were there when it came: no policy drops them
  // … of one that was full at its start and so has not begun: everything.
  static constexpr std::uint64_t kNotBegun = channel::Position::kMaxOffset;
  State state_ = State::starting;
  channel::Since::Kind since_ = channel::Since::Kind::last;
  std::uint8_t burst_ =
      1;  // messages to read for it alone: grows while it takes them, shrinks when it is full
};

}  // namespace naru::hub
