// The session's packets on their way out: directly, through the queue, or not at all.
#include <utility>
#include <vector>

#include "engineio/payload.hpp"
#include "engineio/session.hpp"

namespace naru::engineio {

SendResult Session::send_slowly(const Packet& packet) {
  if (state_ != SessionState::open) return SendResult::dropped;
  if (packet.is_volatile && !writable_now()) return SendResult::dropped;
  if (is_full() && !packet.is_exempt) return refuse_to_queue();
  if (is_observed_) events_.on_packet_create(packet);
  return websocket_ != nullptr ? send_by_websocket(packet) : send_by_polling(packet);
}

SendResult Session::send_by_websocket(const Packet& packet) {
  if (wants_base64_ && packet.binary) return write_to_websocket(*websocket_, to_base64_packet(packet));
  return write_to_websocket(*websocket_, packet);
}

SendResult Session::send_by_polling(const Packet& packet) {
  queue_.push(packet);
  flush_to_poll();
  if (queue_.empty()) return SendResult::sent;
  owes_drain_ = true;
  return SendResult::buffered;
}

// A closed outlet has dropped the packet; its websocket_closed() is on the way, or has come from inside
// write().
SendResult Session::note_unsent(const WebSocketOutlet& outlet, base::WriteStatus status) {
  if (&outlet != websocket_ || status == base::WriteStatus::closed) return SendResult::dropped;
  backlogged_ = true;
  owes_drain_ = true;
  choose_direct();
  return SendResult::buffered;
}

void Session::choose_direct() noexcept {
  const bool is_free = state_ == SessionState::open && !backlogged_ && !wants_base64_ && !is_observed_;
  direct_ = is_free ? websocket_ : nullptr;
}

bool Session::writable_now() const noexcept {
  if (state_ != SessionState::open) return false;
  return websocket_ != nullptr ? !backlogged_ : poll_ != nullptr && queue_.empty() && !is_upgrading();
}

std::size_t Session::queued_bytes() const noexcept {
  return queue_.bytes() + (websocket_ != nullptr ? websocket_->buffered() : 0);
}

// --- the peer does not read ---

bool Session::is_full() const noexcept {
  const std::size_t waiting = websocket_ != nullptr ? websocket_->buffered() : queue_.memory();
  return waiting > 0 && waiting >= options_.max_queued;
}

// Nothing may follow what was refused, so nothing is taken from here on, also when there is room again.
SendResult Session::refuse_to_queue() {
  if (std::exchange(is_overflowing_, true)) return SendResult::dropped;
  if (options_.when_full == WhenFull::close) {
    is_too_slow_ = true;
    begin_closing(CloseReason::transport_error);
  }
  events_.on_overflow();
  return SendResult::dropped;
}

void Session::end_slow_reader(base::TimePoint now) {
  if (state_ == SessionState::open) {
    is_too_slow_ = true;
    begin_closing(CloseReason::transport_error);
  }
  if (state_ != SessionState::closing || !is_too_slow_) return;
  if (websocket_ != nullptr) return finish_closing();
  close_at_ = now + options_.slow_grace;
  flush_to_poll();
  if (state_ == SessionState::closing) events_.on_deadline_changed();
}

// --- what was queued leaves ---

// The queue is changed before the outlet is called: the door may hand in the next GET from inside answer().
void Session::flush_to_poll() {
  if (poll_ == nullptr || queue_.empty() || corked_ != 0) return;
  EncodedPayload payload = queue_.take_payload(options_.max_payload);
  std::exchange(poll_, nullptr)->answer(std::move(payload.bytes), payload.compress);
  if (!queue_.empty()) return;
  if (state_ == SessionState::closing) return finish_closing();
  tell_drained();
}

void Session::flush_to_websocket() {
  const std::vector<Packet> queue = queue_.take_all();
  for (const Packet& packet : queue) {
    if (websocket_ == nullptr) return;  // gone while it was written to
    // The goodbye of a closing session is for polling; a WebSocket is simply closed.
    if (packet.type != PacketType::close) send_by_websocket(packet);
  }
}

void Session::tell_drained() {
  is_overflowing_ = false;
  if (state_ == SessionState::open && std::exchange(owes_drain_, false)) events_.on_drain();
}

void Session::websocket_drained(WebSocketOutlet& from) {
  if (&from != websocket_) return;
  backlogged_ = false;
  choose_direct();
  tell_drained();
}

}  // namespace naru::engineio
