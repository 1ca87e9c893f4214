// How a loop's goodbyes are spread when the server stops: so many at once, the rest evenly, so that those who
// were told do not all come back, to another server, in one moment. Plain data; time is an argument.
//
//   GoodbyePace pace(leaving.size(), now, patience);
//   while (told < pace.due(now)) tell_next();          // and again after kTick
#pragma once

#include <cstddef>

#include "base/clock.hpp"

namespace naru::serve {

class GoodbyePace {
 public:
  // Fewer than this are told at once: a small server stops without delay.
  static constexpr std::size_t kAtOnce = 500;
  // What a server next door accepts, with its TLS and its handshakes, without falling behind.
  static constexpr std::size_t kPerSecond = 5'000;
  static constexpr base::Duration kTick = std::chrono::milliseconds(10);

  // `at_most`: however many there are, all are told by then.
  GoodbyePace(std::size_t total, base::TimePoint start, base::Duration at_most) noexcept;

  // How many must have been told.
  std::size_t due(base::TimePoint now) const noexcept;

 private:
  std::size_t total_;
  base::TimePoint start_;
  base::Duration over_{};
};

}  // namespace naru::serve
