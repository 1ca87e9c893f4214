#include "serve/websocket_door.hpp"

#include <algorithm>
#include <utility>

#include "engineio/options.hpp"
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
      address_(std::move(address)) {
  if (settings.inbound.any()) inbound_ = std::make_unique<InboundRate>(settings.inbound);
}

BareWebSocket::~BareWebSocket() {
  server_.shared().census.leave(address_);
}

void BareWebSocket::attach(std::unique_ptr<WebSocketClient> client) {
  client_ = std::move(client);
  if (settings_.ping_interval > base::Duration::zero())
    next_beat_ = server_.loop().now() + settings_.ping_interval;
  on_deadline_changed();
}

// --- a reader that is slow ---

base::WriteStatus BareWebSocket::send_behind(const base::Frame& frame, bool compress) {
  return refuses() ? base::WriteStatus::closed : note(websocket_.send_encoded(frame, compress));
}

base::WriteStatus BareWebSocket::ping(std::string_view payload) {
  return is_backlogged_ && refuses() ? base::WriteStatus::closed : note(websocket_.ping(payload));
}

// It ends by the timer: a fan-out may be on the stack, and what is asked for at the end of a turn could come
// in the next one, when this has been freed.
bool BareWebSocket::refuses() {
  if (is_too_slow_) return true;
  if (websocket_.buffered() < settings_.max_queued) return false;
  if (std::exchange(is_overflowing_, true)) return true;
  const bool is_kept = settings_.when_full == WhenFull::drop;
  log_peer(Level::warning, "websocket",
           address_ + " does not read: max_queued is reached, " +
               (is_kept ? "messages for it are dropped" : "it is closed"));
  is_too_slow_ = !is_kept;
  on_deadline_changed();
  return true;
}

void BareWebSocket::end_slow_reader() {
  next_beat_ = base::kNever;  // a pong would have to come through what waits
  end_client(number(kSlowReaderCode), engineio::kTooSlow);
  websocket_.close(number(kSlowReaderCode), engineio::kTooSlow, settings_.slow_grace);
}

void BareWebSocket::end_client(std::uint16_t code, std::string_view reason) {
  auto client = std::move(client_);
  if (!client) return;
  client->on_closed(code, reason);
  server_.loop().dispose(std::move(client));
}

// --- events ---

void BareWebSocket::tell_drain_soon() {
  if (!std::exchange(owes_drain_, true)) on_deadline_changed();
}

void BareWebSocket::on_message(std::string_view data, bool binary) {
  if (inbound_) pay_for(data.size());
  if (client_) client_->on_message(data, binary);
}

void BareWebSocket::pay_for(std::size_t bytes) {
  const base::TimePoint now = server_.loop().now();
  const InboundRate::Pause pause = inbound_->take(bytes, now);
  if (pause.until <= now) return;
  if (pause.begins) {
    log_peer(
        Level::info, "websocket",
        address_ + " sends faster than max_messages_per_second or max_bytes_per_second: it is read slower");
  }
  read_again_at_ = pause.until;
  websocket_.pause_reading();
  on_deadline_changed();
}

void BareWebSocket::on_pong(std::string_view) {
  if (!awaits_pong_) return;
  awaits_pong_ = false;
  next_beat_ = server_.loop().now() + settings_.ping_interval;
  on_deadline_changed();
}

void BareWebSocket::on_drain() {
  is_backlogged_ = false;
  is_overflowing_ = false;
  if (client_) client_->on_drain();
}

void BareWebSocket::on_closed(std::uint16_t code, std::string_view reason, bool clean) {
  net::TimerWheel::cancel(timer_);
  const bool is_broken = !clean && code != 1005 && code != 1006;
  if (is_broken) log_peer(Level::info, "websocket", address_ + ": " + std::string(reason));
  end_client(code, reason);
  server_.dispose(*this);
}

void BareWebSocket::on_deadline_changed() {
  const bool is_due = client_ != nullptr && (is_too_slow_ || owes_drain_);
  const base::TimePoint due = is_due ? server_.loop().now() : read_again_at_;
  server_.loop().timers().schedule(timer_, std::min({due, websocket_.deadline(), next_beat_}));
}

void BareWebSocket::on_timer() {
  const base::TimePoint now = server_.loop().now();
  if (is_too_slow_ && client_ != nullptr) end_slow_reader();
  if (std::exchange(owes_drain_, false) && !is_backlogged_ && client_ != nullptr) client_->on_drain();
  if (now >= read_again_at_) {
    read_again_at_ = base::kNever;
    websocket_.resume_reading();
    // Its pong may lie unread: the time to answer begins anew.
    if (awaits_pong_ && next_beat_ != base::kNever) next_beat_ = now + settings_.ping_interval;
  }
  if (now >= next_beat_) beat(now);
  if (is_linked()) websocket_.tick(now);
  if (is_linked()) on_deadline_changed();
}

// A peer that has not answered one ping within the interval is taken for gone; but while we do not read, its
// pongs are not seen either.
void BareWebSocket::beat(base::TimePoint now) {
  const bool is_paused = read_again_at_ != base::kNever;
  if (awaits_pong_ && !is_paused) {
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
