// The newest events of one namespace, numbered without holes, bounded by bytes and by age.
//
//   RecoveryLog log({.bytes = 32 << 20, .age = 3min});
//   std::uint64_t number = log.append(event, now, dropped);
//   if (!log.has_all_after(seen)) ...                          // some of what came after `seen` has gone
//   std::size_t count = log.read(seen, refs);                  // the next ones, oldest first
//
// Plain data for one thread at a time; time is an argument. What falls out goes into `dropped`, so that its
// owner can let go of it outside its lock. Numbers count from 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "adapter/logged_event.hpp"
#include "base/clock.hpp"

namespace naru::adapter {

struct RecoveryLogLimits {
  std::size_t bytes = std::size_t{32} << 20;  // two minutes of 500 events a second
  base::Duration age = std::chrono::minutes(3);
};

class RecoveryLog {
 public:
  using Dropped = std::vector<LoggedEventRef>;

  explicit RecoveryLog(RecoveryLogLimits limits) : limits_(limits) {}

  // Numbers the event and keeps it. One that alone is over the limit is numbered, and dropped at once.
  std::uint64_t append(std::shared_ptr<LoggedEvent> event, base::TimePoint now, Dropped& dropped);
  // Drops what is too old now.
  void expire(base::TimePoint now, Dropped& dropped);
  // When the oldest is too old; kNever when there is none.
  base::TimePoint deadline() const noexcept;

  // The newest number; 0 when there has been none.
  std::uint64_t end() const noexcept { return end_; }
  std::size_t size() const noexcept { return events_.size(); }
  std::size_t bytes() const noexcept { return bytes_; }

  bool has_all_after(std::uint64_t number) const noexcept { return number >= lost_through(); }
  // The newest number that has fallen out, and when that event was sent.
  std::uint64_t lost_through() const noexcept { return end_ - events_.size(); }
  base::TimePoint lost_at() const noexcept { return lost_at_; }

  // As many of the events after `number` as fit, oldest first. REQUIRES: has_all_after(number)
  std::size_t read(std::uint64_t number, std::span<LoggedEventRef> out) const;

 private:
  void drop_oldest(Dropped& dropped);

  const RecoveryLogLimits limits_;
  std::deque<LoggedEventRef> events_;  // the last has the number end_
  std::uint64_t end_ = 0;
  std::size_t bytes_ = 0;
  base::TimePoint lost_at_{};
};

}  // namespace naru::adapter
