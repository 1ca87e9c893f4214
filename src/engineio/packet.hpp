// Engine.IO protocol v4 packets, as they leave: one immutable frame that serves every transport.
//
// A text packet's body is its type digit and its payload ("4hello"); a binary packet's body is the raw bytes.
// The frame may begin with `lead` more bytes: a WebSocket frame header that the layer above wrote in front,
// so that one allocation serves both wire forms. WebSocket then writes the frame as it is, polling uses
// body().
//
//   base::FrameBuilder builder(kHeadroom);
//   builder.append('4');  builder.append("hello");
//   Packet packet{.frame = std::move(builder).take()};
//
// A Packet is a value; copies share the bytes. Frames may be shared between threads, a Packet object may not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/frame.hpp"

namespace naru::engineio {

enum class PacketType : char {
  open = '0',
  close = '1',
  ping = '2',
  pong = '3',
  message = '4',
  upgrade = '5',
  noop = '6',
};

struct Packet {
  base::Frame frame{};
  std::uint8_t lead =
      0;  // bytes of a ready WebSocket frame header before the body; 0: none, the outlet frames it
  bool binary = false;
  PacketType type = PacketType::message;
  bool is_volatile = false;  // dropped when the transport cannot take it at once
  bool is_exempt = false;    // from max_queued: a part of a message that was taken, or the heartbeat
  bool compress = true;      // false: leaves as it is, whatever was agreed on with the client

  std::string_view body() const noexcept { return frame.view().substr(lead); }
  std::size_t size() const noexcept { return frame.size() - lead; }
};

// A text packet with its own copy of `payload`.
Packet make_packet(PacketType type, std::string_view payload = {});
// A binary message with its own copy of `bytes`.
Packet make_binary_packet(std::string_view bytes);
// The same binary message as a text packet, "b" and base64, for clients that asked for it (b64=1).
Packet to_base64_packet(const Packet& binary);

// A packet that came; the view lives as long as the bytes it was read from, or as the base64 space.
struct PacketView {
  PacketType type = PacketType::message;
  bool binary = false;
  std::string_view data;  // without the type digit
};

// Reads one text packet ("4hello", "b" and base64). Base64 is decoded into `base64_space`. Nothing when the
// packet is empty, its type unknown or its base64 broken.
std::optional<PacketView> read_text_packet(std::string_view text, std::string& base64_space);

}  // namespace naru::engineio
