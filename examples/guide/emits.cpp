// Snippets of docs/GUIDE.md, which quotes the regions word for word (tests/docs/check.mjs): emits.
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "guide.hpp"
#include "naru/naru.hpp"

using namespace std::chrono_literals;

void basic_emit(naru::Socket& socket) {
  // [guide: basic]
  socket.emit("hello", 1, "2", std::vector<int>{3, 4}, naru::Bytes::copy("\x05\x06"));
  // [guide end]
}

void to_the_client(naru::Namespace& io) {
  // [guide: one]
  io.on_connection([](naru::Socket& socket) {
    socket.emit("hello", "can you hear me?", 1, 2, "abc");    // to this client
    socket.broadcast().emit("hello", "from another client");  // to all but this client
    socket.to("game").emit("nice game", "let's play");        // to a room, but not to this client
    socket.to("game1").to("game2").emit("nice game");         // to two rooms: nobody gets it twice
    socket.except("game").emit("hello");                      // to all but a room, and not to this client
  });
  // [guide end]
}

void to_everybody(naru::Namespace& io, const std::string& id) {
  // [guide: many]
  io.emit("hello");                                       // to everybody
  io.in("game").emit("big announcement");                 // to everybody in a room
  io.to("game1").to("game2").except("game3").emit("hi");  // to two rooms, without those of a third
  io.of("/chat").to("game").emit("start");                // to a room of another namespace
  io.to(id).emit("for your eyes only");                   // to one client, by its id, from any thread
  io.local().emit("hello");                               // to those of this server, in a cluster
  // [guide end]
}

void modifiers(naru::Socket& socket, naru::Namespace& io) {
  // [guide: modifiers]
  socket.volatile_().emit("position", 3, 4);             // lost when the client cannot take it now
  socket.compress(false).emit("already", "compressed");  // permessage-deflate leaves it alone
  io.volatile_().to("game").emit("position", 3, 4);
  io.to("game").compress(false).emit("already", "compressed");
  // [guide end]
}

void answers_by_callback(naru::Socket& socket, naru::Namespace& io) {
  // [guide: answers]
  socket.emit("question", "sure?", [](naru::Result<naru::Args> reply) {
    if (reply) note("answered: " + reply->get<std::string>(0).value_or("?"));
  });
  socket.timeout(5s).emit("question", "sure?", [](naru::Result<naru::Args> reply) {
    if (!reply) note("no answer: " + reply.error().message());  // timed out, or gone
  });
  io.in("game").timeout(10s).emit_with_reply(
      [](naru::BroadcastReply reply) {
        note(std::to_string(reply.answers.size()) + (reply.error ? " in time" : ", everybody"));
      },
      "ready?");
  // [guide end]
}

// [guide: awaited]
naru::Task<> ask(naru::Socket& socket, naru::Namespace& io) {
  naru::Result<naru::Args> one = co_await socket.timeout(5s).emit_with_ack("sure?");
  if (!one) co_return;  // one.error().code() is naru::errc::timed_out or naru::errc::disconnected
  naru::BroadcastReply all = co_await io.in("game").timeout(10s).emit_with_ack("ready?");
  if (all.error) io.emit("somebody sleeps", all.answers.size());  // the answers that came in time
}
// [guide end]

void between_servers(naru::Namespace& io) {
  // [guide: servers]
  io.server_side_emit("hello", "world");
  // [guide end]
}

void structure(naru::Namespace& io) {
  // [guide: target]
  const naru::Broadcast players = io.to("game").except("muted");  // a value: keep it, use it again
  players.emit("score", 3, 1);
  players.volatile_().emit("clock", 17);  // `players` itself is not volatile now
  // [guide end]
}

void from_anywhere(naru::Server& server, naru::Namespace& io) {
  // [guide: http]
  server.post("/orders/:id/pay", [&io](naru::Request request, naru::Response response) {
    io.to("order:" + std::string(request.param("id"))).emit("paid");
    response.json(std::map<std::string, bool>{{"ok", true}});
  });
  // [guide end]
}
