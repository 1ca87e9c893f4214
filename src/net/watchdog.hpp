// Notices callbacks that hold the loop: every connection of the loop waits while one runs.
//
//   watchdog.begin();
//   call_user();
//   watchdog.check("timer");   // logs when more than the limit has passed since begin() or the last check()
#pragma once

#include <string_view>

#include "base/clock.hpp"
#include "net/loop_metrics.hpp"

namespace naru::net {

class Watchdog {
 public:
  // With the machine's own clock, time is read from its coarse form: 5 ns a callback instead of 25, exact to
  // 4 ms, which is enough for a limit of tens of milliseconds.
  Watchdog(const base::Clock& clock, base::Duration limit, unsigned loop_index,
           Counter& slow_callbacks) noexcept;

  void begin() noexcept { last_ = read(); }
  void check(std::string_view stage) {
    const base::TimePoint now = read();
    if (now - last_ > limit_) [[unlikely]]
      report(stage, now - last_);
    last_ = now;
  }

 private:
  base::TimePoint read() const noexcept;
  [[gnu::cold]] void report(std::string_view stage, base::Duration held);

  const base::Clock& clock_;
  const bool is_coarse_;
  const base::Duration limit_;
  const unsigned loop_index_;
  Counter& slow_callbacks_;
  base::TimePoint last_{};
};

}  // namespace naru::net
