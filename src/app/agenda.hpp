// What is to be done later, once or again and again: a timer of the loop's wheel for each.
//
//   agenda.add(now + 5s, base::Duration::zero(), work);   // once
//   agenda.add(now + 1s, 1s, work);                       // every second, however late each one is
//
// One loop. O(1) for each. Work may add more, and may destroy the agenda's owner only later.
#pragma once

#include <list>
#include <memory>

#include "base/clock.hpp"
#include "naru/function.hpp"
#include "net/timer_wheel.hpp"

namespace naru::app {

class Agenda {
 public:
  using Work = Function<void()>;
  explicit Agenda(net::TimerWheel& wheel);
  ~Agenda();

  // `interval` zero: once. Work must not throw.
  void add(base::TimePoint due, base::Duration interval, Work work);
  // What is still to be done is not.
  void clear();
  std::size_t size() const noexcept { return items_.size(); }

 private:
  class Item;
  void due(Item& item);

  net::TimerWheel& wheel_;
  std::list<std::unique_ptr<Item>> items_;
};

}  // namespace naru::app
