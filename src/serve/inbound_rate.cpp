#include "serve/inbound_rate.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace naru::serve {
namespace {

base::TokenBucket bucket_of(std::size_t per_second) {
  const double rate = per_second == 0 ? std::numeric_limits<double>::max() : static_cast<double>(per_second);
  return base::TokenBucket({.per_second = rate, .burst = rate});
}

}  // namespace

InboundRate::InboundRate(const InboundLimits& limits)
    : messages_(bucket_of(limits.messages_per_second)), bytes_(bucket_of(limits.bytes_per_second)) {}

InboundRate::Pause InboundRate::take(std::size_t bytes, base::TimePoint now) {
  if (messages_.is_full(now) && bytes_.is_full(now)) is_over_ = false;
  messages_.spend(now);
  bytes_.spend(now, static_cast<double>(bytes));
  const base::TimePoint until = std::max(messages_.ready_at(now), bytes_.ready_at(now));
  if (until <= now) return {now};
  return {until, !std::exchange(is_over_, true)};
}

}  // namespace naru::serve
