// Packets as npm's socket.io-msgpack-parser 3.0 has them: one binary message each, a map of `type` (0 to 4,
// PacketKind), `nsp`, and where there are some `data` and `id`. Other keys, as the client's `options`, are
// passed over.
//
//   Decoding decoding = decode_msgpack(message, space);     // views: message, space, decoding.storage
//   if (encode_msgpack(packet, writer)) send(writer.bytes());
//
// Checked as the official decoder does (isDataValid, and whole numbers may come as floats), and as packets of
// the JSON protocol are: an event has a name that is not reserved, an ack an id, a namespace is short and
// valid UTF-8, and a server gets no CONNECT_ERROR. No state, one thread for each space and writer.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "naru/parser.hpp"
#include "socketio/msgpack_writer.hpp"

namespace naru::socketio {

// Working memory of decoding; what was decoded lives in it until the next use.
struct MsgpackSpace {
  std::string text;  // JSON
  std::vector<std::size_t> starts;
  std::vector<std::string_view> elements;

  // Empties it, and gives unusually large memory back.
  void clear();
};

Decoding decode_msgpack(std::string_view message, MsgpackSpace& space);

// Keys in the order in which the reference writes them. False when the data is no JSON.
[[nodiscard]] bool encode_msgpack(const OutgoingPacket& packet, MsgpackWriter& writer);

}  // namespace naru::socketio
