#include "serve/bare_websocket.hpp"

#include <algorithm>
#include <utility>

#include "engineio/options.hpp"
#include "serve/application.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"

namespace naru::serve {

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

void BareWebSocket::admit(const Verdict& verdict) {
  if (verdict.identity().empty() && !verdict.expires()) return;
  admission_ = std::make_unique<Admission>(server_.admissions(), verdict, [this](AdmissionEnd why) {
    websocket_.close(number(ws::CloseCode::policy_violation), reason_of(why));
  });
}

void BareWebSocket::attach(std::unique_ptr<WebSocketClient> client) {
  client_ = std::move(client);
  const base::TimePoint now = server_.loop().now();
  if (settings_.ping_interval > base::Duration::zero()) next_beat_ = now + settings_.ping_interval;
  if (settings_.idle_timeout > base::Duration::zero()) heard_at_ = now;
  on_deadline_changed();
  client_->on_open();
}

// --- a reader that is slow ---

base::WriteStatus BareWebSocket::send_behind(const base::Frame& frame, bool compress) {
  return refuses() ? base::WriteStatus::closed : websocket_.send_encoded(frame, compress);
}

base::WriteStatus BareWebSocket::ping(std::string_view payload) {
  return websocket_.is_backlogged() && refuses() ? base::WriteStatus::closed : websocket_.ping(payload);
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
  heard_at_ = base::kNever;
  end_client({number(kSlowReaderCode), engineio::kTooSlow, true});
  websocket_.close(number(kSlowReaderCode), engineio::kTooSlow, settings_.slow_grace);
}

void BareWebSocket::end_client(const WebSocketEnd& end) {
  admission_.reset();
  auto client = std::move(client_);
  if (!client) return;
  client->on_closed(end);
  server_.loop().dispose(std::move(client));
}

// --- what comes ---

void BareWebSocket::on_message(std::string_view data, bool binary) {
  hear();
  if (inbound_) pay_for(data.size());
  if (client_) client_->on_message(data, binary);
}

void BareWebSocket::hear() {
  if (heard_at_ != base::kNever) heard_at_ = server_.loop().now();
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

void BareWebSocket::pause() {
  is_paused_ = true;
  websocket_.pause_reading();
}

void BareWebSocket::resume() {
  if (!std::exchange(is_paused_, false)) return;
  read_on();
  on_deadline_changed();
}

// Its pong, and what it has said meanwhile, may lie unread: the time to answer begins anew.
void BareWebSocket::read_on() {
  if (!reads()) return;
  hear();
  if (awaits_pong_ && next_beat_ != base::kNever) next_beat_ = server_.loop().now() + settings_.ping_interval;
  websocket_.resume_reading();
}

void BareWebSocket::on_ping(std::string_view payload) {
  hear();
  if (client_) client_->on_ping(payload);
}

void BareWebSocket::on_pong(std::string_view payload) {
  if (std::exchange(awaits_pong_, false)) {
    next_beat_ = server_.loop().now() + settings_.ping_interval;
    on_deadline_changed();
  }
  if (client_) client_->on_pong(payload);
}

void BareWebSocket::tell_drain_soon() {
  if (!std::exchange(owes_drain_, true)) on_deadline_changed();
}

void BareWebSocket::on_drain() {
  is_overflowing_ = false;
  if (client_) client_->on_drain();
}

// --- the end ---

void BareWebSocket::on_closed(std::uint16_t code, std::string_view reason, bool clean) {
  const bool is_failure =
      !clean && code != number(ws::CloseCode::no_status) && code != number(ws::CloseCode::abnormal);
  if (is_failure) log_peer(Level::info, "websocket", address_ + ": " + std::string(reason));
  end({code, reason, is_failure});
}

void BareWebSocket::end(const WebSocketEnd& end) {
  net::TimerWheel::cancel(timer_);
  end_client(end);
  server_.dispose(*this);
}

void BareWebSocket::say_goodbye() {
  websocket_.close(number(ws::CloseCode::going_away), "the server stops");
}

void BareWebSocket::cut() {
  websocket_.abort();
  end({number(ws::CloseCode::abnormal), {}, false});
}

// --- time ---

void BareWebSocket::on_deadline_changed() {
  if (websocket_.state() != ws::SessionState::open && !std::exchange(has_told_closing_, true) && client_)
    client_->on_closing();
  const bool is_due = client_ != nullptr && (is_too_slow_ || owes_drain_);
  const base::TimePoint due = is_due ? server_.loop().now() : read_again_at_;
  server_.loop().timers().schedule(timer_, std::min({due, websocket_.deadline(), next_beat_, idle_at()}));
}

void BareWebSocket::on_timer() {
  const base::TimePoint now = server_.loop().now();
  if (is_too_slow_ && client_ != nullptr) end_slow_reader();
  if (std::exchange(owes_drain_, false) && !websocket_.is_backlogged() && client_ != nullptr)
    client_->on_drain();
  if (is_linked() && now >= read_again_at_) {
    read_again_at_ = base::kNever;
    read_on();
  }
  if (is_linked() && now >= next_beat_) beat(now);
  if (is_linked() && now >= idle_at()) end_idle();
  if (is_linked()) websocket_.tick(now);
  if (is_linked()) on_deadline_changed();
}

// A peer that has not answered one ping within the interval is taken for gone; but while we do not read, its
// pongs are not seen either.
void BareWebSocket::beat(base::TimePoint now) {
  if (websocket_.state() != ws::SessionState::open) {
    next_beat_ = base::kNever;  // the goodbye has a time of its own
    return;
  }
  if (awaits_pong_ && reads()) {
    constexpr std::string_view kGone = "it answered no ping";
    log_peer(Level::info, "websocket", address_ + " is cut off: " + std::string(kGone));
    websocket_.abort();
    return end({number(ws::CloseCode::abnormal), kGone, true});
  }
  websocket_.ping();
  awaits_pong_ = true;
  next_beat_ = now + settings_.ping_interval;
}

base::TimePoint BareWebSocket::idle_at() const noexcept {
  const bool may_speak = heard_at_ != base::kNever && reads() && websocket_.state() == ws::SessionState::open;
  return may_speak ? heard_at_ + settings_.idle_timeout : base::kNever;
}

// 1001 as other servers have it for this (RFC 6455 names no code of its own).
void BareWebSocket::end_idle() {
  log_peer(Level::info, "websocket", address_ + " said nothing for idle_timeout: it is closed");
  websocket_.close(number(ws::CloseCode::going_away), "idle for too long");
}

}  // namespace naru::serve
