#include "naru/client/websocket_reader.hpp"

#include "naru/client/arrival.hpp"
#include "naru/client/websocket_client.hpp"

namespace apps {
namespace {

constexpr std::chrono::seconds kSilence{60};  // servers ping every 25 s

}  // namespace

Ending WebSocketReader::read(const std::string& since, ReaderEvents& events) {
  WebSocketClient socket(stop_, kSilence);
  if (auto ending = socket.open(address_.url() + query_of("since", since), address_.fields())) return *ending;
  std::string frame;
  while (true) {
    if (auto ending = socket.receive(frame)) {
      if (ending->kind == Ending::Kind::enough) socket.close();
      return *ending;
    }
    const Onward onward = take_object(frame, events);
    if (onward == Onward::more) continue;
    socket.close();
    if (onward == Onward::enough) return {.kind = Ending::Kind::enough};
    return {.sentence = onward == Onward::broken ? "what came is no message of a channel" : ""};
  }
}

}  // namespace apps
