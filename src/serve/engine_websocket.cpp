#include "serve/engine_websocket.hpp"

#include <utility>

#include "serve/engine_session.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"

namespace naru::serve {

EngineWebSocket::EngineWebSocket(LoopServer& server, std::unique_ptr<base::ByteStream> stream,
                                 const EngineSettings& settings, std::string address,
                                 const std::optional<ws::DeflateParameters>& deflate)
    : server_(server),
      settings_(settings),
      websocket_(std::move(stream), settings.websocket, *this, server.loop().clock(),
                 ws::Compression::of(deflate, server.compression(), settings.websocket.compression)),
      address_(std::move(address)) {}

EngineWebSocket::~EngineWebSocket() {
  server_.shared().census.leave(address_);
}

void EngineWebSocket::on_message(std::string_view data, bool binary) {
  if (session_ != nullptr) session_->machine().websocket_message(*this, data, binary, session_->now());
}

void EngineWebSocket::on_drain() {
  if (session_ != nullptr) session_->machine().websocket_drained(*this);
}

void EngineWebSocket::on_closed(std::uint16_t code, std::string_view reason, bool clean) {
  net::TimerWheel::cancel(timer_);
  if (EngineSession* session = std::exchange(session_, nullptr)) {
    // The reference: a frame that breaks the protocol is a "transport error", everything else a "transport
    // close".
    const bool is_broken = !clean && code != 1005 && code != 1006;
    if (is_broken) log_peer(Level::info, "websocket", address_ + ": " + std::string(reason));
    session->machine().websocket_closed(
        *this, is_broken ? engineio::CloseReason::transport_error : engineio::CloseReason::transport_close,
        reason);
  }
  server_.dispose(*this);
}

void EngineWebSocket::close() {
  session_ = nullptr;
  websocket_.close(number(ws::CloseCode::no_status));
}

void EngineWebSocket::close_slow_reader() {
  session_ = nullptr;
  websocket_.close(number(kSlowReaderCode), engineio::kTooSlow, settings_.session.slow_grace);
}

void EngineWebSocket::on_deadline_changed() {
  server_.loop().timers().schedule(timer_, websocket_.deadline());
}

void EngineWebSocket::on_timer() {
  websocket_.tick(server_.loop().now());
  if (is_linked()) on_deadline_changed();
}

// The session says it; a WebSocket without one has nobody to speak for.
void EngineWebSocket::say_goodbye() {
  if (session_ == nullptr) websocket_.close(number(ws::CloseCode::going_away));
}

void EngineWebSocket::cut() {
  websocket_.abort();
  on_closed(1006, "the server stops", false);
}

}  // namespace naru::serve
