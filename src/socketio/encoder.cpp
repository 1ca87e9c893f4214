#include "socketio/encoder.hpp"

#include <charconv>

#include "socketio/packet.hpp"

namespace naru::socketio {
namespace {

// The few bytes around the namespace: type, counts, brackets.
class Head {
 public:
  void append(char byte) { bytes_[size_++] = byte; }
  void append(std::uint64_t number) {
    auto* const end = std::to_chars(bytes_ + size_, bytes_ + sizeof bytes_, number).ptr;
    size_ = static_cast<std::size_t>(end - bytes_);
  }
  std::string_view view() const { return {bytes_, size_}; }

 private:
  static constexpr std::size_t kDigits = 20;
  char bytes_[2 * kDigits + 4];  // not cleared: written before it is read
  std::size_t size_ = 0;
};

PacketType type_of(PacketKind kind, bool has_attachments) {
  if (!has_attachments) return static_cast<PacketType>(kind);
  return kind == PacketKind::event ? PacketType::binary_event : PacketType::binary_ack;
}

}  // namespace

void encode_json(const OutgoingPacket& packet, MessageSink& out) {
  const bool is_list = packet.kind == PacketKind::event || packet.kind == PacketKind::ack;
  const auto attachments = is_list ? packet.data.attachments : std::span<const Bytes>();
  const std::string_view end = is_list ? "]" : "";
  Head head;
  head.append(static_cast<char>('0' + static_cast<int>(type_of(packet.kind, !attachments.empty()))));
  if (!attachments.empty()) {
    head.append(attachments.size());
    head.append('-');
  }
  auto append_rest = [&](Head& rest) {
    if (packet.id) rest.append(*packet.id);
    if (is_list) rest.append('[');
  };
  if (packet.nsp == "/" || packet.nsp.empty()) {
    append_rest(head);
    out.text({head.view(), packet.data.text, end});
  } else {
    Head rest;
    rest.append(',');
    append_rest(rest);
    out.text({head.view(), packet.nsp, rest.view(), packet.data.text, end});
  }
  for (const Bytes& attachment : attachments)
    out.binary({attachment.view()});
}

}  // namespace naru::socketio
