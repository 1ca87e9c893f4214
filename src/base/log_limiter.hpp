// Keeps what a peer can make us write bounded: at most so many lines a second for each component, then one
// line that says how many were suppressed.
//
//   LogLimiter limiter(system_clock());
//   limiter.log(Level::warning, "origin", "refused " + origin);   // as often as one likes
//
// Thread-safe. Components beyond kMaxComponents share one budget.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/token_bucket.hpp"
#include "naru/log.hpp"

namespace naru::base {

struct LogLimits {
  // A person can read about this much as it scrolls by; a disk is not filled by it (about 4 GB a month).
  double lines_per_second = 10;
  // A restart that refuses many at once still shows its causes.
  double burst = 50;
};

class LogLimiter {
 public:
  // Components are names in our source; this many is far more than there are.
  static constexpr std::size_t kMaxComponents = 32;

  // The clock must outlive the limiter.
  explicit LogLimiter(const Clock& clock, LogLimits limits = {}) : clock_(clock), limits_(limits) {}
  LogLimiter(const LogLimiter&) = delete;
  LogLimiter& operator=(const LogLimiter&) = delete;

  void log(Level level, std::string_view component, std::string_view message);
  // Writes the counts that are still owed, for a timer and for the end: a burst followed by silence is told
  // too.
  void flush();

 private:
  struct Budget {
    std::string component;
    TokenBucket bucket;
    std::uint64_t suppressed = 0;
  };
  Budget& budget_of(std::string_view component);

  const Clock& clock_;
  const LogLimits limits_;
  std::mutex mutex_;
  std::size_t count_ = 0;
  std::array<Budget, kMaxComponents> budgets_;
};

}  // namespace naru::base
