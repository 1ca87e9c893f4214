#include "socketio/encoder.hpp"

#include <charconv>

#include "socketio/packet.hpp"

namespace naru::socketio {
namespace {

// A number as text, or nothing.
class Digits {
 public:
  Digits() = default;
  explicit Digits(std::uint64_t number) {
    size_ = static_cast<std::size_t>(std::to_chars(digits_, digits_ + sizeof digits_, number).ptr - digits_);
  }
  std::string_view view() const { return {digits_, size_}; }

 private:
  char digits_[20];
  std::size_t size_ = 0;
};

char digit_of(PacketKind kind, bool has_attachments) {
  PacketType type = static_cast<PacketType>(kind);
  if (has_attachments) type = kind == PacketKind::event ? PacketType::binary_event : PacketType::binary_ack;
  return static_cast<char>('0' + static_cast<int>(type));
}

}  // namespace

void encode_json(const OutgoingPacket& packet, MessageSink& out) {
  const bool is_list = packet.kind == PacketKind::event || packet.kind == PacketKind::ack;
  const auto attachments = is_list ? packet.data.attachments : std::span<const Bytes>();
  const bool has_attachments = !attachments.empty();
  const bool is_named = packet.nsp != "/" && !packet.nsp.empty();
  const char type = digit_of(packet.kind, has_attachments);
  const Digits count = has_attachments ? Digits(attachments.size()) : Digits();
  const Digits id = packet.id ? Digits(*packet.id) : Digits();
  out.text({std::string_view(&type, 1), count.view(), has_attachments ? "-" : "", is_named ? packet.nsp : "",
            is_named ? "," : "", id.view(), is_list ? "[" : "", packet.data.text, is_list ? "]" : ""});
  for (const Bytes& attachment : attachments)
    out.binary({attachment.view()});
}

}  // namespace naru::socketio
