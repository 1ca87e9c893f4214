// A clock that moves only when a test says so.
#pragma once

#include "base/clock.hpp"

namespace naru::test {

class FakeClock : public base::Clock {
 public:
  base::TimePoint now() const override { return now_; }
  std::chrono::system_clock::time_point wall() const override { return wall_; }
  void advance(base::Duration by) {
    now_ += by;
    wall_ += std::chrono::duration_cast<std::chrono::system_clock::duration>(by);
  }

 private:
  base::TimePoint now_{std::chrono::hours(1)};
  std::chrono::system_clock::time_point wall_{std::chrono::seconds(1'700'000'000)};
};

}  // namespace naru::test
