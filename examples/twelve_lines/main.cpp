// A chat in twelve lines. In the browser, or in Node:
//   const socket = io("http://localhost:8005");
//   socket.on("said", (who, text) => console.log(who, text));
//   socket.emit("say", "hello");
#include "naru/naru.hpp"

int main() {
  naru::Server server;
  auto& io = server.io();
  io.on("say", [&io](naru::Socket& socket, std::string text) { io.emit("said", socket.id(), text); });
  io.on_connection([](naru::Socket& socket) { socket.broadcast().emit("came", socket.id()); });
  io.on_disconnect(
      [&io](naru::Socket& socket, std::string_view reason) { io.emit("went", socket.id(), reason); });
  server.listen({.port = 8005});
  server.run();
}
