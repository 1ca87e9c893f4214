#include "engineio/packet.hpp"

#include <utility>

#include "base/base64.hpp"

namespace naru::engineio {
namespace {

constexpr char kBase64Mark = 'b';

std::optional<PacketType> read_type(char digit) noexcept {
  if (digit < static_cast<char>(PacketType::open) || digit > static_cast<char>(PacketType::noop))
    return std::nullopt;
  return static_cast<PacketType>(digit);
}

}  // namespace

Packet make_packet(PacketType type, std::string_view payload) {
  base::FrameBuilder builder(0, 1 + payload.size());
  builder.append(static_cast<char>(type));
  builder.append(payload);
  return {.frame = std::move(builder).take(), .type = type};
}

Packet make_binary_packet(std::string_view bytes) {
  return {.frame = base::Frame::copy(bytes), .binary = true};
}

Packet to_base64_packet(const Packet& binary) {
  base::FrameBuilder builder(0, 1 + base::base64_size(binary.size()));
  builder.append(kBase64Mark);
  base::append_base64(builder, binary.body());
  return {.frame = std::move(builder).take(), .is_volatile = binary.is_volatile, .compress = binary.compress};
}

std::optional<PacketView> read_text_packet(std::string_view text, std::string& base64_space) {
  if (text.empty()) return std::nullopt;
  const std::string_view data = text.substr(1);
  if (text.front() == kBase64Mark) {
    base64_space.clear();
    if (!base::decode_base64_unpadded(data, base64_space)) return std::nullopt;
    return PacketView{.binary = true, .data = base64_space};
  }
  const std::optional<PacketType> type = read_type(text.front());
  if (!type) return std::nullopt;
  return PacketView{.type = *type, .data = data};
}

}  // namespace naru::engineio
