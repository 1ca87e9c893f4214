#include "net/watchdog.hpp"

#include <time.h>

#include <chrono>
#include <string>

#include "naru/log.hpp"

namespace naru::net {

Watchdog::Watchdog(const base::Clock& clock, base::Duration limit, unsigned loop_index,
                   Counter& slow_callbacks) noexcept
    : clock_(clock),
      is_coarse_(&clock == &base::system_clock()),
      limit_(limit),
      loop_index_(loop_index),
      slow_callbacks_(slow_callbacks) {}

base::TimePoint Watchdog::read() const noexcept {
  if (!is_coarse_) return clock_.now();
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return base::TimePoint(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

// Needs no limiter: more than one line for each `limit_` of time is not possible.
void Watchdog::report(std::string_view stage, base::Duration held) {
  slow_callbacks_.add();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(held).count();
  log(Level::warning, "loop",
      "a callback (" + std::string(stage) + ") held loop " + std::to_string(loop_index_) + " for " +
          std::to_string(milliseconds) + " ms; move such work to a worker thread");
}

}  // namespace naru::net
