// Socket.IO packets as parcels: encoded once, with the WebSocket frame header already written in front, so
// that one allocation serves every receiver and both transports.
//
//   hub::SharedParcel parcel = event_parcel(nsp, std::nullopt, emission, flags);
//   adapter.broadcast(std::move(parcel), selection);
//
// The parser is the server's option; each function may be called from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "engineio/packet.hpp"
#include "hub/parcel.hpp"
#include "naru/emission.hpp"
#include "naru/parser.hpp"

namespace naru::app {

class NamespaceCore;

hub::SharedParcel event_parcel(const NamespaceCore& nsp, std::optional<std::uint64_t> id,
                               const Emission& emission, EmitFlags flags);
// The same for those who may outlive the namespace.
hub::SharedParcel event_parcel(const Parser& parser, std::string_view nsp, std::optional<std::uint64_t> id,
                               const Emission& emission, EmitFlags flags);
hub::SharedParcel ack_parcel(const NamespaceCore& nsp, std::uint64_t id, const Emission& emission);
// The answer to a CONNECT: the socket's id, and with recovery the private id that restores it.
hub::SharedParcel connect_parcel(const NamespaceCore& nsp, std::string_view sid,
                                 std::optional<std::string_view> pid = {});
// `data`, when there is some, is one JSON value. The namespace is a name: it may not exist.
hub::SharedParcel connect_error_parcel(const Parser& parser, std::string_view nsp, std::string_view message,
                                       std::optional<std::string_view> data = {});
hub::SharedParcel disconnect_parcel(const NamespaceCore& nsp);

// `follows`: a part that belongs to the one sent before.
inline engineio::Packet packet_of(const hub::Part& part, bool compress, bool follows = false) {
  return {.frame = part.frame,
          .lead = part.lead,
          .binary = part.binary,
          .type = engineio::PacketType::message,
          .is_exempt = follows,
          .compress = compress};
}

// A message of an Engine.IO socket without Socket.IO.
hub::Part message_part(std::string_view data, bool binary);

}  // namespace naru::app
