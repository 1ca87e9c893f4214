// Frames as a client writes them, right and wrong ones, for the tests of the ws room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ws/frame_header.hpp"

namespace naru::ws {

struct ClientFrame {
  Opcode opcode = Opcode::text;
  std::string_view payload{};
  bool is_final = true;
  unsigned reserved = 0;  // RSV1 is 4, RSV2 is 2, RSV3 is 1
  bool is_masked = true;
  std::string_view key = "\x37\xFA\x21\x3D";
};

inline std::string encode(const ClientFrame& frame) {
  char space[kMaxFrameHeader];
  const std::size_t size = write_frame_header(space + sizeof space, frame.opcode, frame.payload.size());
  std::string out(space + sizeof space - size, size);
  out[0] = static_cast<char>((frame.is_final ? 0x80U : 0U) | frame.reserved << 4 |
                             static_cast<unsigned>(frame.opcode));
  if (frame.is_masked) {
    out[1] = static_cast<char>(static_cast<unsigned char>(out[1]) | 0x80U);
    out += frame.key;
  }
  for (std::size_t i = 0; i < frame.payload.size(); ++i) {
    const char mask = frame.is_masked ? frame.key[i % 4] : '\0';
    out += static_cast<char>(frame.payload[i] ^ mask);
  }
  return out;
}

inline std::string client_text(std::string_view payload) {
  return encode({.payload = payload});
}
inline std::string client_binary(std::string_view payload) {
  return encode({.opcode = Opcode::binary, .payload = payload});
}
inline std::string client_control(Opcode opcode, std::string_view payload = {}) {
  return encode({.opcode = opcode, .payload = payload});
}
inline std::string fragment(Opcode opcode, std::string_view payload, bool is_final = false) {
  return encode({.opcode = opcode, .payload = payload, .is_final = is_final});
}

}  // namespace naru::ws
