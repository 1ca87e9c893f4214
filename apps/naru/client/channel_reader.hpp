// One transport's way to read a channel, behind one interface: all give the same messages with the same
// positions (docs/protocol/channels.md), so a reader may change in mid-stream.
//
//   auto reader = make_reader(Transport::sse, address, stop);
//   Ending ending = reader->read("last", events);   // until the connection ends
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "naru/client/address.hpp"
#include "naru/client/stop.hpp"

namespace apps {

// What is sent in one piece (a line, an event, a frame) may be as long: the largest message that a server
// takes by default, every byte of it escaped.
inline constexpr std::size_t kMaxPiece = std::size_t{16} << 20;
// A page of a hundred of those is no use to anybody.
inline constexpr std::size_t kMaxPage = std::size_t{64} << 20;

// What a reader tells. Views live for the call.
class ReaderEvents {
 public:
  virtual ~ReaderEvents() = default;
  // One message object, as it came. False: enough.
  virtual bool on_message(std::string_view json, std::string_view position) = 0;
  // The reader stands here now.
  virtual void on_position(std::string_view position) = 0;
  // Messages were lost before what comes next; how many, if anybody knows.
  virtual void on_gap(std::optional<std::uint64_t> missing) = 0;
};

// Why a reader has come back.
struct Ending {
  enum class Kind {
    again,    // the connection has ended or broken: read on from the position
    refused,  // the server does not want it: another try would end the same
    enough,   // on_message() said so, or stop was asked for
  };
  Kind kind = Kind::again;
  std::string sentence = {};
  std::chrono::milliseconds wait{0};  // not before, says the server
};

class ChannelReader {
 public:
  virtual ~ChannelReader() = default;
  // Blocks. `since` is a position, "first" or "last".
  virtual Ending read(const std::string& since, ReaderEvents& events) = 0;
};

enum class Transport { poll, longpoll, stream, sse, websocket, socketio };

struct ReaderOptions {
  ChannelAddress address = {};
  std::chrono::milliseconds interval{1000};  // between two polls
};

// `stop` outlives the reader.
std::unique_ptr<ChannelReader> make_reader(Transport transport, const ReaderOptions& options,
                                           const Stop& stop);

}  // namespace apps
