// Snippets of docs/GUIDE.md: bare WebSockets, for people who know npm's ws.
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "guide.hpp"
#include "naru/naru.hpp"

using namespace std::chrono_literals;

struct Player {
  std::string name;
  int moves = 0;
};

naru::Task<naru::Verdict> look_up(std::string token);

void websockets(naru::Server& server) {
  // [guide: first]
  naru::WebSocketOptions room;
  room.max_message = 16 * 1024;
  room.idle_timeout = 10min;
  room.subprotocols = {"chat.v2", "chat.v1"};
  room.on_open = [](naru::WebSocket& ws) {
    const naru::Handshake& client = ws.handshake();
    ws.subscribe(std::string(client.param("room")));
    ws.data<Player>().name = client.query("name").value_or("somebody");
    note(ws.data<Player>().name + " from " + std::string(client.address()));
  };
  room.on_message = [](naru::WebSocket& ws, naru::Message message) {
    ++ws.data<Player>().moves;
    for (const std::string& topic : ws.topics())
      ws.publish(topic, message);  // to all of it but itself
  };
  room.on_close = [](naru::WebSocket&, std::uint16_t code, std::string_view reason) {
    note(std::to_string(code) + " " + std::string(reason));
  };
  server.ws("/rooms/:room", std::move(room));
  // [guide end]

  // [guide: gate]
  naru::WebSocketOptions options;
  options.on_upgrade = [](const naru::Handshake& client) -> naru::Task<naru::Verdict> {
    return look_up(client.cookie("session").value_or(""));  // allow.as("user:42").until(time), or refuse("…")
  };
  options.on_headers = [](naru::ResponseHeaders& headers, const naru::Handshake&) {
    headers.add("Set-Cookie", "seen=1");
  };
  options.on_open = [](naru::WebSocket& ws) { ws.send("hello " + ws.identity()); };
  naru::WebSockets& clients = server.ws("/private", std::move(options));
  server.every(10s, [&clients] { clients.send(std::to_string(clients.count()) + " are here"); });
  // [guide end]

  // [guide: publish]
  server.publish("lobby", R"({"news":"from any thread"})");
  // [guide end]
}

// [guide: timers]
void begin_turn(naru::WebSocket& ws) {
  const naru::WebSocketTimer clock = ws.every(1s, [](naru::WebSocket& self) { self.send("tick"); });
  ws.after(30s, [clock](naru::WebSocket& self) {
    self.cancel(clock);
    self.close(4000, "your time is over");
  });
}
// [guide end]

// [guide: pressure]
void pour(naru::WebSocket& ws, std::string_view piece) {
  while (ws.send_binary(piece) == naru::SendStatus::sent) {
  }  // on_drain goes on
}
// [guide end]
