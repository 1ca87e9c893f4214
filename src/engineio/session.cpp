#include "engineio/session.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "engineio/payload.hpp"
#include "engineio/request.hpp"
#include "engineio/session_parts.hpp"

namespace naru::engineio {

Session::Session(std::string sid, const SessionOptions& options, SessionEvents& events, bool wants_base64)
    : options_(options), events_(events), sid_(std::move(sid)), wants_base64_(wants_base64) {}

Session::~Session() = default;

std::size_t Session::memory() const noexcept {
  return queue_.memory() + (unread_ != nullptr ? unread_->body.capacity() : 0);
}

// --- the handshake ---

void Session::open_polling(PollOutlet& handshake, base::TimePoint now) {
  assert(state_ == SessionState::opening);
  start(Transport::polling, now);
  std::vector<Packet> packets{
      make_packet(PacketType::open, handshake_json(sid_, Transport::polling, options_))};
  if (!options_.initial_packet.empty()) {
    packets.push_back(make_packet(PacketType::message, options_.initial_packet));
  }
  handshake.answer(encode_payload(packets, static_cast<std::size_t>(-1)).bytes, true);
}

void Session::open_websocket(WebSocketOutlet& websocket, base::TimePoint now) {
  assert(state_ == SessionState::opening);
  websocket_ = &websocket;
  start(Transport::websocket, now);
  write_to_websocket(websocket,
                     make_packet(PacketType::open, handshake_json(sid_, Transport::websocket, options_)));
  if (!options_.initial_packet.empty()) send(make_packet(PacketType::message, options_.initial_packet));
}

void Session::start(Transport transport, base::TimePoint now) {
  state_ = SessionState::open;
  transport_ = transport;
  choose_direct();
  heartbeat_.start(options_, now);
  events_.on_deadline_changed();
}

// --- packets, whatever brought them ---

void Session::take(const PacketView& packet, base::TimePoint now) {
  if (is_observed_ && state_ == SessionState::open) events_.on_packet(packet);
  if (packet.type == PacketType::close) {
    return finish(CloseReason::transport_close, "close packet from client", PacketType::noop);
  }
  if (state_ != SessionState::open) return;
  switch (packet.type) {
    case PacketType::message:
      return events_.on_message(packet.data, packet.binary);
    case PacketType::pong:
      heartbeat_.take_pong(options_, now);
      events_.on_deadline_changed();
      return events_.on_heartbeat();
    case PacketType::ping:  // only servers ping in protocol v4
      return finish(CloseReason::transport_error, "invalid heartbeat direction");
    default:
      return;  // open, upgrade and noop mean nothing here; the reference ignores them as well
  }
}

// --- WebSocket ---

void Session::websocket_message(WebSocketOutlet& from, std::string_view data, bool binary,
                                base::TimePoint now) {
  if (&from == websocket_) {
    take_from_websocket(data, binary, now);
  } else if (upgrade_ != nullptr && &from == &upgrade_->candidate) {
    take_from_candidate(data, binary, now);
  }
}

void Session::take_from_websocket(std::string_view data, bool binary, base::TimePoint now) {
  if (binary) return take({.binary = true, .data = data}, now);
  std::string base64_space;
  const std::optional<PacketView> packet = read_text_packet(data, base64_space);
  if (!packet) return finish(CloseReason::parse_error, "bad packet");
  take(*packet, now);
}

void Session::websocket_closed(WebSocketOutlet& from, CloseReason reason, std::string_view description) {
  if (&from == websocket_) {
    websocket_ = nullptr;
    finish(reason, description);
  } else if (upgrade_ != nullptr && &from == &upgrade_->candidate) {
    upgrade_.reset();
    events_.on_deadline_changed();
  }
}

// --- time ---

base::TimePoint Session::deadline() const noexcept {
  const base::TimePoint at = std::min(heartbeat_.deadline(), close_at_);
  if (upgrade_ == nullptr) return at;
  return std::min({at, upgrade_->until, poll_ != nullptr ? upgrade_->noop_at : base::kNever});
}

void Session::tick(base::TimePoint now) {
  tick_upgrade(now);
  if (now >= close_at_) return finish_closing();
  tick_heartbeat(now);
}

void Session::tick_heartbeat(base::TimePoint now) {
  const Heartbeat::Due due = heartbeat_.tick(options_, now);
  if (due == Heartbeat::Due::nothing) return;
  if (due == Heartbeat::Due::timeout) return finish(CloseReason::ping_timeout, {});
  events_.on_deadline_changed();
  if (due == Heartbeat::Due::ping || writable_now()) send_ping();
}

// The owner has sent nothing, so it is not told when this has left.
void Session::send_ping() {
  const bool owed_drain = owes_drain_;
  Packet ping = make_packet(PacketType::ping);
  ping.is_exempt = true;  // one at a time: who lost it would be taken for dead
  send(ping);
  owes_drain_ = owes_drain_ && owed_drain;
}

void Session::pause() {
  if (is_paused()) return;
  heartbeat_.pause(options_);
  if (websocket_ != nullptr) websocket_->pause_reading();
  events_.on_deadline_changed();
}

void Session::resume(base::TimePoint now) {
  if (!is_paused()) return;
  heartbeat_.resume(options_, now);
  if (posting_ == Posting::held && unread_ == nullptr) posting_ = Posting::nothing;
  if (websocket_ != nullptr) websocket_->resume_reading();
  events_.on_deadline_changed();
}

// --- the end ---

void Session::close(CloseReason reason, base::TimePoint now) {
  if (state_ != SessionState::open) return;
  if (websocket_ != nullptr) return finish(reason, {});
  begin_closing(reason);
  close_at_ = now + options_.close_timeout;
  flush_to_poll();
  if (state_ == SessionState::closing) events_.on_deadline_changed();
}

// Nothing is taken from the owner any more. Calls nobody.
void Session::begin_closing(CloseReason reason) {
  state_ = SessionState::closing;
  close_reason_ = reason;
  direct_ = nullptr;
  heartbeat_.stop();
  unread_.reset();
  if (posting_ == Posting::held) posting_ = Posting::nothing;
  if (websocket_ == nullptr) queue_.push(make_packet(PacketType::close));
}

void Session::finish_closing() {
  finish(close_reason_, is_too_slow_ ? kTooSlow : std::string_view());
}

void Session::abort(CloseReason reason, std::string_view description) {
  finish(reason, description);
}

// Everything is let go before anyone is called, so that a call back finds a closed session.
void Session::finish(CloseReason reason, std::string_view description, PacketType poll_goodbye) {
  if (state_ == SessionState::closed) return;
  state_ = SessionState::closed;
  direct_ = nullptr;
  heartbeat_.stop();
  close_at_ = base::kNever;
  queue_.clear();
  unread_.reset();
  posting_ = Posting::nothing;
  PollOutlet* poll = std::exchange(poll_, nullptr);
  WebSocketOutlet* websocket = std::exchange(websocket_, nullptr);
  const std::unique_ptr<Upgrade> upgrade = std::move(upgrade_);
  if (poll != nullptr) poll->answer(bare_payload(poll_goodbye), false);
  if (websocket != nullptr) is_too_slow_ ? websocket->close_slow_reader() : websocket->close();
  if (upgrade != nullptr) upgrade->candidate.close();
  events_.on_closed(reason, description);
}

}  // namespace naru::engineio
