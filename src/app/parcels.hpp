// Socket.IO packets as parcels: encoded once, with the WebSocket frame header already written in front, so
// that one allocation serves every receiver and both transports.
//
//   hub::SharedParcel parcel = event_parcel("/chat", std::nullopt, emission, flags);
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "engineio/packet.hpp"
#include "hub/parcel.hpp"
#include "naru/emission.hpp"

namespace naru::app {

hub::SharedParcel event_parcel(std::string_view nsp, std::optional<std::uint64_t> id,
                               const Emission& emission, EmitFlags flags);
hub::SharedParcel ack_parcel(std::string_view nsp, std::uint64_t id, const Emission& emission);
hub::SharedParcel connect_parcel(std::string_view nsp, std::string_view sid);
hub::SharedParcel connect_error_parcel(std::string_view nsp, std::string_view message,
                                       std::optional<std::string_view> data);
hub::SharedParcel disconnect_parcel(std::string_view nsp);

inline engineio::Packet packet_of(const hub::Part& part, bool compress) {
  return {.frame = part.frame,
          .lead = part.lead,
          .binary = part.binary,
          .type = engineio::PacketType::message,
          .compress = compress};
}

// A message of an Engine.IO socket without Socket.IO.
hub::Part message_part(std::string_view data, bool binary);

}  // namespace naru::app
