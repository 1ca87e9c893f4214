#include "serve/http_connection.hpp"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/origin.hpp"
#include "base/ids.hpp"
#include "http/query.hpp"
#include "serve/engine_door.hpp"
#include "serve/feed_door.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"
#include "serve/route_call.hpp"
#include "serve/websocket_door.hpp"

namespace naru::serve {
namespace {

// What the proxy next to us wrote: it may have added a field of its own behind one that the client made up.
std::optional<std::string_view> last_forwarded(const http::RequestHead& head, std::string_view name) {
  std::optional<std::string_view> last;
  for (const auto& field : head.fields()) {
    if (http::equal_names(field.name, name)) last = auth::last_forwarded(field.value);
  }
  return last;
}

}  // namespace

HttpConnection::HttpConnection(LoopServer& server, std::unique_ptr<base::ByteStream> stream,
                               net::TcpStream& tcp, std::string address)
    : server_(&server),
      tcp_(&tcp),
      address_(std::move(address)),
      session_(std::move(stream), *this, server.shared().http, server.loop().clock()) {}

HttpConnection::~HttpConnection() {
  if (is_counted_) server_->shared().census.leave(address_);
}

void HttpConnection::start() {
  tcp_->join_loop(server_->loop());
  on_deadline_changed(session_);
  if (server_->is_stopping()) session_.close_when_idle();
}

void HttpConnection::leave_loop() {
  net::TimerWheel::cancel(timer_);
  visitor_.reset();
  tcp_->leave_loop();
}

void HttpConnection::join_loop(LoopServer& server) {
  server_ = &server;
  tcp_->join_loop(server.loop());
  on_deadline_changed(session_);
  if (server.is_stopping()) session_.close_when_idle();
  session_.dispatch_kept();
}

std::string HttpConnection::release_address() {
  is_counted_ = false;
  return address_;
}

void HttpConnection::replace_visitor(std::unique_ptr<Visitor> visitor) {
  if (visitor_) server_->loop().dispose(std::move(visitor_));
  visitor_ = std::move(visitor);
}

std::string HttpConnection::client_address(const http::RequestHead& head) const {
  const auth::TrustedProxies& proxies = server_->shared().proxies;
  if (!proxies.trusts(address_)) return address_;
  std::vector<std::string_view> forwarded;
  for (const auto& field : head.fields()) {
    if (http::equal_names(field.name, "x-forwarded-for")) forwarded.push_back(field.value);
  }
  return auth::client_address(proxies, address_, forwarded);
}

bool HttpConnection::is_secure(const http::RequestHead& head, const http::Exchange& exchange) const {
  if (exchange.is_secure()) return true;
  if (!server_->shared().proxies.trusts(address_)) return false;
  return last_forwarded(head, "x-forwarded-proto") == std::string_view("https");
}

std::shared_ptr<HandshakeRequest> HttpConnection::copy_handshake(const http::Exchange& exchange) {
  auto handshake = std::make_shared<HandshakeRequest>();
  handshake->head = exchange.head();
  handshake->address = client_address(handshake->head);
  handshake->secure = is_secure(handshake->head, exchange);
  handshake->issued = server_->loop().clock().wall();
  return handshake;
}

std::string HttpConnection::refuse_origin(const http::RequestHead& head, const Origins& origins,
                                          bool secure) const {
  const auto origin = head.find("origin");
  if (!origin) return {};
  auth::OriginQuestion question{
      .origin = origin, .host = head.find("host").value_or(""), .is_secure = secure};
  if (server_->shared().proxies.trusts(address_)) {
    if (auto forwarded = last_forwarded(head, "x-forwarded-host")) {
      question.host = *forwarded;
    }
  }
  return auth::decide_origin(origins.list, question).sentence;
}

void HttpConnection::on_request(http::Http1Session&, http::Exchange& exchange) {
  if (server_->is_stopping()) {
    http::ResponseHead head{503};
    head.add("Retry-After", "1");
    return exchange.respond(std::move(head));
  }
  const Door door = server_->application().route(exchange.head());
  switch (door.kind) {
    case DoorKind::engine:
      return serve_engine(*this, exchange, door.number);
    case DoorKind::websocket:
      return serve_websocket(*this, exchange, door);
    case DoorKind::route:
      return serve_route(*this, exchange, door);
    case DoorKind::file:
      return answer_file(exchange, door);
    case DoorKind::feed:
      return serve_feed(*this, exchange, door);
    case DoorKind::none:
      return answer_nothing_here(exchange, door);
  }
}

void HttpConnection::answer_file(http::Exchange& exchange, const Door& door) {
  FileAnswer answer = server_->application().file(door, exchange.head());
  exchange.respond(std::move(answer.head), answer.body);
}

void HttpConnection::answer_nothing_here(http::Exchange& exchange, const Door& door) {
  http::ResponseHead head{door.allow.empty() ? 404 : 405};
  if (!door.allow.empty()) head.add("Allow", door.allow);
  head.add("Content-Type", "text/plain; charset=utf-8");
  exchange.respond(std::move(head),
                   base::Slice::borrowed(door.allow.empty() ? "Not Found" : "Method Not Allowed"));
}

// Only requests for a session move: everything else is served where it came in. An id of the user's own may
// look like one of ours, so the directory comes first.
bool HttpConnection::belongs_elsewhere(const http::RequestHead& head) {
  const hub::LoopGroup& loops = *server_->shared().loops;
  if (loops.size() == 1 || head.query().find("sid=") == std::string_view::npos) return false;
  if (server_->application().route(head).kind != DoorKind::engine) return false;
  const auto sid = http::Query(head.query()).get("sid");
  if (!sid) return false;
  auto home = server_->shared().sessions.find(*sid);
  if (!home) home = base::session_id_loop(*sid);
  if (!home || *home >= loops.size() || *home == server_->index()) return false;
  server_->hand_over(*this, *home);
  return true;
}

void HttpConnection::on_deadline_changed(http::Http1Session& session) {
  server_->loop().timers().schedule(timer_, session.deadline());
}

void HttpConnection::on_timer() {
  session_.tick(server_->loop().now());
  if (is_linked()) on_deadline_changed(session_);
}

void HttpConnection::on_session_over(http::Http1Session&) {
  net::TimerWheel::cancel(timer_);
  server_->dispose(*this);
}

void HttpConnection::on_refused(http::Http1Session&, int status, std::string_view reason) {
  log_peer(Level::info, "http",
           address_ + " was answered " + std::to_string(status) + ": " + std::string(reason));
}

void HttpConnection::say_goodbye() {
  session_.close_when_idle();
  if (visitor_) visitor_->on_server_stop();
}

void HttpConnection::cut() {
  session_.stream().abort();
  if (visitor_) visitor_->on_abort();  // sessions have ended before: only routes have something to say
  on_session_over(session_);
}

}  // namespace naru::serve
