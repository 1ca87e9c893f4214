// One event in a namespace's log: to whom it went, and its bytes, which name its own place in the log.
//
// The number is given under the log's lock, so the bytes can only be made after that: by the first loop that
// has a receiver, once, without the lock. What was to be encoded goes as soon as it has been.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "adapter/adapter.hpp"
#include "base/clock.hpp"
#include "naru/function.hpp"

namespace naru::adapter {

// An event that is to be sent with its position. `encode` runs once at most, on any loop.
struct Event {
  Function<hub::SharedParcel(std::string_view position)> encode;
  std::size_t bytes = 0;        // what it keeps, before and after it is encoded
  bool is_volatile = false;     // carries the current position and is not kept
  bool runs_user_code = false;  // delivering it does: its parcel has a note
};

using RoomSet = std::unordered_set<hub::RoomKey, hub::RoomKeyHash>;

class LoggedEvent {
 public:
  // What an event costs beside its bytes and its rooms' names: this object, its frame's and its places in
  // queues.
  static constexpr std::size_t kCost = 512;

  LoggedEvent(Event event, Selection selection);
  LoggedEvent(const LoggedEvent&) = delete;
  LoggedEvent& operator=(const LoggedEvent&) = delete;

  // Before it is shared: its place in the log.
  void number(std::uint64_t number, base::TimePoint now) noexcept { number_ = number, at_ = now; }
  std::uint64_t number() const noexcept { return number_; }
  base::TimePoint at() const noexcept { return at_; }
  bool is_volatile() const noexcept { return is_volatile_; }
  bool runs_user_code() const noexcept { return runs_user_code_; }
  const Selection& selection() const noexcept { return selection_; }
  std::size_t bytes() const noexcept { return bytes_; }  // of its arguments
  std::size_t cost() const noexcept { return cost_; }    // of keeping it

  // Whether a socket in these rooms, its own id among them, is meant.
  bool is_for(const RoomSet& rooms) const;
  // Any thread; encodes at the first call.
  const hub::SharedParcel& parcel(std::string_view epoch) const;

 private:
  const Selection selection_;
  const std::size_t bytes_;
  const std::size_t cost_;
  const bool is_volatile_;
  const bool runs_user_code_;
  std::uint64_t number_ = 0;
  base::TimePoint at_{};
  mutable std::once_flag once_;
  mutable Function<hub::SharedParcel(std::string_view position)> encode_;  // until it has run
  mutable hub::SharedParcel parcel_;
};

using LoggedEventRef = std::shared_ptr<const LoggedEvent>;

}  // namespace naru::adapter
