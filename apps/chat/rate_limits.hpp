// Token buckets by kind and by whom: how often somebody may do something.
//
//   if (auto wait = limits.take(chat::Rate::messages, session, now)) return ack(chat::slow_down(*wait));
//
// From any thread. A bucket that is full again is forgotten by sweep(); at most kMaxBuckets are kept, and
// while there are so many, newcomers have to wait.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace chat {

enum class Rate { messages, typing, rooms, passwords, nicknames, pictures };
inline constexpr std::size_t kRateCount = 6;

struct Allowance {
  double burst;       // so many at once
  double per_second;  // then so many; 0: no limit at all
};

class RateLimits {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::size_t kMaxBuckets = 200'000;

  // `messages_per_second` 0 turns the limit on messages off, for load tests.
  explicit RateLimits(double messages_per_second = 10);

  // Takes one, or says how long until there is one.
  std::optional<std::chrono::milliseconds> take(Rate rate, std::string_view who, Time now);
  // Gives one back: it was taken for something that turned out not to count.
  void give_back(Rate rate, std::string_view who, Time now);
  void sweep(Time now);
  std::size_t size() const;

 private:
  struct Bucket {
    double tokens;
    Time at;
  };
  static std::string key_of(Rate rate, std::string_view who);
  void refill(Bucket& bucket, const Allowance& allowance, Time now) const;
  void sweep_locked(Time now);

  std::array<Allowance, kRateCount> allowances_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;  // guarded by mutex_; the key's first byte is the rate
};

}  // namespace chat
