#include "base/log_limiter.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace naru::base {
namespace {

std::string suppressed_line(std::uint64_t count) {
  return std::to_string(count) + " more suppressed";
}

}  // namespace

void LogLimiter::log(Level level, std::string_view component, std::string_view message) {
  if (!is_logged(level)) return;
  std::uint64_t suppressed = 0;
  {
    const std::lock_guard lock(mutex_);
    Budget& budget = budget_of(component);
    // The line about the suppressed ones costs a token too.
    if (!budget.bucket.take(clock_.now(), budget.suppressed > 0 ? std::min(2.0, limits_.burst) : 1)) {
      ++budget.suppressed;
      return;
    }
    suppressed = std::exchange(budget.suppressed, 0);
  }
  if (suppressed > 0) naru::log(Level::warning, component, suppressed_line(suppressed));
  naru::log(level, component, message);
}

void LogLimiter::flush() {
  std::vector<std::pair<std::string, std::uint64_t>> owed;
  {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < count_; ++i) {
      const std::uint64_t suppressed = std::exchange(budgets_[i].suppressed, 0);
      if (suppressed > 0) owed.emplace_back(budgets_[i].component, suppressed);
    }
  }
  for (const auto& [component, suppressed] : owed) {
    naru::log(Level::warning, component, suppressed_line(suppressed));
  }
}

LogLimiter::Budget& LogLimiter::budget_of(std::string_view component) {
  for (std::size_t i = 0; i < count_; ++i) {
    if (budgets_[i].component == component) return budgets_[i];
  }
  if (count_ == kMaxComponents) return budgets_[kMaxComponents - 1];
  Budget& budget = budgets_[count_++];
  budget.component = count_ == kMaxComponents ? "others" : component;
  budget.bucket = TokenBucket({limits_.lines_per_second, limits_.burst});
  return budget;
}

}  // namespace naru::base
