#include "serve/goodbye_pace.hpp"

#include <algorithm>

namespace naru::serve {

GoodbyePace::GoodbyePace(std::size_t total, base::TimePoint start, base::Duration at_most) noexcept
    : total_(total), start_(start) {
  if (total <= kAtOnce) return;
  const std::chrono::duration<double> steady(static_cast<double>(total - kAtOnce) / kPerSecond);
  over_ = std::min(std::chrono::duration_cast<base::Duration>(steady), at_most);
}

std::size_t GoodbyePace::due(base::TimePoint now) const noexcept {
  if (now - start_ >= over_) return total_;
  const double part = std::chrono::duration<double>(now - start_) / std::chrono::duration<double>(over_);
  return kAtOnce + static_cast<std::size_t>(static_cast<double>(total_ - kAtOnce) * part);
}

}  // namespace naru::serve
