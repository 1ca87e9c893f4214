// Names, at most so many: adding one more forgets the oldest.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_set>
#include <utility>

namespace chat {

class BoundedSet {
 public:
  explicit BoundedSet(std::size_t most) : most_(most) {}

  bool contains(const std::string& name) const { return names_.contains(name); }
  void add(std::string name) {
    if (!names_.insert(name).second) return;
    order_.push_back(std::move(name));
    if (order_.size() <= most_) return;
    names_.erase(order_.front());
    order_.pop_front();
  }
  std::size_t size() const { return names_.size(); }

 private:
  std::size_t most_;
  std::unordered_set<std::string> names_;
  std::deque<std::string> order_;
};

}  // namespace chat
