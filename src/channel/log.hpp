// A numbered log as plain data: the newest messages of one channel in memory, bounded by count, bytes and age
// at once.
//
// Appending reserves a number; the message is seen only when it is committed (design, idea 6):
//
//   Log log(epoch, limits);
//   Log::Appended at = log.append(std::move(message), "client-7/41", clock.now(), clock.wall());
//   log.commit_through(at.publication->position.offset);   // or fail_from(...): the numbers are given again
//   PublicationRef page[Log::kMaxRead];
//   std::size_t count = log.read_forward(reader.offset, page);
//
// Not thread-safe, no I/O, knows nobody who follows. References returned stay valid as long as they are held.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string_view>

#include "base/clock.hpp"
#include "channel/key_table.hpp"
#include "channel/message.hpp"
#include "channel/position.hpp"
#include "channel/recovery.hpp"

namespace naru::channel {

// How much is kept: whichever limit is reached first drops the oldest.
struct LogLimits {
  std::size_t count = 1000;                          // what a reader scrolls back in practice
  std::size_t bytes = std::size_t{1} << 20;          // so that a thousand busy logs stay near 1 GiB
  base::Duration age = base::Duration::max();        // no limit: a quiet room keeps its last lines
  std::size_t keys = 10'000;                         // idempotency keys in memory: about 2 MB at most
  base::Duration key_age = std::chrono::minutes(5);  // a client that was offline may retry this long

  friend bool operator==(const LogLimits&, const LogLimits&) = default;
};

class Log {
 public:
  // The most that is copied out while the owner's lock is held (design, section 3).
  static constexpr std::size_t kMaxRead = 64;

  // Goes on after `end`: the offset of the last message that this log ever had.
  Log(const Epoch& epoch, const LogLimits& limits, std::uint64_t end = 0);

  struct Appended {
    std::uint64_t offset = 0;
    bool repeated = false;  // the key was seen before: `offset` is the first one's, nothing was appended
    PublicationRef publication{};  // null when repeated
  };
  // Numbers the message and keeps it, unseen until commit_through(). An empty key means none.
  Appended append(Message message, std::string_view idempotency_key, base::TimePoint now,
                  std::chrono::system_clock::time_point wall);

  // Everything up to `offset` is stored: it can be read now.
  void commit_through(std::uint64_t offset, base::TimePoint now);
  // Everything from `offset` on was not stored: forgotten with its keys; the next append gets `offset` again.
  // REQUIRES: offset > bounds().end
  void fail_from(std::uint64_t offset);

  // Brings back what a store has kept, oldest first, at once visible. REQUIRES: offsets without holes,
  // nothing pending; the first may be any offset while the log is empty.
  void restore(PublicationRef publication);
  void restore_key(std::string_view key, std::uint64_t offset, base::TimePoint at) {
    keys_.add(key, offset, at);
  }

  // Drops what is over the limits now.
  void expire(base::TimePoint now);

  // Visible messages after (before) `offset`, oldest first in both; as many as fit into `out`, kMaxRead at
  // most. Forward gives those nearest after; backward those nearest before.
  std::size_t read_forward(std::uint64_t after, std::span<PublicationRef> out) const;
  std::size_t read_backward(std::uint64_t before, std::span<PublicationRef> out) const;

  const KeyTable& keys() const noexcept { return keys_; }

  const Epoch& epoch() const noexcept { return epoch_; }
  Bounds bounds() const noexcept { return {first_, visible_end_}; }
  Position position() const noexcept { return {epoch_, visible_end_}; }
  Recovery resume(const Position& since) const noexcept { return channel::resume(epoch_, bounds(), since); }
  // The last offset given, committed or not.
  std::uint64_t reserved_end() const noexcept { return first_ + ring_.size() - 1; }
  bool has_pending() const noexcept { return reserved_end() > visible_end_; }
  // Bytes that all of it costs, pending messages and keys too.
  std::size_t memory() const noexcept { return visible_bytes_ + pending_bytes_ + keys_.memory(); }
  const LogLimits& limits() const noexcept { return limits_; }

 private:
  std::size_t visible_count() const noexcept { return static_cast<std::size_t>(visible_end_ - first_ + 1); }
  bool is_over_limits(base::TimePoint now) const;

  Epoch epoch_;
  LogLimits limits_;
  std::deque<PublicationRef> ring_;  // offsets first_, first_+1, … without holes
  std::uint64_t first_;
  std::uint64_t visible_end_;  // invariant: first_ - 1 <= visible_end_ <= reserved_end()
  std::size_t visible_bytes_ = 0;
  std::size_t pending_bytes_ = 0;
  KeyTable keys_;
};

}  // namespace naru::channel
