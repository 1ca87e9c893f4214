// Time as an argument: whoever needs "now" is given a Clock, so that tests move time by hand.
#pragma once

#include <chrono>

namespace naru::base {

using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

// No deadline: later than every time that a clock returns.
inline constexpr TimePoint kNever = TimePoint::max();

class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  // Wall-clock time, for what people read (handshake time, cookies' expiry). Never for order or ids.
  virtual std::chrono::system_clock::time_point wall() const = 0;
};

// The machine's monotonic and wall clocks.
const Clock& system_clock();

}  // namespace naru::base
