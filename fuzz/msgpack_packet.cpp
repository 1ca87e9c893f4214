// uses: socketio engineio base
// Bytes as one message of a connection that speaks msgpack: never a crash, what is taken for a packet keeps
// every promise of naru/parser.hpp, and passed on it is the same packet.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_scanner.hpp"
#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "naru/codec.hpp"
#include "socketio/msgpack_packet.hpp"
#include "socketio/packet.hpp"
#include "socketio/reserved.hpp"

namespace {

using namespace naru;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

void check_arguments(const ArgsView& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i)
    require(!base::check_json(arguments[i].text()), "an argument is JSON");
  for (std::size_t i = 0; i < arguments.size() && i < 16; ++i) {
    (void)arguments.get<std::string>(i);
    (void)arguments.get<double>(i);
    (void)arguments.get<Bytes>(i);
    (void)arguments.get<std::map<std::string, RawJson>>(i);
  }
}

// What a relay does.
void pass_on(const IncomingPacket& packet) {
  std::string text;
  std::vector<Bytes> parts;
  ArgumentWriter writer(text, parts);
  encode_arguments(writer, packet.arguments);
  socketio::MsgpackWriter out;
  require(socketio::encode_msgpack(
              {.kind = packet.kind, .nsp = packet.nsp, .id = packet.id, .data = {text, parts}}, out),
          "a relayed packet can be written");
  socketio::MsgpackSpace space;
  const std::string message(out.bytes());
  const Decoding again = socketio::decode_msgpack(message, space);
  require(again.status == Decoding::Status::packet, "and read again");
  require(again.packet.arguments.size() == packet.arguments.size(), "with as many arguments");
  require(again.packet.nsp == packet.nsp && again.packet.id == packet.id, "in the same place");
}

void inspect(const IncomingPacket& packet) {
  require(packet.nsp.size() <= socketio::kMaxNamespaceName && base::is_valid_utf8(packet.nsp), "a fair name");
  check_arguments(packet.arguments);
  switch (packet.kind) {
    case PacketKind::connect:
      if (packet.auth.text.empty()) return;
      require(base::json_kind(packet.auth.text) == base::JsonKind::object, "auth is an object");
      require(!base::check_json(packet.auth.text), "and JSON");
      return;
    case PacketKind::disconnect:
      return require(packet.arguments.empty(), "a disconnect says nothing");
    case PacketKind::event: {
      std::string space;
      require(!packet.arguments.empty(), "an event has a name");
      const std::string_view name = socketio::event_name(packet.arguments[0].text(), space);
      require(!socketio::is_reserved_event(name), "of its own");
      return pass_on(packet);
    }
    case PacketKind::ack:
      require(packet.id.has_value(), "an ack has an id");
      return pass_on(packet);
    case PacketKind::connect_error:
      return require(false, "a server gets no CONNECT_ERROR");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static socketio::MsgpackSpace space;
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  const Decoding decoding = socketio::decode_msgpack(message, space);
  require(decoding.status != Decoding::Status::incomplete, "every message is a whole packet");
  if (decoding.status == Decoding::Status::packet) inspect(decoding.packet);
  if (decoding.status == Decoding::Status::error) require(!decoding.error.empty(), "an error has words");
  return 0;
}
