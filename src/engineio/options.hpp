// The words that the Engine.IO room shares: transports, why a session ended, and a server's settings.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "naru/options.hpp"

namespace naru::engineio {

enum class Transport : unsigned char { polling, websocket };

constexpr std::string_view to_text(Transport transport) noexcept {
  return transport == Transport::polling ? "polling" : "websocket";
}

// Why a session ended, with the reference's texts.
enum class CloseReason : unsigned char {
  transport_close,
  transport_error,
  ping_timeout,
  parse_error,
  forced_close
};

constexpr std::string_view to_text(CloseReason reason) noexcept {
  switch (reason) {
    case CloseReason::transport_close:
      return "transport close";
    case CloseReason::transport_error:
      return "transport error";
    case CloseReason::ping_timeout:
      return "ping timeout";
    case CloseReason::parse_error:
      return "parse error";
    case CloseReason::forced_close:
      return "forced close";
  }
  return "forced close";
}

// The defaults are the reference's. One object per server; it must outlive its sessions.
struct SessionOptions {
  base::Duration ping_interval = std::chrono::seconds(25);  // from open or the last pong to the next ping
  base::Duration ping_timeout = std::chrono::seconds(20);   // from a ping to its pong, at most
  base::Duration upgrade_timeout =
      std::chrono::seconds(10);  // from a candidate WebSocket to its "5", at most
  base::Duration close_timeout =
      std::chrono::seconds(30);         // a closing session waits so long for the next GET
  std::size_t max_payload = 1'000'000;  // bytes of one POST body, one WebSocket message, one polling answer
  bool allow_upgrades = true;
  // A message that comes while so much waits for the peer is refused; one that was taken may be of any size,
  // so no more than this and one message is ever held. On polling the packets' own memory counts.
  std::size_t max_queued = std::size_t{8} << 20;
  WhenFull when_full = WhenFull::close;
  base::Duration slow_grace = std::chrono::seconds(10);  // see Session::end_slow_reader
  std::string initial_packet = {};  // a message that follows the open packet at once; empty: none
};

// What the peer, the log and the owner are told of a session that ended because its peer does not read.
inline constexpr std::string_view kTooSlow = "too slow: max_queued is reached";

}  // namespace naru::engineio
