// WebSocket frames as a server writes them: never masked, never fragmented (RFC 6455 section 5).
//
//   base::Frame frame = encode_frame(Opcode::text, "hello");       // one allocation, any number of receivers
//
//   char space[kMaxFrameHeader];                                    // or the header in front of bytes that
//   stand already std::size_t size = write_frame_header(space + sizeof space, Opcode::binary,
//   payload.size()); stream.write({space + sizeof space - size, size});
//
// Functions of bytes, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/frame.hpp"

namespace naru::ws {

enum class Opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xA,
};

constexpr bool is_control(Opcode opcode) noexcept {
  return (static_cast<unsigned>(opcode) & 0x8U) != 0;
}

inline constexpr std::size_t kMaxFrameHeader = 10;      // a server's: no mask
inline constexpr std::size_t kMaxControlPayload = 125;  // RFC 6455 5.5

// How many bytes the header of a frame with so large a payload has: 2, 4 or 10.
constexpr std::size_t frame_header_size(std::size_t payload_size) noexcept {
  if (payload_size <= 125) return 2;
  return payload_size <= 0xFFFF ? 4 : 10;
}

// Writes the header of a final frame so that it ends right before `end_of_space`; returns its size.
// REQUIRES: frame_header_size(payload_size) writable bytes before `end_of_space`; kMaxFrameHeader always
// suffice.
std::size_t write_frame_header(char* end_of_space, Opcode opcode, std::size_t payload_size) noexcept;

// A whole frame with its own copy of `payload`.
base::Frame encode_frame(Opcode opcode, std::string_view payload);
// The same with the bit that says "compressed" (RSV1, RFC 7692 section 6).
base::Frame encode_compressed_frame(Opcode opcode, std::string_view payload);

// What a whole frame of ours has behind its header, and what it is. REQUIRES: encode_frame() or
// write_frame_header() made it.
std::string_view frame_payload(std::string_view frame) noexcept;
constexpr Opcode frame_opcode(std::string_view frame) noexcept {
  return static_cast<Opcode>(static_cast<unsigned char>(frame.front()) & 0x0FU);
}

}  // namespace naru::ws
