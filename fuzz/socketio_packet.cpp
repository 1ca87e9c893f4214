// uses: socketio engineio base
// The messages of one connection, whatever they are: never a crash, never more memory than allowed, and what
// was decoded can be passed on and decoded again. The input is messages, each behind one byte: its highest
// bit says binary, the others how long it is (127: all the rest).
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "naru/args.hpp"
#include "naru/codec.hpp"
#include "socketio/decoder.hpp"
#include "socketio/encoder.hpp"

namespace {

using namespace naru;
using socketio::DecodeStatus;

constexpr std::size_t kMaxPending = 4096;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

// The binary messages are the parts themselves.
struct Texts final : MessageSink {
  std::string joined;
  void text(std::initializer_list<std::string_view> pieces) override {
    for (std::string_view piece : pieces)
      joined += piece;
  }
  void binary(std::initializer_list<std::string_view>) override {}
};

// What a relay does: the arguments go on as they came.
void pass_on(const socketio::Packet& packet) {
  Args args(ArgsView(packet.elements, packet.attachments));
  std::string text;
  std::vector<Bytes> parts;
  ArgumentWriter writer(text, parts);
  encode_arguments(writer, args);
  Texts written;
  socketio::encode_json({.nsp = packet.nsp, .id = packet.id, .data = {text, parts}}, written);

  socketio::Decoder decoder;
  socketio::DecoderSpace space;
  auto again = decoder.feed_text(written.joined, space);
  for (const Bytes& part : parts)
    again = decoder.feed_binary(part.view());
  require(again.status == DecodeStatus::packet, "a relayed event decodes");
  require(again.packet.elements.size() == packet.elements.size(), "with as many arguments");
  require(again.packet.nsp == packet.nsp && again.packet.id == packet.id, "in the same place");
}

// Decoders of arguments stand behind users' signatures: every one may meet every text.
void decode_arguments(const socketio::Packet& packet) {
  ArgsView args(packet.elements, packet.attachments);
  for (std::size_t i = 0; i < args.size() && i < 16; ++i) {
    (void)args.get<std::string>(i);
    (void)args.get<int>(i);
    (void)args.get<double>(i);
    (void)args.get<Bytes>(i);
    (void)args.get<std::vector<std::optional<std::string>>>(i);
    (void)args.get<std::map<std::string, RawJson>>(i);
    auto raw = args.get<RawJson>(i);
    require(raw && raw->attachments.size() <= packet.attachments.size(),
            "a value uses at most its packet's parts");
  }
}

void inspect(const socketio::Packet& packet) {
  require(packet.attachments.size() <= socketio::kMaxAttachments, "attachments are bounded");
  if (packet.is_event()) {
    std::string space;
    require(!packet.elements.empty(), "an event has a name");
    (void)socketio::event_name(packet.elements[0], space);
    pass_on(packet);
  }
  decode_arguments(packet);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  socketio::Decoder decoder({.max_pending_bytes = kMaxPending});
  socketio::DecoderSpace space;
  while (!rest.empty()) {
    auto head = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    std::size_t length = head & 0x7F;
    std::string message(rest.substr(0, length == 0x7F ? rest.size() : length));
    rest.remove_prefix(message.size());
    auto decoded = (head & 0x80) != 0 ? decoder.feed_binary(message) : decoder.feed_text(message, space);
    require(decoder.pending_bytes() <= kMaxPending, "what waits is bounded");
    if (decoded.status == DecodeStatus::packet) inspect(decoded.packet);
    if (decoded.status == DecodeStatus::error) {
      require(decoder.feed_text("2[\"a\"]", space).status == DecodeStatus::error, "an error stays");
      break;
    }
  }
  return 0;
}
