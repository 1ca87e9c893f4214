// A channel through a WebSocket of its own: one object a frame.
#pragma once

#include <utility>

#include "naru/client/channel_reader.hpp"

namespace apps {

class WebSocketReader final : public ChannelReader {
 public:
  WebSocketReader(ChannelAddress address, const Stop& stop) : address_(std::move(address)), stop_(stop) {}
  Ending read(const std::string& since, ReaderEvents& events) override;

 private:
  const ChannelAddress address_;
  const Stop& stop_;
};

}  // namespace apps
