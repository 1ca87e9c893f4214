// The Admin UI of Socket.IO: what the server does, seen and steered in a browser. naru speaks the protocol of
// npm's @socket.io/admin-ui and, when asked, serves its page.
//
//   server.io().instrument({
//       .auth = naru::BasicAuth{.username = "admin", .password =
//       "$2b$10$heqvAkYMez.Va6Et2uXInOnkCT6/uQj1brkrbyG3LpopDklcq7ZOS"}, .ui = true, //
//       http://localhost:8005/admin/
//   });
//
// Before Server::run(). Throws std::logic_error when `auth` is not said or the password is no bcrypt hash.
// Not instrumented, a server pays nothing; with nobody logged in, a few counters for each packet.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <variant>

namespace naru {
inline namespace v0 {

// One user. `password` is a bcrypt hash ("$2b$", "$2y$", "$2a$"), as `htpasswd -nbB admin secret` or npm's
// bcryptjs make it.
struct BasicAuth {
  std::string username = {};
  std::string password = {};
};

// Everybody who reaches the namespace is an administrator.
struct NoAuth {};
inline constexpr NoAuth no_auth{};

// Each socket, room and event is shown to those who watch; or, in production, only counters.
enum class InstrumentMode { development, production };

struct InstrumentOptions {
  std::string namespace_name = "/admin";
  // Must be said.
  std::variant<std::monostate, NoAuth, BasicAuth> auth = {};
  // Administrators look, they cannot emit, move or disconnect anybody.
  bool read_only = false;
  // How this server is called among several; empty: the host's name.
  std::string server_id = {};
  InstrumentMode mode = InstrumentMode::development;

  // The page, at `ui_path` on the same port.
  bool ui = false;
  std::string ui_path = "/admin/";

  // A login gives a session id, with which the page comes back without a password. The oldest gives way.
  std::chrono::seconds session_lifetime = std::chrono::hours(24);
  std::size_t max_sessions = 1000;
  // Passwords that one address may try: so many at once, then so many a minute. Each costs a worker about a
  // tenth of a second.
  unsigned max_logins_per_minute = 10;
  // Events of sockets that are shown (event_received, event_sent): what is beyond is left out, as the page
  // keeps the newest 1000. Everything else is always shown.
  unsigned max_events_per_second = 1000;
  // Sockets that a new administrator is told of: 5000 are about 4 MB, half of what may wait for a reader.
  std::size_t max_listed_sockets = 5000;
};

}  // namespace v0
}  // namespace naru
