// Event names that the library uses itself: nobody may emit them, a peer that sends one breaks the protocol.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace naru::socketio {

inline constexpr std::array<std::string_view, 6> kReservedEvents = {
    "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};

constexpr bool is_reserved_event(std::string_view name) noexcept {
  return std::find(kReservedEvents.begin(), kReservedEvents.end(), name) != kReservedEvents.end();
}

}  // namespace naru::socketio
