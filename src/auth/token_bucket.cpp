#include "auth/token_bucket.hpp"

namespace naru::auth {

bool TokenBuckets::take(std::string_view key, base::TimePoint now, double count) {
  TokenBucket* bucket = bucket_of(key.substr(0, kMaxKey), now);
  return (bucket == nullptr ? shared_ : *bucket).take(now, count);
}

TokenBucket* TokenBuckets::bucket_of(std::string_view key, base::TimePoint now) {
  if (auto found = buckets_.find(key); found != buckets_.end()) return &found->second;
  if (buckets_.size() >= max_keys_) forget_full(now);
  if (buckets_.size() >= max_keys_) return nullptr;
  return &buckets_.emplace(key, TokenBucket(rate_)).first->second;
}

void TokenBuckets::forget_full(base::TimePoint now) {
  // The whole table is walked: not more often than once a second, or a flood would make every call slow.
  constexpr auto kPause = std::chrono::seconds(1);
  if (forgotten_at_ != base::TimePoint{} && now - forgotten_at_ < kPause) return;
  forgotten_at_ = now;
  std::erase_if(buckets_, [now](auto& entry) { return entry.second.is_full(now); });
}

}  // namespace naru::auth
