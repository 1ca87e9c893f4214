// Packets of the Socket.IO protocol v5, which travel in Engine.IO messages (docs/protocol; socket.io-protocol
// v5).
//
//   2["say","hello"]    event of the main namespace       0/chat,{"token":"x"}   connect to another one
//   213["ask"]          event that wants ack number 13    51-["file",{"_placeholder":true,"num":0}] + one
//   binary message
//
// A Packet is a set of views into what was decoded; Decoded says how long they live.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "naru/bytes.hpp"

namespace naru::socketio {

// In the order of their digits on the wire.
enum class PacketType : std::uint8_t {
  connect,
  disconnect,
  event,
  ack,
  connect_error,
  binary_event,
  binary_ack
};

// Binary parts of one packet: the official parsers of both sides refuse more since socket.io-parser 4.2.6.
inline constexpr std::size_t kMaxAttachments = 10;
// A namespace's name is kept for every connection that joins it, and shown in logs; Node has no limit.
inline constexpr std::size_t kMaxNamespaceName = 512;

struct Packet {
  PacketType type = PacketType::connect;
  std::string_view nsp = "/";
  std::optional<std::uint64_t> id{};
  // Validated JSON: an object for connect (empty when there was none), an array for events and acks.
  std::string_view payload{};
  // The elements of the array. An event has at least one: its name, a string that is not reserved, or a
  // number.
  std::span<const std::string_view> elements{};
  // What the placeholders in the elements refer to; every number in them is in range.
  std::span<const Bytes> attachments{};

  bool is_event() const noexcept { return type == PacketType::event || type == PacketType::binary_event; }
  bool is_ack() const noexcept { return type == PacketType::ack || type == PacketType::binary_ack; }
};

// The name of an event from elements[0]: what a string means, a number as it is written. `space` is used when
// the name has escapes; the view lives as long as the element and the space do.
std::string_view event_name(std::string_view element, std::string& space);

}  // namespace naru::socketio
