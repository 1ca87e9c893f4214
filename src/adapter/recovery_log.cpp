#include "adapter/recovery_log.hpp"

#include <algorithm>
#include <cassert>

namespace naru::adapter {

std::uint64_t RecoveryLog::append(std::shared_ptr<LoggedEvent> event, base::TimePoint now, Dropped& dropped) {
  event->number(++end_, now);
  bytes_ += event->cost();
  events_.push_back(std::move(event));
  while (bytes_ > limits_.bytes)
    drop_oldest(dropped);
  expire(now, dropped);
  return end_;
}

void RecoveryLog::expire(base::TimePoint now, Dropped& dropped) {
  while (deadline() <= now)
    drop_oldest(dropped);
}

base::TimePoint RecoveryLog::deadline() const noexcept {
  return events_.empty() ? base::kNever : events_.front()->at() + limits_.age;
}

void RecoveryLog::drop_oldest(Dropped& dropped) {
  bytes_ -= events_.front()->cost();
  lost_at_ = events_.front()->at();
  dropped.push_back(std::move(events_.front()));
  events_.pop_front();
}

std::size_t RecoveryLog::read(std::uint64_t number, std::span<LoggedEventRef> out) const {
  assert(has_all_after(number) && number <= end_);
  const std::size_t first = number - lost_through();
  const std::size_t count = std::min(out.size(), events_.size() - first);
  std::copy_n(events_.begin() + static_cast<std::ptrdiff_t>(first), count, out.begin());
  return count;
}

}  // namespace naru::adapter
