// When a session pings, and when a missing pong means that the peer is gone (Engine.IO v4: the server pings).
//
// While the session is paused by its owner the peer's pongs are not read, yet it still wants pings: they go
// on at the ping interval, and no time-out runs. Plain data; time is an argument.
//
//   heartbeat.start(options, now);
//   if (heartbeat.tick(options, now) == Heartbeat::Due::ping) send(ping);
#pragma once

#include "base/clock.hpp"
#include "engineio/options.hpp"

namespace naru::engineio {

class Heartbeat {
 public:
  enum class Due : unsigned char {
    nothing,
    ping,
    repeated_ping,  // paused, the last one is not answered: to be sent only when the transport takes it at
                    // once
    timeout,
  };

  void start(const SessionOptions& options, base::TimePoint now) noexcept {
    pinged_ = now;
    take_pong(options, now);
  }
  void stop() noexcept { at_ = base::kNever; }
  // Any pong counts, also one that nobody asked for: the next interval begins.
  void take_pong(const SessionOptions& options, base::TimePoint now) noexcept;
  // After `ping` or `repeated_ping` the heartbeat takes it as sent.
  Due tick(const SessionOptions& options, base::TimePoint now) noexcept;

  void pause(const SessionOptions& options) noexcept;
  // A ping that is not answered gets a whole time-out more.
  void resume(const SessionOptions& options, base::TimePoint now) noexcept;
  bool is_paused() const noexcept { return is_paused_; }

  base::TimePoint deadline() const noexcept { return at_; }
  // What was sent before this time has arrived: transports keep the order, and a later ping was answered.
  base::TimePoint confirmed() const noexcept { return confirmed_; }

 private:
  base::TimePoint at_ = base::kNever;  // the next ping, or the end of waiting for its pong
  base::TimePoint pinged_{};           // the first ping that is not answered, or the last one
  base::TimePoint confirmed_{};
  bool is_waiting_ = false;  // for a pong
  bool is_paused_ = false;
};

}  // namespace naru::engineio
