#include "engineio/payload.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/base64.hpp"
#include "base/utf8.hpp"

namespace naru::engineio {
namespace {

void append_packet(base::FrameBuilder& out, const Packet& packet) {
  if (packet.binary) {
    out.append('b');
    base::append_base64(out, packet.body());
  } else {
    out.append(packet.body());
  }
}

}  // namespace

std::size_t payload_size(const Packet& packet) noexcept {
  return packet.binary ? 1 + base::base64_size(packet.size()) : packet.size();
}

base::Frame bare_payload(PacketType type) {
  static constexpr std::string_view kDigits = "0123456";
  const auto at = static_cast<std::size_t>(static_cast<char>(type) - static_cast<char>(PacketType::open));
  return base::Frame::of_static(kDigits.substr(at, 1));
}

EncodedPayload encode_payload(std::span<const Packet> packets, std::size_t max_bytes) {
  assert(!packets.empty());
  std::size_t bytes = payload_size(packets.front());
  std::size_t count = 1;
  for (; count < packets.size(); ++count) {
    const std::size_t more = 1 + payload_size(packets[count]);
    if (bytes > max_bytes || more > max_bytes - bytes) break;
    bytes += more;
  }
  const std::span<const Packet> taken = packets.first(count);
  const bool compress =
      std::any_of(taken.begin(), taken.end(), [](const Packet& packet) { return packet.compress; });
  // One packet of text is its own payload: its frame goes out again without a copy.
  if (count == 1 && !packets.front().binary)
    return {packets.front().frame.part(packets.front().lead), 1, compress};

  base::FrameBuilder builder(0, bytes);
  append_packet(builder, packets.front());
  for (const Packet& packet : taken.subspan(1)) {
    builder.append(kPacketSeparator);
    append_packet(builder, packet);
  }
  return {std::move(builder).take(), count, compress};
}

std::optional<PacketView> PayloadReader::next() {
  if (at_end_) return std::nullopt;
  const std::size_t size = rest_.find(kPacketSeparator);
  const std::string_view text = rest_.substr(0, size);
  std::optional<PacketView> packet = read_text_packet(text, base64_space_);
  if (packet && !packet->binary && !base::is_valid_utf8(packet->data)) packet.reset();
  failed_ = !packet;
  at_end_ = failed_ || size == std::string_view::npos;
  if (!at_end_) rest_.remove_prefix(size + 1);
  return packet;
}

}  // namespace naru::engineio
