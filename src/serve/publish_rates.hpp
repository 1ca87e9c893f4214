// How much each address has published lately through one feed's POSTs: a second's worth at once, then a
// steady rate.
//
//   PublishRates rates(10);
//   if (auto wait = rates.take(address, messages, now)) answer(429, *wait);
//
// An IPv6 network of 64 bits is one address (Census). One that has paid is forgotten; beyond kMaxAddresses
// the rest share one rate, of which a batch takes a second's worth at most. Any thread.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/token_bucket.hpp"

namespace naru::serve {

class PublishRates {
 public:
  // Publishers within a second or so; at about 100 bytes each.
  static constexpr std::size_t kMaxAddresses = 100'000;

  explicit PublishRates(std::size_t per_second);

  // Takes so many messages; or says how long to wait. A batch is taken whole and its rest is owed.
  std::optional<base::Duration> take(const std::string& address, std::size_t messages, base::TimePoint now);
  std::size_t address_count() const;

 private:
  base::TokenBucket& bucket_of(const std::string& key, base::TimePoint now);

  const base::TokenRate rate_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, base::TokenBucket> buckets_;  // guarded by mutex_
  base::TokenBucket others_;                                    // guarded by mutex_
  base::TimePoint swept_at_{};                                  // guarded by mutex_
};

}  // namespace naru::serve
