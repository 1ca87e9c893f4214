#include "serve/publish_rates.hpp"

#include <algorithm>

#include "serve/census.hpp"

namespace naru::serve {

PublishRates::PublishRates(std::size_t per_second)
    : rate_{.per_second = static_cast<double>(per_second), .burst = static_cast<double>(per_second)},
      others_(rate_) {}

std::optional<base::Duration> PublishRates::take(const std::string& address, std::size_t messages,
                                                 base::TimePoint now) {
  std::lock_guard lock(mutex_);
  base::TokenBucket& bucket = bucket_of(Census::key_of(address), now);
  const base::TimePoint ready = bucket.ready_at(now);
  if (ready > now) return ready - now;
  const auto all = static_cast<double>(messages);
  // What is shared is never owed for longer than a second: one batch would shut the door to all others.
  bucket.spend(now, &bucket == &others_ ? std::min(all, rate_.burst) : all);
  return std::nullopt;
}

base::TokenBucket& PublishRates::bucket_of(const std::string& key, base::TimePoint now) {
  constexpr base::Duration kSweepEvery = std::chrono::seconds(1);
  if (now - swept_at_ >= kSweepEvery) {
    swept_at_ = now;
    std::erase_if(buckets_, [now](const auto& entry) { return entry.second.is_full(now); });
  }
  const auto found = buckets_.find(key);
  if (found != buckets_.end()) return found->second;
  if (buckets_.size() >= kMaxAddresses) return others_;
  return buckets_.emplace(key, base::TokenBucket(rate_)).first->second;
}

std::size_t PublishRates::address_count() const {
  std::lock_guard lock(mutex_);
  return buckets_.size();
}

}  // namespace naru::serve
