#include "engineio/heartbeat.hpp"

namespace naru::engineio {

void Heartbeat::take_pong(const SessionOptions& options, base::TimePoint now) noexcept {
  is_waiting_ = false;
  confirmed_ = pinged_;
  at_ = now + options.ping_interval;
}

Heartbeat::Due Heartbeat::tick(const SessionOptions& options, base::TimePoint now) noexcept {
  if (now < at_) return Due::nothing;
  const bool is_repeated = is_waiting_;
  if (is_repeated && !is_paused_) return Due::timeout;
  if (!is_repeated) pinged_ = now;
  is_waiting_ = true;
  at_ = now + (is_paused_ ? options.ping_interval : options.ping_timeout);
  return is_repeated ? Due::repeated_ping : Due::ping;
}

void Heartbeat::pause(const SessionOptions& options) noexcept {
  is_paused_ = true;
  if (is_waiting_ && at_ != base::kNever) at_ = at_ - options.ping_timeout + options.ping_interval;
}

void Heartbeat::resume(const SessionOptions& options, base::TimePoint now) noexcept {
  is_paused_ = false;
  if (is_waiting_ && at_ != base::kNever) at_ = now + options.ping_timeout;
}

}  // namespace naru::engineio
