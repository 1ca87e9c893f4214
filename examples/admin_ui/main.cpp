// The Admin UI of Socket.IO, served by the server that it shows: log in on http://localhost:8005/admin/ as
// `admin` with the password `changeit`. In Node, for something to see:
//   const socket = io("http://localhost:8005");
//   socket.emit("join", "harbour");
#include <cstdint>
#include <string>

#include "naru/naru.hpp"

// What is kept for a socket is shown as well, when it can be written as JSON.
struct Visitor {
  std::int64_t joined = 0;
};

template <>
struct naru::Codec<Visitor> {
  static void encode(ArgumentWriter& out, const Visitor& visitor) {
    out.begin_object();
    out.member("joined", visitor.joined);
    out.end_object();
  }
};

int main() {
  naru::Server server;
  auto& io = server.io();
  // Before the other handlers, so that what they do is seen in order. The hash is of `htpasswd -nbB admin
  // changeit`.
  const std::string hash = "$2b$10$nu1FHRkuxkZkqID.31gz4uQsyERZAn.m4IIruysTsHDODBtrqS5Me";
  io.instrument({
      .auth = naru::BasicAuth{.username = "admin", .password = hash},
      .ui = true,
  });
  io.on("join", [](naru::Socket& socket, std::string room) {
    ++socket.data<Visitor>().joined;
    socket.join(room);
    socket.to(room).emit("joined", socket.id());
  });
  server.listen({.port = 8005});
  server.run();
}
