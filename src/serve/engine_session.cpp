#include "serve/engine_session.hpp"

#include <utility>

#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"
#include "serve/polling.hpp"

namespace naru::serve {

EngineSession::EngineSession(LoopServer& server, const EngineSettings& settings, std::string sid,
                             bool wants_base64)
    : server_(server), settings_(settings), session_(std::move(sid), settings.session, *this, wants_base64) {}

EngineSession::~EngineSession() = default;

base::TimePoint EngineSession::now() const {
  return server_.loop().now();
}

// The client may have closed the session while it was made, before there was anybody to tell.
void EngineSession::attach(std::unique_ptr<EngineClient> client) {
  if (client && session_.state() == engineio::SessionState::closed) {
    client->on_closed(engineio::to_text(engineio::CloseReason::forced_close), {});
    return server_.loop().dispose(std::move(client));
  }
  client_ = std::move(client);
  if (!client_ || server_.is_stopping()) close();
}

void EngineSession::on_message(std::string_view data, bool binary) {
  if (client_) client_->on_message(data, binary);
}

void EngineSession::on_drain() {
  if (client_) client_->on_drain();
}

void EngineSession::on_closed(engineio::CloseReason reason, std::string_view description) {
  net::TimerWheel::cancel(timer_);
  answer_held_post();
  if (auto client = std::move(client_)) {
    client->on_closed(engineio::to_text(reason), description);
    server_.loop().dispose(std::move(client));
  }
  server_.remove_session(*this);
}

void EngineSession::on_deadline_changed() {
  server_.loop().timers().schedule(timer_, session_.deadline());
}

void EngineSession::on_timer() {
  session_.tick(now());
  if (session_.state() != engineio::SessionState::closed) on_deadline_changed();
}

// Not from here: a fan-out may be on the stack, and nobody's membership may change under it.
void EngineSession::note_backlog() {
  // A packet's own memory counts: a million tiny ones are no small queue.
  constexpr std::size_t kPacketCost = sizeof(engineio::Packet) + 64;
  const std::size_t waiting = session_.queued_bytes() + session_.queued_packets() * kPacketCost;
  if (is_cutting_ || waiting <= settings_.max_queued) return;
  is_cutting_ = true;
  log_peer(Level::warning, "engineio",
           "a client does not read: max_queued is reached, its session is closed (" +
               std::to_string(waiting) + " bytes waited)");
  server_.loop().at_end_of_turn([this, &server = server_, sid = sid()] {
    if (server.find_session(sid) == this)
      session_.abort(engineio::CloseReason::transport_error, "slow reader");
  });
}

void EngineSession::close(engineio::CloseReason reason) {
  session_.close(reason, now());
}

void EngineSession::resume() {
  session_.resume(now());
  answer_held_post();
}

void EngineSession::answer_held_post() {
  if (PostBody* post = std::exchange(held_post_, nullptr)) post->answer_ok();
}

void EngineSession::say_goodbye() {
  if (client_) client_->on_server_stop();
  if (session_.state() != engineio::SessionState::closed) close();
  // A polling client without a waiting GET would have to come back for the goodbye, and finds the port
  // closed.
  if (session_.state() != engineio::SessionState::closed) cut();
}

void EngineSession::cut() {
  if (session_.state() != engineio::SessionState::closed) session_.abort(engineio::CloseReason::forced_close);
  server_.remove_session(*this);
}

}  // namespace naru::serve
