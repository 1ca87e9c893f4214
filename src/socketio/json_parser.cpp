// The default parser: decoder.hpp and encoder.hpp behind the public interface.
#include <utility>

#include "naru/parser.hpp"
#include "socketio/decoder.hpp"
#include "socketio/encoder.hpp"

namespace naru {
namespace socketio {
namespace {

// Working memory of all decoders of one thread.
DecoderSpace& decoder_space() {
  thread_local DecoderSpace space;
  return space;
}

PacketKind kind_of(const Packet& packet) {
  if (packet.is_event()) return PacketKind::event;
  if (packet.is_ack()) return PacketKind::ack;
  return packet.type == PacketType::connect ? PacketKind::connect : PacketKind::disconnect;
}

void fill(IncomingPacket& out, const Packet& packet) {
  out.kind = kind_of(packet);
  out.nsp = packet.nsp;
  out.id = packet.id;
  if (packet.type == PacketType::connect) out.auth.text = packet.payload;
  out.arguments = ArgsView(packet.elements, packet.attachments);
}

class JsonDecoder final : public PacketDecoder {
 public:
  explicit JsonDecoder(DecoderOptions options) : decoder_(options) {}

  Decoding decode(std::string_view message, bool is_binary) override {
    Decoding decoding;  // filled in place: each message pays for what is copied here
    Decoded decoded =
        is_binary ? decoder_.feed_binary(message) : decoder_.feed_text(message, decoder_space());
    if (decoded.status == DecodeStatus::error) {
      decoding.status = Decoding::Status::error;
      decoding.error = describe(decoded.error);
    } else if (decoded.status == DecodeStatus::packet) {
      decoding.status = Decoding::Status::packet;
      fill(decoding.packet, decoded.packet);
      if (decoded.storage) decoding.storage = std::move(decoded.storage);
    }
    return decoding;
  }

  std::size_t pending_bytes() const noexcept override { return decoder_.pending_bytes(); }

 private:
  Decoder decoder_;
};

class JsonParser final : public Parser {
 public:
  // What Node's limits allow to wait: one text and all attachments, of max_payload each.
  std::unique_ptr<PacketDecoder> make_decoder(const ParserLimits& limits) const override {
    return std::make_unique<JsonDecoder>(
        DecoderOptions{.max_attachments = static_cast<std::uint32_t>(limits.max_attachments),
                       .max_pending_bytes = (limits.max_attachments + 1) * limits.max_payload});
  }
  void encode(const OutgoingPacket& packet, MessageSink& out) const override { encode_json(packet, out); }
};

}  // namespace
}  // namespace socketio

inline namespace v0 {

std::shared_ptr<const Parser> json_parser() {
  static const auto parser = std::make_shared<const socketio::JsonParser>();
  return parser;
}

}  // namespace v0
}  // namespace naru
