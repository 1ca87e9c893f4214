// Snippets of docs/GUIDE.md: handlers, gates, acknowledgements, errors.
#include <chrono>
#include <string>
#include <utility>

#include "guide.hpp"
#include "naru/json.hpp"
#include "naru/naru.hpp"

using namespace std::chrono_literals;

// [guide: own_type]
struct Line {
  std::string room;
  std::string text;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Line, room, text)  // with naru/json.hpp
// [guide end]

struct User {
  std::string name;
};

void first(naru::Server& server) {
  // [guide: first]
  auto& io = server.io();
  io.on("join", [](naru::Socket& socket, std::string room, naru::Ack ack) {
    socket.join(room);
    socket.to(room).emit("joined", socket.id());
    ack("ok", socket.rooms().size());
  });
  io.on("say", [](naru::Socket& socket, Line line) { socket.to(line.room).emit("said", line); });
  io.on_disconnect([](naru::Socket& socket, std::string_view reason) {
    note(socket.id() + " left: " + std::string(reason));
  });
  // [guide end]
}

void per_socket(naru::Namespace& io) {
  // [guide: per_socket]
  io.on_connection([](naru::Socket& socket) {
    socket.on("whoami", [](naru::Socket& self, naru::Ack ack) { ack(self.id()); });
    socket.once("hello", [](naru::Socket& self) { self.emit("hello to you"); });
    const naru::HandlerId id = socket.on("tick", [] {});
    socket.off(id);  // this one; socket.off("tick") removes all of that event
  });
  // [guide end]
}

void gates(naru::Namespace& io) {
  // [guide: gate]
  io.use([](naru::Socket& socket) -> naru::Verdict {
    const auto name = socket.handshake().auth.get<std::string>("name");
    if (!name) return naru::refuse("who are you?");  // the client's connect_error
    socket.data<User>().name = *name;
    return naru::allow;
  });
  // [guide end]
  // [guide: gate_with_data]
  io.use([](naru::Socket& socket) -> naru::Verdict {
    if (socket.handshake().query("beta"))
      return naru::allow.as("tester").until(std::chrono::system_clock::now() + 1h);
    return naru::refuse("not yet", nlohmann::json{{"code", 425}});  // err.data in the browser
  });
  // [guide end]
}

// A database that answers later, on a thread of its own.
struct Database {
  static void find(const std::string& token, naru::Function<void(bool)> found) { found(!token.empty()); }
};

void later_gate(naru::Namespace& io) {
  // [guide: decision]
  io.use([](naru::Socket& socket, naru::Decision decide) {
    const std::string token = socket.handshake().auth.get<std::string>("token").value_or("");
    Database::find(token, [decide = std::move(decide)](bool found) mutable {
      decide(found ? naru::allow : naru::refuse("unknown token"));
    });
  });
  // [guide end]
}

void socket_middleware(naru::Namespace& io) {
  // [guide: socket_middleware]
  io.on_connection([](naru::Socket& socket) {
    socket.use([](naru::Socket&, std::string_view event, const naru::ArgsView& arguments) -> naru::Verdict {
      if (event == "admin" && arguments.get<std::string>(0) != "sesame") return naru::refuse("not for you");
      return naru::allow;
    });
    socket.on_error([](naru::Socket& self, const naru::HandlerError& error) {
      self.emit("refused", error.event, error.message);
    });
  });
  // [guide end]
}

void catch_all(naru::Namespace& io) {
  // [guide: catch_all]
  io.on_any([](naru::Socket&, std::string_view event, const naru::ArgsView& arguments) {
    note("in: " + std::string(event) + ", " + std::to_string(arguments.size()));
  });
  io.on_any_outgoing([](naru::Socket&, std::string_view event, const naru::ArgsView&) {
    note("out: " + std::string(event));
  });
  // [guide end]
}

void relay(naru::Namespace& io) {
  // [guide: raw]
  io.on("relay", [](naru::Socket& socket, std::string room, naru::RawJsonView anything) {
    socket.to(room).emit("relayed", anything);  // checked once, never taken apart
  });
  io.on("all", [](naru::Socket& socket, naru::ArgsView all) { socket.emit("all", all); });
  // [guide end]
}

// [guide: slow]
naru::Task<> pay(naru::Socket& socket, std::string order, naru::Ack ack) {
  auto work = [&order] { return order.size(); };  // blocking work, on a worker's thread
  const std::size_t receipt = co_await naru::offload(work);
  ack(receipt);
  socket.emit("paid", order);
}
// [guide end]

void slow(naru::Namespace& io) {
  // [guide: slow_on]
  io.on("pay", pay);  // this socket's next event waits for it, nobody else's
  // [guide end]
}
