#include "ws/frame_header.hpp"

namespace naru::ws {
namespace {

constexpr unsigned char kFinal = 0x80;
constexpr unsigned char kCompressed = 0x40;
constexpr unsigned char kLength16 = 126;
constexpr unsigned char kLength64 = 127;

void write_big_endian(char* at, std::uint64_t value, std::size_t bytes) noexcept {
  for (std::size_t i = bytes; i > 0; --i, value >>= 8)
    at[i - 1] = static_cast<char>(value & 0xFF);
}

base::Frame encode(Opcode opcode, std::string_view payload, unsigned char bits) {
  base::FrameBuilder builder(0, kMaxFrameHeader + payload.size());
  const std::size_t size = frame_header_size(payload.size());
  char* const header = builder.grow(size);
  write_frame_header(header + size, opcode, payload.size());
  header[0] = static_cast<char>(static_cast<unsigned char>(header[0]) | bits);
  builder.append(payload);
  return std::move(builder).take();
}

}  // namespace

std::size_t write_frame_header(char* end_of_space, Opcode opcode, std::size_t payload_size) noexcept {
  const std::size_t size = frame_header_size(payload_size);
  char* header = end_of_space - size;
  header[0] = static_cast<char>(kFinal | static_cast<unsigned char>(opcode));
  if (size == 2) {
    header[1] = static_cast<char>(payload_size);
  } else {
    header[1] = static_cast<char>(size == 4 ? kLength16 : kLength64);
    write_big_endian(header + 2, payload_size, size - 2);
  }
  return size;
}

base::Frame encode_frame(Opcode opcode, std::string_view payload) {
  return encode(opcode, payload, 0);
}

base::Frame encode_compressed_frame(Opcode opcode, std::string_view payload) {
  return encode(opcode, payload, kCompressed);
}

std::string_view frame_payload(std::string_view frame) noexcept {
  const auto short_length = static_cast<unsigned char>(frame[1]);
  if (short_length < kLength16) return frame.substr(2);
  return frame.substr(short_length == kLength16 ? 4 : 10);
}

}  // namespace naru::ws
