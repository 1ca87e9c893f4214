#include "naru/client/channel_reader.hpp"
#include "naru/client/page_reader.hpp"
#include "naru/client/socketio_reader.hpp"
#include "naru/client/stream_reader.hpp"
#include "naru/client/websocket_reader.hpp"

namespace apps {

std::unique_ptr<ChannelReader> make_reader(Transport transport, const ReaderOptions& options,
                                           const Stop& stop) {
  const ChannelAddress& address = options.address;
  switch (transport) {
    case Transport::poll:
      return std::make_unique<PollReader>(address, options.interval, stop);
    case Transport::longpoll:
      return std::make_unique<LongPollReader>(address, stop);
    case Transport::stream:
      return std::make_unique<NdjsonReader>(address, stop);
    case Transport::sse:
      return std::make_unique<SseReader>(address, stop);
    case Transport::websocket:
      return std::make_unique<WebSocketReader>(address, stop);
    case Transport::socketio:
      return std::make_unique<SocketIoReader>(address, stop);
  }
  return nullptr;
}

}  // namespace apps
