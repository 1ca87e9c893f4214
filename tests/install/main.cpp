// Somebody else's program on the installed library: it must compile, link, serve and end.
#include <naru/naru.hpp>

#include <chrono>

int main() {
  naru::Server server;
  server.io().on("hello", [](naru::Socket& socket) { socket.emit("hello"); });
  server.get("/", [](naru::Request, naru::Response response) { response.end("hello"); });
  server.listen({.port = 0});
  server.after(std::chrono::milliseconds(1), [&server] { server.stop(); });
  server.run();
  return server.port() == 0 ? 1 : 0;
}
