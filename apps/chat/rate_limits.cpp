#include "chat/rate_limits.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace chat {
namespace {

constexpr std::chrono::milliseconds kWhenFull{1000};

}  // namespace

RateLimits::RateLimits(double messages_per_second)
    : allowances_{{{40, messages_per_second},  // messages and whispers
                   {5, 2},                     // typing: the page says it every 3 s; more is dropped silently
                   {5, 0.1},                   // rooms made
                   {5, 0.1},                   // wrong passwords
                   {5, 0.2},                   // nickname changes
                   {10, 0.5}}} {}              // pictures

std::string RateLimits::key_of(Rate rate, std::string_view who) {
  std::string key(1, static_cast<char>('a' + static_cast<int>(rate)));
  return key.append(who);
}

void RateLimits::refill(Bucket& bucket, const Allowance& allowance, Time now) const {
  const double seconds = std::chrono::duration<double>(now - bucket.at).count();
  bucket.tokens = std::min(allowance.burst, bucket.tokens + std::max(0.0, seconds) * allowance.per_second);
  bucket.at = now;
}

std::optional<std::chrono::milliseconds> RateLimits::take(Rate rate, std::string_view who, Time now) {
  const Allowance& allowance = allowances_[static_cast<std::size_t>(rate)];
  if (allowance.per_second <= 0) return std::nullopt;
  std::string key = key_of(rate, who);
  std::lock_guard lock(mutex_);
  auto found = buckets_.find(key);
  if (found == buckets_.end()) {
    if (buckets_.size() >= kMaxBuckets) sweep_locked(now);
    if (buckets_.size() >= kMaxBuckets) return kWhenFull;
    found = buckets_.emplace(std::move(key), Bucket{allowance.burst, now}).first;
  }
  Bucket& bucket = found->second;
  refill(bucket, allowance, now);
  if (bucket.tokens < 1) {
    const double seconds = (1 - bucket.tokens) / allowance.per_second;
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1000)));
  }
  bucket.tokens -= 1;
  return std::nullopt;
}

void RateLimits::give_back(Rate rate, std::string_view who, Time now) {
  const Allowance& allowance = allowances_[static_cast<std::size_t>(rate)];
  std::lock_guard lock(mutex_);
  auto found = buckets_.find(key_of(rate, who));
  if (found == buckets_.end()) return;
  refill(found->second, allowance, now);
  found->second.tokens = std::min(allowance.burst, found->second.tokens + 1);
}

void RateLimits::sweep(Time now) {
  std::lock_guard lock(mutex_);
  sweep_locked(now);
}

void RateLimits::sweep_locked(Time now) {
  for (auto entry = buckets_.begin(); entry != buckets_.end();) {
    const Allowance& allowance = allowances_[static_cast<std::size_t>(entry->first.front() - 'a')];
    refill(entry->second, allowance, now);
    entry = entry->second.tokens >= allowance.burst ? buckets_.erase(entry) : std::next(entry);
  }
}

std::size_t RateLimits::size() const {
  std::lock_guard lock(mutex_);
  return buckets_.size();
}

}  // namespace chat
