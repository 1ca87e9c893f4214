// Snippets of docs/GUIDE.md: options, CORS, what happens below Socket.IO.
#include <chrono>
#include <string>

#include "guide.hpp"
#include "naru/naru.hpp"

using namespace std::chrono_literals;

void options() {
  // [guide: options]
  naru::Server server({.loops = naru::all_cores});
  auto& io = server.io({
      .ping_interval = 10s,
      .max_payload = 100'000,
      .cors = {.origin = {"https://app.example"}, .credentials = true},
      .cookie = naru::HandshakeCookie{},
  });
  io.emit("ready");
  server.listen({.port = 3000, .host = "::"});
  // [guide end]
}

void node_like_origin(naru::Server& server) {
  // [guide: origin]
  server.io({.cors = {.enforce_origin = false}});  // as in Node: whoever asks is served
  // [guide end]
}

void origins(naru::Server& server) {
  // [guide: origins]
  naru::CorsOptions cors;
  cors.origin = {"https://app.example", "https://*.app.example"};
  cors.origin_patterns = {naru::Pattern("^https://pr-\\d+\\.preview\\.example$")};
  cors.allows_origin = [](std::string_view origin) { return origin.ends_with(".partner.example"); };
  cors.credentials = true;
  server.io({.cors = cors});
  // [guide end]
}

void engine(naru::Namespace& io) {
  // [guide: engine]
  auto& engine = io.engine();
  engine.allow_request([](const naru::Handshake& handshake) -> naru::Verdict {
    return handshake.header("x-tenant") ? naru::Verdict::allowed() : naru::refuse("which tenant?");
  });
  engine.use([](naru::EngineRequest& request) -> naru::Verdict {
    request.answer().add("x-served-by", "naru");
    return naru::allow;
  });
  engine.on_initial_headers([](naru::ResponseHeaders& headers, const naru::EngineRequest&) {
    headers.add("set-cookie", "seen=1; Path=/");
  });
  engine.on_connection_error([](const naru::ConnectionError& error, const naru::EngineRequest& request) {
    note(std::string(request.address()) + ": " + error.message);
  });
  // [guide end]
}

void parsers(naru::Server& server) {
  // [guide: parser]
  server.io({.parser = naru::msgpack_parser()});  // io(url, { parser: require("socket.io-msgpack-parser") })
  // [guide end]
}

void compression(naru::Server& server) {
  // [guide: compression]
  server.io({.per_message_deflate = {.enabled = true, .threshold = 512}});
  // [guide end]
}

void slow_readers(naru::Server& server) {
  // [guide: pressure]
  auto& io = server.io({
      .max_queued = 1'000'000,             // bytes that may wait for one client
      .when_full = naru::WhenFull::close,  // it gets them and the reason, and is closed; or WhenFull::drop
      .max_messages_per_second = 100,      // what comes faster waits on the client's side
  });
  io.on("subscribe", [](naru::Socket& socket) {
    if (socket.emit("snapshot", 1) == naru::SendStatus::buffered) note("a slow one");
  });
  // [guide end]
}

void admin_ui(naru::Namespace& io, const std::string& bcrypt_hash) {
  // [guide: admin]
  io.instrument({
      .auth = naru::BasicAuth{.username = "admin", .password = bcrypt_hash},
      .ui = true,  // the page itself, under /admin/
  });
  // [guide end]
}
