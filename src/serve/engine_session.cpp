#include "serve/engine_session.hpp"

#include <algorithm>
#include <utility>

#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"
#include "serve/polling.hpp"

namespace naru::serve {

EngineSession::EngineSession(LoopServer& server, const EngineSettings& settings, std::string sid,
                             bool wants_base64, bool has_own_id)
    : server_(server),
      settings_(settings),
      session_(std::move(sid), settings.session, *this, wants_base64),
      memory_(server.loop().ledger(), net::Account::messages),
      has_own_id_(has_own_id) {
  ++settings_.state->sessions;
  if (settings.inbound.any()) inbound_ = std::make_unique<InboundRate>(settings.inbound);
}

EngineSession::~EngineSession() = default;

base::TimePoint EngineSession::now() const {
  return server_.loop().now();
}

// The client may have closed the session while it was made, before there was anybody to tell.
void EngineSession::attach(std::unique_ptr<EngineClient> client,
                           std::optional<std::chrono::system_clock::time_point> expires) {
  if (client && session_.state() == engineio::SessionState::closed) {
    client->on_open();
    client->on_closed(engineio::to_text(engineio::CloseReason::forced_close), {});
    return server_.loop().dispose(std::move(client));
  }
  client_ = std::move(client);
  if (!client_) return close();
  if (client_->observes_packets()) session_.observe();
  client_->on_open();
  if (client_ && expires) wait_for_expiry(*expires);
  if (server_.is_stopping()) close();
}

// The wall's clock may be set meanwhile, so it is looked at again.
void EngineSession::wait_for_expiry(std::chrono::system_clock::time_point expires) {
  constexpr base::Duration kLookAgain = std::chrono::minutes(1);
  const auto left = expires - server_.loop().clock().wall();
  if (left <= left.zero()) return close();
  if (!expiry_) expiry_ = std::make_unique<net::FunctionTimer>([this, expires] { wait_for_expiry(expires); });
  const bool is_near = left < kLookAgain;
  server_.loop().timers().schedule(
      *expiry_, now() + (is_near ? std::chrono::duration_cast<base::Duration>(left) : kLookAgain));
}

void EngineSession::account_memory() noexcept {
  memory_.set(session_.memory());
}

// A fan-out may be on the stack, and nobody's membership may change under it; or a handler's own work.
template <class Work>
void EngineSession::at_end_of_turn(Work work) {
  server_.loop().at_end_of_turn([this, &server = server_, sid = sid(), work] {
    if (server.find_session(sid) == this) work();
  });
}

// --- events of the machine ---

void EngineSession::on_message(std::string_view data, bool binary) {
  if (inbound_) pay_for(data.size());
  if (client_) client_->on_message(data, binary);
}

void EngineSession::on_drain() {
  if (client_) client_->on_drain();
}

void EngineSession::on_overflow() {
  const bool is_kept = settings_.session.when_full == WhenFull::drop;
  log_peer(Level::warning, "engineio",
           "a client does not read: max_queued is reached, " +
               std::string(is_kept ? "messages for it are dropped" : "its session is closed") + " (" +
               std::to_string(session_.queued_bytes()) + " bytes wait)");
  if (!is_kept) at_end_of_turn([this] { end_slow_reader(); });
}

void EngineSession::on_upgrading() {
  if (client_) client_->on_upgrading();
}

void EngineSession::on_transport(engineio::Transport) {
  if (client_) client_->on_upgrade();
}

void EngineSession::on_heartbeat() {
  if (client_) client_->on_heartbeat();
}

void EngineSession::on_packet(const engineio::PacketView& packet) {
  if (client_) client_->on_packet(packet);
}

void EngineSession::on_packet_create(const engineio::Packet& packet) {
  if (client_) client_->on_packet_create(packet);
}

void EngineSession::on_closed(engineio::CloseReason reason, std::string_view description) {
  net::TimerWheel::cancel(timer_);
  if (expiry_) net::TimerWheel::cancel(*expiry_);
  --settings_.state->sessions;
  answer_held_post();
  end_client(engineio::to_text(reason), description);
  server_.remove_session(*this);
}

void EngineSession::on_deadline_changed() {
  server_.loop().timers().schedule(timer_, std::min(session_.deadline(), read_again_at_));
}

void EngineSession::on_timer() {
  if (now() >= read_again_at_) resume(kPausedByRate);
  session_.tick(now());
  if (session_.state() != engineio::SessionState::closed) on_deadline_changed();
}

// --- ends ---

// At once, though what waits may take a while to leave: nothing can be sent any more.
void EngineSession::end_client(std::string_view reason, std::string_view description) {
  auto client = std::move(client_);
  if (!client) return;
  client->on_closed(reason, description);
  server_.loop().dispose(std::move(client));
}

void EngineSession::end_slow_reader() {
  if (session_.state() == engineio::SessionState::closed) return;
  end_client(engineio::to_text(engineio::CloseReason::transport_error), engineio::kTooSlow);
  answer_held_post();
  session_.end_slow_reader(now());
}

void EngineSession::close(engineio::CloseReason reason) {
  session_.close(reason, now());
  if (!session_.holds_post()) answer_held_post();
}

// A send that came from another thread said `buffered` before it was here: its end is told all the same.
void EngineSession::tell_drain_soon() {
  if (std::exchange(owes_drain_, true)) return;
  at_end_of_turn([this] {
    owes_drain_ = false;
    // One that closes takes nothing: whoever tries again when told so would be told so again, without end.
    const bool is_open = session_.state() == engineio::SessionState::open;
    if (client_ && is_open && !session_.owes_drain()) client_->on_drain();
  });
}

// --- pauses ---

void EngineSession::pause(std::uint8_t reason) {
  paused_by_ |= reason;
  session_.pause();
}

void EngineSession::resume(std::uint8_t reason) {
  if (reason == kPausedByRate) read_again_at_ = base::kNever;
  paused_by_ &= static_cast<std::uint8_t>(~reason);
  if (paused_by_ != 0 || !session_.is_paused()) return;
  session_.resume(now());
  if (session_.has_unread()) return at_end_of_turn([this] { read_on(); });
  if (!session_.holds_post()) answer_held_post();
}

void EngineSession::read_on() {
  session_.read_on(now());
  account_memory();
  if (!session_.holds_post()) answer_held_post();
}

void EngineSession::pay_for(std::size_t bytes) {
  const InboundRate::Pause due = inbound_->take(bytes, now());
  if (due.until <= now()) return;
  if (due.begins) {
    log_peer(Level::info, "engineio",
             "a client sends faster than max_messages_per_second or max_bytes_per_second: it is read slower");
  }
  read_again_at_ = due.until;
  pause(kPausedByRate);
  on_deadline_changed();
}

void EngineSession::answer_held_post() {
  if (PostBody* post = std::exchange(held_post_, nullptr)) post->answer_ok();
}

void EngineSession::shut_down() {
  if (client_) client_->on_server_stop();
  if (session_.state() != engineio::SessionState::closed) close();
}

void EngineSession::say_goodbye() {
  shut_down();
  // A polling client without a waiting GET would have to come back for the goodbye, and finds the port
  // closed.
  if (session_.state() != engineio::SessionState::closed) cut();
}

void EngineSession::cut() {
  if (session_.state() != engineio::SessionState::closed) session_.abort(engineio::CloseReason::forced_close);
  server_.remove_session(*this);
}

}  // namespace naru::serve
