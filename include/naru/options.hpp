// Every option of a server, with its default and what it costs to change it. Plain aggregates: name what you
// change and leave the rest.
//
//   naru::Server server({.loops = naru::all_cores});
//   auto& io = server.io({.ping_interval = 10s, .max_payload = 100'000});
//   server.listen({.port = 8005, .host = "::"});
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "naru/compression.hpp"
#include "naru/pattern.hpp"

namespace naru {
inline namespace v0 {

class Parser;  // naru/parser.hpp
std::shared_ptr<const Parser> json_parser();

// As many loops as the machine has cores; for ServerOptions::loops.
inline constexpr unsigned all_cores = 0;

struct ServerOptions {
  // Threads that serve. One: every callback runs on one thread, as people from Node expect. With more, a
  // namespace's handlers run on all of them at once. At most 255.
  unsigned loops = 1;
  // Threads for offload(), file uploads and password hashes; started when first used.
  unsigned workers = 2;

  // Connections that one address (in IPv6 one network of 64 bits) may hold; further ones are closed at once.
  // Loopback addresses are exempt: they are proxies and tools of this machine. 0 means no limit.
  std::uint32_t max_connections_per_address = 1000;
  // Connections in all; beyond it new ones are closed at once, so that those served keep their memory.
  std::uint32_t max_connections = 1'000'000;
  // Addresses or networks ("10.0.0.0/8") of proxies whose X-Forwarded-For, -Proto and -Host are believed.
  std::vector<std::string> trusted_proxies = {};

  // HTTP: the whole head, the request target, and the number of fields; more is answered 431, 414, 431.
  std::size_t max_head = 16 * 1024;
  std::size_t max_target = 8 * 1024;
  std::size_t max_fields = 100;
  // How long a head or a body may take to arrive (408), and how long a kept connection may stay idle.
  std::chrono::milliseconds head_timeout{10'000};
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds idle_timeout{65'000};

  // Bytes that may wait for one reader who is slow: more than a slow line owes for a moment, and a thousand
  // such readers still fit into a machine. A message is taken while less waits, whatever its size. Then
  // WhenFull decides; streamed HTTP answers are cut.
  std::size_t max_queued = std::size_t{8} * 1024 * 1024;
  // How long a reader that is closed for that may take to read what waits, and why: one that only slept a
  // moment loses nothing of it, and nobody holds the memory longer.
  std::chrono::milliseconds slow_grace{10'000};
};

// What becomes of a reader for whom max_queued bytes wait. Volatile messages never wait, so they go first.
enum class WhenFull {
  close,  // it gets what waits and the reason (WebSocket code 1008, on polling the packet "1"), and is closed
  drop,   // what comes is refused (SendStatus::dropped) until there is room again; the connection stays
};

struct ListenOptions {
  std::uint16_t port = 0;  // 0: the system chooses; Server::port() tells
  // "localhost" is both loopback addresses; "::" every IPv6 and IPv4 address, "0.0.0.0" every IPv4 one.
  // Anything but loopback is reachable from other machines, hence the default.
  std::string host = "localhost";
  std::string unix_path = {};  // a Unix socket instead of a port
  int backlog = 4096;
};

// Who may read answers from a page of another origin, and open WebSockets from one: npm's `cors`, and the one
// deliberate difference from Node (enforce_origin). On as soon as an origin, a pattern or a function is
// given.
struct CorsOptions {
  // "https://example.org", "https://*.example.org", "null", or "*" for everybody. A single origin is named in
  // every answer, as `cors` does with a text; of several the one that asks.
  std::vector<std::string> origin = {};
  bool credentials = false;
  std::vector<Pattern> origin_patterns = {};  // further ones; anchor them with ^ and $
  // Further ones: asked for each request from a page, on its loop; with several loops on all of them at once.
  std::function<bool(std::string_view origin)> allows_origin = {};

  // The answer to preflights.
  std::vector<std::string> methods = {"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"};
  std::vector<std::string> allowed_headers = {};  // none: whatever the preflight asks for
  std::vector<std::string> exposed_headers = {};
  std::optional<std::chrono::seconds> max_age = {};  // how long browsers may remember it
  int options_success_status = 204;                  // 200 for browsers that choke on 204
  bool preflight_continue = false;                   // the engine answers OPTIONS itself: code 2

  // Pages of other origins are refused (403). False is what Node does: they are served, browsers only keep
  // the answers from them, and their WebSockets are open to them.
  bool enforce_origin = true;
};

// The cookie that carries the session's id, for load balancers that send one client to one server by it. Set
// by the answer to a handshake by polling.
struct HandshakeCookie {
  enum class SameSite { unset, lax, strict, none };
  std::string name = "io";
  std::string path = "/";
  std::string domain = {};
  std::optional<std::chrono::seconds> max_age = {};  // none: until the browser ends
  std::optional<std::chrono::system_clock::time_point> expires = {};
  bool http_only = true;
  bool secure = false;
  bool partitioned = false;  // one for each site that embeds the page (CHIPS); needs secure
  SameSite same_site = SameSite::lax;
};

// gzip or deflate for the answers to polling GETs, when the client takes them.
struct HttpCompression {
  bool enabled = true;
  std::size_t threshold = 1024;  // bytes of an answer from which on it is compressed; Node's default
  // zlib's, 1 to 9. The loop does it: 1 MB of JSON takes about 15 ms at level 1; Node's 6 makes it a quarter
  // smaller in three times that.
  int level = 1;
};

// Limits and times of an Engine.IO server, under Socket.IO's names where it has them.
struct EngineOptions {
  std::string path = "/engine.io/";
  // Requests begin with the path and a slash. False: with the path alone, whatever stands behind it.
  bool add_trailing_slash = true;
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::chrono::milliseconds upgrade_timeout{10'000};
  // How long a session that is closed on polling waits for the GET that tells its client.
  std::chrono::milliseconds close_timeout{30'000};
  std::size_t max_payload =
      1'000'000;  // Node's maxHttpBufferSize: bytes of one POST or one WebSocket message
  bool allow_upgrades = true;
  bool allow_polling = true;    // "polling" in Node's `transports`
  bool allow_websocket = true;  // "websocket" in Node's `transports`
  CorsOptions cors = {};
  CompressionOptions per_message_deflate = {};  // of WebSocket messages; off unless enabled
  std::optional<HandshakeCookie> cookie = {};   // HandshakeCookie{} for Node's `cookie: true`
  HttpCompression http_compression = {};
  std::string initial_packet = {};  // a first message for every client, with the handshake's answer

  // See ServerOptions::max_queued, which is meant by 0, and WhenFull.
  std::size_t max_queued = 0;
  WhenFull when_full = WhenFull::close;
  // Messages and their bytes that are read from one client in a second; a second's worth may come at once.
  // What comes faster waits on the client's side: nothing is lost or answered with an error. 0, no limit, is
  // what Node does: how much is too much depends on what the handlers cost.
  std::size_t max_messages_per_second = 0;
  std::size_t max_bytes_per_second = 0;
};

struct IoOptions {
  std::string path = "/socket.io/";
  bool add_trailing_slash = true;
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::chrono::milliseconds upgrade_timeout{10'000};
  std::chrono::milliseconds close_timeout{30'000};
  std::chrono::milliseconds connect_timeout{45'000};  // a client that joins no namespace is closed
  std::size_t max_payload = 1'000'000;
  bool allow_upgrades = true;
  bool allow_polling = true;
  bool allow_websocket = true;
  bool serve_client = true;  // PATH/socket.io.js and seven other names
  CorsOptions cors = {};
  CompressionOptions per_message_deflate = {};  // of WebSocket messages; off unless enabled
  // How packets are written; the clients must have the same. Node's `parser`.
  std::shared_ptr<const Parser> parser = json_parser();
  std::optional<HandshakeCookie> cookie = {};
  HttpCompression http_compression = {};

  // See EngineOptions.
  std::size_t max_queued = 0;
  WhenFull when_full = WhenFull::close;
  std::size_t max_messages_per_second = 0;  // a binary part is a message of its own here
  std::size_t max_bytes_per_second = 0;

  // Binary parts of one packet, in the JSON parser: the limit of the official ones.
  std::size_t max_attachments = 10;
  std::size_t max_rooms_per_socket = 1000;  // joining more fails and is logged
  std::size_t max_namespaces_per_connection = 100;
  // Namespaces that clients' names have made, through the patterns and gates given to of(). One costs about
  // 4 KB; a client that asks for more is refused.
  std::size_t max_child_namespaces = 10'000;
  // Such a namespace goes when its last client has gone. Off as in Node: names are then never given back.
  bool cleanup_empty_child_namespaces = false;
  // Events that wait while a handler of the same socket is suspended; beyond it the connection is not read.
  std::size_t max_held_events = 256;
  std::size_t max_held_bytes = std::size_t{64} * 1024;
  // Acknowledgements that one socket may owe us at a time; more are refused at once.
  std::size_t max_pending_acks = 10'000;
  // Connection state recovery: how long a client whose connection was lost may come back as the socket that
  // it was, with its rooms and the events that it has missed. 0: off, as in the reference, because every
  // event then carries its position as one argument more (Node's maxDisconnectionDuration; two minutes are
  // usual).
  std::chrono::milliseconds recovery_window{0};
  // Who comes back was let in before: gates are not asked again (Node's skipMiddlewares). Its identity, and
  // until when it may be here, are what they said then.
  bool recovery_skip_middlewares = true;
  // Events that one namespace keeps for those who may come back: 500 a second for two minutes. When that is
  // not enough the oldest go, and who has missed one of them connects as somebody new.
  std::size_t recovery_max_bytes = std::size_t{32} * 1024 * 1024;
  // Sockets of one namespace that may come back: how many, and what is kept of them (rooms, data).
  std::size_t recovery_max_sessions = 100'000;
  std::size_t recovery_max_session_bytes = std::size_t{64} * 1024 * 1024;
  // The answer to an event whose arguments do not decode, when it asked for an acknowledgement.
  enum class BadArguments { answer, silent };
  BadArguments bad_arguments = BadArguments::answer;
};

struct WebSocketOptions;  // naru/websocket.hpp: it holds handlers

}  // namespace v0
}  // namespace naru
