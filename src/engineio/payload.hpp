// The body of a polling answer or of a POST: packets joined by 0x1e, binary ones as "b" and base64
// (Engine.IO protocol v4, "HTTP long-polling"). Functions of bytes, any thread.
//
//   PayloadReader reader(body);
//   while (std::optional<PacketView> packet = reader.next()) take(*packet);
//   if (reader.failed()) close(CloseReason::parse_error);
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/frame.hpp"
#include "engineio/packet.hpp"

namespace naru::engineio {

inline constexpr char kPacketSeparator = '\x1e';

// Bytes that a packet takes in a payload, without the separator.
std::size_t payload_size(const Packet& packet) noexcept;

// A payload of one packet without data: "1", "6".
base::Frame bare_payload(PacketType type);

struct EncodedPayload {
  base::Frame bytes;
  std::size_t packets = 0;  // how many of the given packets are in it, from the front
  bool compress = false;    // one of them may be compressed, and so all
};

// Joins packets from the front while they fit into `max_bytes`; the first one always goes, whatever its size.
// REQUIRES: packets is not empty.
EncodedPayload encode_payload(std::span<const Packet> packets, std::size_t max_bytes);

// Reads a payload packet by packet, in order. It stops for good at the first bad packet (empty, of an unknown
// type, broken base64, text that is not UTF-8); those before it stand. The payload must outlive the reader; a
// packet's view lives until the next call.
class PayloadReader {
 public:
  explicit PayloadReader(std::string_view payload) noexcept : rest_(payload) {}

  std::optional<PacketView> next();
  bool failed() const noexcept { return failed_; }
  // Nothing comes any more.
  bool is_at_end() const noexcept { return at_end_; }

 private:
  std::string_view rest_;
  std::string base64_space_;
  bool at_end_ = false;
  bool failed_ = false;
};

}  // namespace naru::engineio
