// A channel through Socket.IO: namespace /channels, by WebSocket from the beginning (Engine.IO 4, Socket.IO
// 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "naru/client/channel_reader.hpp"

namespace apps {

class WebSocketClient;

class SocketIoReader final : public ChannelReader {
 public:
  SocketIoReader(ChannelAddress address, const Stop& stop) : address_(std::move(address)), stop_(stop) {}
  Ending read(const std::string& since, ReaderEvents& events) override;

 private:
  // Each takes one message of the WebSocket; an ending when that was the last.
  std::optional<Ending> take(std::string_view packet, WebSocketClient& socket, const std::string& since,
                             ReaderEvents& events) const;
  std::optional<Ending> take_event(std::string_view arguments, ReaderEvents& events) const;
  std::optional<Ending> take_answer(std::string_view arguments, ReaderEvents& events) const;
  std::string connect_packet() const;
  std::string follow_packet(const std::string& since) const;

  const ChannelAddress address_;
  const Stop& stop_;
};

// A MESSAGE of Socket.IO without the `channel` that it begins with there: as the other transports have it.
std::string without_channel(std::string_view message);

}  // namespace apps
