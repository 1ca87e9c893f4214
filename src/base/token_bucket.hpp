// How often something may happen: a bucket that fills at a steady rate and is emptied by each event. Time is
// an argument, in the order in which it passes. Plain data: not thread-safe.
//
//   TokenBucket bucket({.per_second = 5, .burst = 20});
//   if (!bucket.take(now)) refuse();
#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.hpp"

namespace naru::base {

struct TokenRate {
  double per_second = 1;
  double burst = 1;  // how many may happen at once after a silence; the bucket starts full
};

class TokenBucket {
 public:
  TokenBucket() = default;
  explicit TokenBucket(TokenRate rate) : rate_(rate), tokens_(rate.burst) {}

  // Takes `count` tokens if so many are there; otherwise takes none and returns false.
  bool take(TimePoint now, double count = 1) {
    fill(now);
    if (tokens_ < count) return false;
    tokens_ -= count;
    return true;
  }

  // Takes them whether or not they are there: what is missing is owed, and ready_at() tells when it is paid.
  void spend(TimePoint now, double count = 1) {
    fill(now);
    tokens_ -= count;
  }

  // When `count` tokens will be there (now, if they are; kNever if the bucket cannot hold so many).
  TimePoint ready_at(TimePoint now, double count = 1) {
    fill(now);
    if (tokens_ >= count) return now;
    if (count > rate_.burst || rate_.per_second <= 0) return kNever;
    const std::chrono::duration<double> wait((count - tokens_) / rate_.per_second);
    return now + std::chrono::ceil<std::chrono::microseconds>(wait);
  }

  // Nothing was taken for long enough: the bucket remembers nothing and may be forgotten.
  bool is_full(TimePoint now) const { return tokens_at(now) >= rate_.burst; }

 private:
  double tokens_at(TimePoint now) const {
    if (now <= filled_at_) return tokens_;
    const std::chrono::duration<double> passed = now - filled_at_;
    return std::min(rate_.burst, tokens_ + passed.count() * rate_.per_second);
  }
  void fill(TimePoint now) {
    tokens_ = tokens_at(now);
    filled_at_ = std::max(filled_at_, now);
  }

  TokenRate rate_;
  double tokens_ = 1;
  TimePoint filled_at_{};
};

}  // namespace naru::base
