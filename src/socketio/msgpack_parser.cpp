// msgpack_packet.hpp behind the public interface.
#include <stdexcept>

#include "naru/parser.hpp"
#include "socketio/msgpack_packet.hpp"

namespace naru {
namespace socketio {
namespace {

// Every packet stands alone: there is nothing to keep between two messages.
class MsgpackDecoder final : public PacketDecoder {
 public:
  Decoding decode(std::string_view message, bool is_binary) override {
    thread_local MsgpackSpace space;
    if (is_binary) return decode_msgpack(message, space);
    return {.status = Decoding::Status::error, .error = "a text message where msgpack is spoken"};
  }
};

class MsgpackParser final : public Parser {
 public:
  std::unique_ptr<PacketDecoder> make_decoder(const ParserLimits&) const override {
    return std::make_unique<MsgpackDecoder>();
  }
  void encode(const OutgoingPacket& packet, MessageSink& out) const override {
    thread_local MsgpackWriter writer;
    writer.clear();
    if (!encode_msgpack(packet, writer)) throw std::invalid_argument("an argument is no JSON");
    out.binary({writer.bytes()});
  }
};

}  // namespace
}  // namespace socketio

inline namespace v0 {

std::shared_ptr<const Parser> msgpack_parser() {
  static const auto parser = std::make_shared<const socketio::MsgpackParser>();
  return parser;
}

}  // namespace v0
}  // namespace naru
