// What waits for one loop, in the order in which it shall be done there: events by reference, other work as
// closures. The log's owner locks it; see Recovering.
//
// Bounded by the bytes of its events, as a loop's inbox is: a loop that stands still must not keep them all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "adapter/logged_event.hpp"
#include "naru/function.hpp"

namespace naru::adapter {

struct LaneItem {
  LoggedEventRef event{};      // or
  Function<void()> work = {};  // this
  std::size_t cost = 0;
};

class Lane {
 public:
  // What an item costs beside its bytes: bounds the number of small ones too.
  static constexpr std::size_t kItemCost = 64;

  bool has_room(std::size_t bytes, std::size_t limit) const noexcept {
    return bytes + kItemCost <= limit && bytes_ <= limit - bytes - kItemCost;
  }
  void push(LoggedEventRef event) {
    const std::size_t cost = event->cost() + kItemCost;
    add({.event = std::move(event), .cost = cost});
  }
  void push(Function<void()> work, std::size_t bytes) {
    add({.work = std::move(work), .cost = bytes + kItemCost});
  }
  bool empty() const noexcept { return items_.empty(); }
  // Everything that waits, for one run; its bytes count until it is done with.
  std::vector<LaneItem> take() { return running_bytes_ = bytes_, std::exchange(items_, {}); }
  void done() noexcept { bytes_ -= std::exchange(running_bytes_, 0); }

  std::uint64_t offered_through = 0;  // all events up to this number have been delivered on this loop
  std::uint64_t gap_at = 0;           // the last event that was refused: the loop lagged too far behind
  bool is_woken = false;              // a post is on its way that will run it

 private:
  void add(LaneItem item) {
    bytes_ += item.cost;
    items_.push_back(std::move(item));
  }

  std::vector<LaneItem> items_;
  std::size_t bytes_ = 0;
  std::size_t running_bytes_ = 0;
};

}  // namespace naru::adapter
