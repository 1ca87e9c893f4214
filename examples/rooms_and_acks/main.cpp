// Rooms, and answers in both directions. In Node:
//   const rooms = await socket.emitWithAck("join", "harbour");
//   socket.emit("say", { room: "harbour", text: "hello" });
//   socket.on("version?", (answer) => answer("1.2.3"));
#include <chrono>
#include <string>

#include "naru/naru.hpp"

struct Line {
  std::string room;
  std::string text;
};

// How a Line is read from what the client sends; with naru/json.hpp nlohmann's from_json is enough.
template <>
struct naru::Codec<Line> {
  static bool decode(const Argument& in, Line& line) {
    return in.member("room", line.room) && in.member("text", line.text);
  }
};

int main() {
  using namespace std::chrono_literals;
  naru::Server server;
  auto& io = server.io();
  io.on("join", [](naru::Socket& socket, std::string room, naru::Ack ack) {
    socket.join(room);
    socket.to(room).emit("joined", socket.id());
    ack(socket.rooms());
  });
  io.on("say",
        [](naru::Socket& socket, Line line) { socket.to(line.room).emit("said", socket.id(), line.text); });
  // What a client sends that is no Line comes here, and the client is told when it asked for an answer.
  io.on_error([](naru::Socket& socket, const naru::HandlerError& error) {
    naru::log(naru::Level::warning, "example",
              socket.id() + " sent a bad " + error.event + ": " + error.message);
  });
  io.on_connection([](naru::Socket& socket) -> naru::Task<> {
    auto asking = socket.timeout(2s).emit_with_ack("version?");
    const naru::Result<naru::Args> answer = co_await std::move(asking);
    if (answer) socket.emit("hello", answer->get<std::string>(0).value_or("somebody without a version"));
  });
  server.listen({.port = 8005});
  server.run();
}
