#include "serve/websocket_door.hpp"

#include <algorithm>
#include <utility>

#include "serve/http_connection.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"
#include "ws/handshake.hpp"

namespace naru::serve {
namespace {

void refuse(HttpConnection& connection, http::Exchange& exchange, const std::string& sentence) {
  log_peer(Level::info, "websocket", connection.address() + " was refused: " + sentence);
  http::ResponseHead head{403};
  head.add("Content-Type", "text/plain; charset=utf-8");
  head.add("Connection", "close");
  exchange.respond(std::move(head), base::Slice(base::Frame::copy(sentence)));
}

}  // namespace

void serve_websocket(HttpConnection& connection, http::Exchange& exchange, std::uint32_t number) {
  LoopServer& server = connection.server();
  Application& application = server.application();
  const WebSocketSettings& settings = application.websocket(number);

  ws::Handshake handshake = ws::accept_handshake(
      exchange.head(), {.subprotocols = settings.subprotocols, .compression = settings.session.compression});
  if (auto* refused = std::get_if<ws::RefusedHandshake>(&handshake)) {
    log_peer(Level::info, "websocket",
             connection.address() + " was refused: " + std::string(refused->reason));
    return exchange.respond(std::move(refused->response), base::Slice::borrowed(refused->reason));
  }
  const std::string foreign = connection.refuse_origin(exchange.head(), settings.origins,
                                                       connection.is_secure(exchange.head(), exchange));
  if (!foreign.empty()) return refuse(connection, exchange, foreign);
  SharedHandshake request = connection.copy_handshake(exchange);
  if (auto sentence = application.refuse_websocket(number, request))
    return refuse(connection, exchange, *sentence);

  auto& accepted = std::get<ws::AcceptedHandshake>(handshake);
  std::string address = connection.release_address();
  auto made = std::make_unique<BareWebSocket>(server, exchange.upgrade(std::move(accepted.response)),
                                              settings, std::move(address), accepted.deflate);
  BareWebSocket& websocket = server.own(std::move(made));
  websocket.attach(application.open_websocket(number, websocket, std::move(request)));
}

BareWebSocket::BareWebSocket(LoopServer& server, std::unique_ptr<base::ByteStream> stream,
                             const WebSocketSettings& settings, std::string address,
                             const std::optional<ws::DeflateParameters>& deflate)
    : server_(server),
      settings_(settings),
      websocket_(std::move(stream), settings.session, *this, server.loop().clock(),
                 ws::Compression::of(deflate, server.compression(), settings.session.compression)),
      address_(std::move(address)) {}

BareWebSocket::~BareWebSocket() {
  server_.shared().census.leave(address_);
}

void BareWebSocket::attach(std::unique_ptr<WebSocketClient> client) {
  client_ = std::move(client);
  if (settings_.ping_interval > base::Duration::zero()) {
    next_beat_ = server_.loop().now() + settings_.ping_interval;
    on_deadline_changed();
  }
}

base::WriteStatus BareWebSocket::send(const base::Frame& frame, bool compress) {
  const base::WriteStatus status = websocket_.send_encoded(frame, compress);
  if (status == base::WriteStatus::buffered) [[unlikely]]
    note_backlog();
  return status;
}

// By the timer: a fan-out may be on the stack, and what is asked for at the end of a turn could come in the
// next one, when this has been freed.
void BareWebSocket::note_backlog() {
  if (is_cutting_ || websocket_.buffered() <= settings_.max_queued) return;
  is_cutting_ = true;
  log_peer(Level::warning, "websocket", address_ + " does not read: max_queued is reached, it is cut off");
  on_deadline_changed();
}

void BareWebSocket::on_message(std::string_view data, bool binary) {
  if (client_) client_->on_message(data, binary);
}

void BareWebSocket::on_pong(std::string_view) {
  if (!awaits_pong_) return;
  awaits_pong_ = false;
  next_beat_ = server_.loop().now() + settings_.ping_interval;
  on_deadline_changed();
}

void BareWebSocket::on_drain() {
  if (client_) client_->on_drain();
}

void BareWebSocket::on_closed(std::uint16_t code, std::string_view reason, bool) {
  net::TimerWheel::cancel(timer_);
  if (auto client = std::move(client_)) {
    client->on_closed(code, reason);
    server_.loop().dispose(std::move(client));
  }
  server_.dispose(*this);
}

void BareWebSocket::on_deadline_changed() {
  const base::TimePoint due = is_cutting_ ? server_.loop().now() : base::kNever;
  server_.loop().timers().schedule(timer_, std::min({due, websocket_.deadline(), next_beat_}));
}

void BareWebSocket::on_timer() {
  if (is_cutting_) return cut();
  const base::TimePoint now = server_.loop().now();
  if (now >= next_beat_) beat(now);
  if (is_linked()) websocket_.tick(now);
  if (is_linked()) on_deadline_changed();
}

// A peer that has not answered one ping within the interval is taken for gone.
void BareWebSocket::beat(base::TimePoint now) {
  if (awaits_pong_) {
    log_peer(Level::info, "websocket", address_ + " answered no ping: it is cut off");
    return cut();
  }
  websocket_.ping();
  awaits_pong_ = true;
  next_beat_ = now + settings_.ping_interval;
}

void BareWebSocket::say_goodbye() {
  websocket_.close(number(ws::CloseCode::going_away), "the server stops");
}

void BareWebSocket::cut() {
  websocket_.abort();
  on_closed(1006, {}, false);
}

}  // namespace naru::serve
