// A bare WebSocket that says everything back: ws://localhost:9001/echo
#include "naru/naru.hpp"

int main() {
  naru::Server server;
  server.ws("/echo", {
                         .max_message = 16 * 1024,
                         .on_message = [](naru::WebSocket& ws, naru::Message message) { ws.send(message); },
                     });
  server.listen({.port = 9001});
  server.run();
}
