// What is to be done later, once or again and again: a timer of the loop's wheel for each.
//
//   agenda.add(now + 5s, base::Duration::zero(), work);   // once
//   agenda.add(now + 1s, 1s, work);                       // every second, however late each one is
//
// One loop. O(1) for each. Work may add more, cancel and clear; the agenda itself outlives the work that
// runs.
#pragma once

#include <cstdint>
#include <list>
#include <memory>

#include "base/clock.hpp"
#include "naru/function.hpp"
#include "net/timer_wheel.hpp"

namespace naru::app {

// What was meant as "never" must not overflow the clock.
inline constexpr std::chrono::milliseconds kLongestDelay = std::chrono::hours(24 * 365 * 100);
// Less than a millisecond of rest would leave the loop no time for anything else.
inline constexpr std::chrono::milliseconds kShortestInterval{1};

class Agenda {
 public:
  using Work = Function<void()>;
  using Id = std::uint64_t;  // never 0
  explicit Agenda(net::TimerWheel& wheel);
  ~Agenda();

  // `interval` zero: once. Work must not throw.
  Id add(base::TimePoint due, base::Duration interval, Work work);
  // False: there is nothing left of it to be done. O(n).
  bool cancel(Id id);
  // What is still to be done is not.
  void clear();
  std::size_t size() const noexcept { return items_.size(); }

 private:
  class Item;
  using Items = std::list<std::unique_ptr<Item>>;
  void due(Item& item);
  void keep(std::unique_ptr<Item> item);

  net::TimerWheel& wheel_;
  Items items_;
  const Item* running_ = nullptr;  // its work is on the stack and will come again; in no list meanwhile
  Id last_id_ = 0;
};

}  // namespace naru::app
