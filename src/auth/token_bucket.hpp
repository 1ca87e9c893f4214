// Rates per somebody: one token bucket for each key (an address, a user), in bounded memory.
//
//   TokenBuckets joins({.per_second = 1, .burst = 10});
//   if (!joins.take(address, now)) return 429;
//
// A key whose bucket is full again is forgotten. When more keys than kMaxKeys are busy at once, new ones
// share one bucket: a flood from many addresses slows newcomers, it does not fill memory. Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/text_map.hpp"
#include "base/token_bucket.hpp"

namespace naru::auth {

using base::TokenBucket;
using base::TokenRate;

class TokenBuckets {
 public:
  // About 10 MB with all of them busy and keys of the greatest size.
  static constexpr std::size_t kMaxKeys = 65536;
  // Longer keys are cut: an address has 45 characters at most.
  static constexpr std::size_t kMaxKey = 64;

  explicit TokenBuckets(TokenRate rate, std::size_t max_keys = kMaxKeys)
      : rate_(rate), max_keys_(max_keys), shared_(rate) {}

  bool take(std::string_view key, base::TimePoint now, double count = 1);
  std::size_t size() const noexcept { return buckets_.size(); }

 private:
  TokenBucket* bucket_of(std::string_view key, base::TimePoint now);
  void forget_full(base::TimePoint now);

  const TokenRate rate_;
  const std::size_t max_keys_;
  TokenBucket shared_;
  base::TimePoint forgotten_at_{};
  base::TextMap<TokenBucket> buckets_;
};

}  // namespace naru::auth
