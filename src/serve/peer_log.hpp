// Lines that a peer can cause as often as it likes: so many a second for each component, then a count. A
// flood of bad packets must not become a flood of lines.
//
//   log_peer(Level::info, "http", address + " was answered 400");
#pragma once

#include <string_view>

#include "base/clock.hpp"
#include "base/log_limiter.hpp"

namespace naru::serve {

// One for the process, as the log is. Never destroyed: loops may log until the very end.
inline base::LogLimiter& peer_log() {
  static auto& limiter = *new base::LogLimiter(base::system_clock());
  return limiter;
}

// Any thread.
inline void log_peer(Level level, std::string_view component, std::string_view message) {
  peer_log().log(level, component, message);
}

}  // namespace naru::serve
