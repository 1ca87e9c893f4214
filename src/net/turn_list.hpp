// Items that want to be visited once in a turn, each at most once however often it asks.
//
// An item keeps its place (a number) itself, so that adding and removing are O(1) without a node per item.
// What is added while the list is visited waits for the next visit: nobody can hold a turn for ever. One
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace naru::net {

// `place`: a member of Item that is 0 while it is in no list.
template <class Item, std::uint32_t Item::*place>
class TurnList {
 public:
  void add(Item& item) {
    if (item.*place != 0) return;
    waiting_.push_back(&item);
    item.*place = static_cast<std::uint32_t>(waiting_.size());
  }

  void remove(Item& item) noexcept {
    if (item.*place == 0) return;
    const std::size_t index = std::exchange(item.*place, 0U) - 1;
    auto& list = index < waiting_.size() && waiting_[index] == &item ? waiting_ : visited_;
    list[index] = nullptr;
  }

  bool empty() const noexcept { return waiting_.empty(); }

  template <class Visit>
  void visit_all(Visit visit) {
    visited_.swap(waiting_);
    for (std::size_t i = 0; i < visited_.size(); ++i) {
      Item* const item = visited_[i];
      if (item == nullptr) continue;
      item->*place = 0;
      visited_[i] = nullptr;
      visit(*item);
    }
    visited_.clear();
  }

 private:
  std::vector<Item*> waiting_;
  std::vector<Item*> visited_;
};

}  // namespace naru::net
