// How Socket.IO packets become messages and back. Two parsers come with the library; any other can be plugged
// in, as long as the clients have the same one (the option `parser` of socket.io-client):
//
//   server.io({.parser = naru::msgpack_parser()});             // npm's socket.io-msgpack-parser
//   server.io({.parser = std::make_shared<MyParser>()});       // a Parser and a PacketDecoder of your own
//
// A Parser is shared by all loops and called by every thread that emits; a PacketDecoder belongs to one
// connection and its loop. What they throw is logged: a decoder's connection is then closed, an encoder's
// packet is not sent. Both see JSON text: a parser for another format translates (naru/raw_json.hpp: binary
// parts are placeholders in the text and stand beside it).
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "naru/args.hpp"
#include "naru/raw_json.hpp"

namespace naru {
inline namespace v0 {

// In the order of their numbers in the protocol (socket.io-protocol v5).
enum class PacketKind : std::uint8_t { connect, disconnect, event, ack, connect_error };

// What a client has sent. The library checks what depends on the connection: namespaces joined, acks awaited.
struct IncomingPacket {
  PacketKind kind = PacketKind::connect;  // never connect_error: only servers send that
  std::string_view nsp = "/";             // REQUIRES: valid UTF-8 of at most 512 bytes: it is kept and logged
  std::optional<std::uint64_t> id{};      // of an ack, and of an event that wants one
  RawJsonView auth{};                     // connect: a validated JSON object; empty text when there is none
  ArgsView arguments{};                   // event: its name, a string or a number, then the rest; ack: all
};

// What is to be sent.
struct OutgoingPacket {
  PacketKind kind = PacketKind::event;
  std::string_view nsp = "/";
  std::optional<std::uint64_t> id{};
  // Event and ack: JSON values with commas between, the event's name first. Connect and connect_error: one
  // object. Disconnect: empty.
  RawJsonView data{};
};

// Where an encoder puts the messages of one packet, in their order. Each is given in pieces, which are
// written one behind the other and copied.
class MessageSink {
 public:
  virtual void text(std::initializer_list<std::string_view> pieces) = 0;
  virtual void binary(std::initializer_list<std::string_view> pieces) = 0;

 protected:
  ~MessageSink() = default;
};

// What became of one message.
struct Decoding {
  enum class Status : std::uint8_t { incomplete, packet, error };
  Status status = Status::incomplete;
  // Views into the message, into `storage`, or into memory that stays as it is until this thread decodes
  // again.
  IncomingPacket packet{};
  std::string error{};  // a sentence for the server's log; the connection is closed
  std::shared_ptr<const void> storage{};
};

class PacketDecoder {
 public:
  virtual ~PacketDecoder() = default;
  // `message` is what one Engine.IO message held, text (valid UTF-8) or binary, and goes after the packet has
  // been handled.
  virtual Decoding decode(std::string_view message, bool is_binary) = 0;
  // Bytes that it holds for a packet that is not complete.
  virtual std::size_t pending_bytes() const noexcept { return 0; }
};

struct ParserLimits {
  std::size_t max_attachments = 10;     // IoOptions::max_attachments
  std::size_t max_payload = 1'000'000;  // IoOptions::max_payload: no message is larger
};

class Parser {
 public:
  virtual ~Parser() = default;
  // REQUIRES of an implementation: never null; memory that a peer's messages may take is bounded by `limits`.
  virtual std::unique_ptr<PacketDecoder> make_decoder(const ParserLimits& limits) const = 0;
  // Once for each packet, however many sockets receive it.
  virtual void encode(const OutgoingPacket& packet, MessageSink& out) const = 0;
};

// The default: text, each binary part a message of its own (socket.io-parser 4.2).
std::shared_ptr<const Parser> json_parser();
// Each packet one binary message, binary parts inside (npm's socket.io-msgpack-parser 3.0). Dates arrive as
// the text that JSON has for them, undefined as null.
std::shared_ptr<const Parser> msgpack_parser();

}  // namespace v0
}  // namespace naru
