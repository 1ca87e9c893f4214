#include "engineio/session.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "engineio/payload.hpp"
#include "engineio/request.hpp"

namespace naru::engineio {
namespace {

constexpr std::string_view kProbe = "probe";
constexpr std::string_view kOctetStream = "application/octet-stream";

// A payload of one packet without data: "1", "6".
base::Frame bare(PacketType type) {
  static constexpr std::string_view kDigits = "0123456";
  const auto at = static_cast<std::size_t>(static_cast<char>(type) - static_cast<char>(PacketType::open));
  return base::Frame::of_static(kDigits.substr(at, 1));
}

}  // namespace

// A WebSocket that wants to become the session's transport; it exists only while that is being settled.
struct Session::Upgrade {
  WebSocketOutlet& candidate;
  base::TimePoint until;
  bool is_probed = false;
  base::TimePoint noop_at = base::kNever;  // when a GET that waits then is answered
};

Session::Session(std::string sid, const SessionOptions& options, SessionEvents& events, bool wants_base64)
    : options_(options), events_(events), sid_(std::move(sid)), wants_base64_(wants_base64) {}

Session::~Session() = default;

// --- the handshake ---

void Session::open_polling(PollOutlet& handshake, base::TimePoint now) {
  assert(state_ == SessionState::opening);
  start(Transport::polling, now);
  Packet packet = make_packet(PacketType::open, handshake_json(sid_, Transport::polling, options_));
  handshake.answer(std::move(packet.frame));
}

void Session::open_websocket(WebSocketOutlet& websocket, base::TimePoint now) {
  assert(state_ == SessionState::opening);
  websocket_ = &websocket;
  start(Transport::websocket, now);
  write_to_websocket(websocket,
                     make_packet(PacketType::open, handshake_json(sid_, Transport::websocket, options_)));
}

void Session::start(Transport transport, base::TimePoint now) {
  state_ = SessionState::open;
  transport_ = transport;
  choose_direct();
  heartbeat_.start(options_, now);
  events_.on_deadline_changed();
}

// --- sending ---

SendResult Session::send_slowly(const Packet& packet) {
  if (state_ != SessionState::open) return SendResult::dropped;
  if (packet.is_volatile && !writable_now()) return SendResult::dropped;
  return websocket_ != nullptr ? send_by_websocket(packet) : send_by_polling(packet);
}

SendResult Session::send_by_websocket(const Packet& packet) {
  if (wants_base64_ && packet.binary) return write_to_websocket(*websocket_, to_base64_packet(packet));
  return write_to_websocket(*websocket_, packet);
}

SendResult Session::send_by_polling(const Packet& packet) {
  enqueue(packet);
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
  const bool is_free = state_ == SessionState::open && !backlogged_ && !wants_base64_;
  direct_ = is_free ? websocket_ : nullptr;
}

bool Session::writable_now() const noexcept {
  if (state_ != SessionState::open) return false;
  return websocket_ != nullptr ? !backlogged_ : poll_ != nullptr && queue_.empty() && !is_upgrading();
}

std::size_t Session::queued_bytes() const noexcept {
  return queued_bytes_ + (websocket_ != nullptr ? websocket_->buffered() : 0);
}

void Session::enqueue(Packet packet) {
  queued_bytes_ += packet.size();
  queue_.push_back(std::move(packet));
}

void Session::forget_queued(std::size_t count) {
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
  for (auto packet = queue_.begin(); packet != end; ++packet)
    queued_bytes_ -= packet->size();
  queue_.erase(queue_.begin(), end);
  if (queue_.empty()) queue_ = std::vector<Packet>();  // an idle session owns no queue
}

// The queue is changed before the outlet is called: the door may hand in the next GET from inside answer().
// A goodbye has an answer of its own: the official client takes it before the messages in front of it.
void Session::flush_to_poll() {
  if (poll_ == nullptr || queue_.empty() || corked_ != 0) return;
  std::span<const Packet> due = queue_;
  if (due.size() > 1 && due.back().type == PacketType::close) due = due.first(due.size() - 1);
  EncodedPayload payload = encode_payload(due, options_.max_payload);
  forget_queued(payload.packets);
  std::exchange(poll_, nullptr)->answer(std::move(payload.bytes));
  if (!queue_.empty()) return;
  if (state_ == SessionState::closing) return finish(close_reason_, {});
  tell_drained();
}

void Session::flush_to_websocket() {
  const std::vector<Packet> queue = std::exchange(queue_, {});
  queued_bytes_ = 0;
  for (const Packet& packet : queue) {
    if (websocket_ == nullptr) return;  // gone while it was written to
    // The goodbye of a closing session is for polling; a WebSocket is simply closed.
    if (packet.type != PacketType::close) send_by_websocket(packet);
  }
}

void Session::tell_drained() {
  if (state_ == SessionState::open && std::exchange(owes_drain_, false)) events_.on_drain();
}

// --- polling ---

void Session::poll(PollOutlet& outlet, base::TimePoint now) {
  const bool is_on_polling =
      (state_ == SessionState::open || state_ == SessionState::closing) && websocket_ == nullptr;
  if (!is_on_polling) return outlet.refuse();
  if (poll_ != nullptr) {
    finish(CloseReason::transport_error, "overlap from client");
    return outlet.refuse();
  }
  poll_ = &outlet;
  flush_to_poll();
  if (poll_ == nullptr || !is_upgrading()) return;
  if (now >= upgrade_->noop_at) return answer_with_noop(now);
  events_.on_deadline_changed();
}

void Session::poll_aborted() {
  if (std::exchange(poll_, nullptr) == nullptr) return;
  finish(CloseReason::transport_error, "poll connection closed prematurely");
}

bool Session::begin_post(std::string_view content_type) {
  if (state_ == SessionState::closed || websocket_ != nullptr) return false;
  if (posting_) {
    finish(CloseReason::transport_error, "data request overlap from client");
    return false;
  }
  // The reference compares the whole value, so that parameters make it ordinary text.
  if (content_type == kOctetStream) {
    finish(CloseReason::transport_error, "invalid content");
    return false;
  }
  posting_ = true;
  return true;
}

PostAnswer Session::post(std::string_view body, base::TimePoint now) {
  if (!posting_ || websocket_ != nullptr) {
    posting_ = false;
    return PostAnswer::bad_request;
  }
  ++corked_;
  take_payload(body, now);
  --corked_;
  flush_to_poll();
  posting_ = is_paused() && state_ == SessionState::open;
  return posting_ ? PostAnswer::held : PostAnswer::ok;
}

void Session::post_aborted() {
  posting_ = false;
  finish(CloseReason::transport_error, "data request connection closed prematurely");
}

void Session::take_payload(std::string_view body, base::TimePoint now) {
  PayloadReader reader(body);
  while (const std::optional<PacketView> packet = reader.next()) {
    take(*packet, now);
    if (state_ == SessionState::closed) return;
  }
  if (reader.failed()) finish(CloseReason::parse_error, "bad packet in a payload");
}

// --- packets, whatever brought them ---

void Session::take(const PacketView& packet, base::TimePoint now) {
  if (packet.type == PacketType::close) {
    return finish(CloseReason::transport_close, "close packet from client", PacketType::noop);
  }
  if (state_ != SessionState::open) return;
  switch (packet.type) {
    case PacketType::message:
      return events_.on_message(packet.data, packet.binary);
    case PacketType::pong:
      heartbeat_.take_pong(options_, now);
      return events_.on_deadline_changed();
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

void Session::websocket_drained(WebSocketOutlet& from) {
  if (&from != websocket_) return;
  backlogged_ = false;
  choose_direct();
  tell_drained();
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

// --- the upgrade ---

bool Session::is_upgrading() const noexcept {
  return upgrade_ != nullptr && upgrade_->is_probed;
}

bool Session::upgrade_candidate(WebSocketOutlet& candidate, base::TimePoint now) {
  const bool may_upgrade =
      state_ == SessionState::open && websocket_ == nullptr && upgrade_ == nullptr && options_.allow_upgrades;
  if (!may_upgrade) return false;
  upgrade_ =
      std::make_unique<Upgrade>(Upgrade{.candidate = candidate, .until = now + options_.upgrade_timeout});
  events_.on_deadline_changed();
  return true;
}

void Session::take_from_candidate(std::string_view data, bool binary, base::TimePoint now) {
  std::string base64_space;
  const std::optional<PacketView> packet = binary ? std::nullopt : read_text_packet(data, base64_space);
  if (packet && packet->type == PacketType::ping && packet->data == kProbe) return probe_candidate(now);
  if (packet && packet->type == PacketType::upgrade) return finish_upgrade();
  drop_candidate();
}

// The waiting GET is answered so that the client, which has stopped polling, can send its "5".
void Session::probe_candidate(base::TimePoint now) {
  upgrade_->is_probed = true;
  upgrade_->noop_at = now + kNoopInterval;
  // A candidate that does not read could make us keep one answer for each of its probes.
  const base::WriteStatus status = upgrade_->candidate.write(make_packet(PacketType::pong, kProbe));
  if (upgrade_ == nullptr) return;  // gone while it was written to
  if (status != base::WriteStatus::sent) return drop_candidate();
  if (poll_ != nullptr) return answer_with_noop(now);
  events_.on_deadline_changed();
}

// What was queued goes first, then the owner may send. A GET that still waits has nothing to wait for.
void Session::finish_upgrade() {
  websocket_ = &upgrade_->candidate;
  transport_ = Transport::websocket;
  upgrade_.reset();
  flush_to_websocket();
  choose_direct();
  if (poll_ != nullptr) std::exchange(poll_, nullptr)->answer(bare(PacketType::noop));
  if (state_ == SessionState::closed) return;
  if (state_ == SessionState::closing) return finish(close_reason_, {});
  if (is_paused()) websocket_->pause_reading();
  events_.on_deadline_changed();
  events_.on_transport(Transport::websocket);
  if (!backlogged_) tell_drained();
}

void Session::drop_candidate() {
  std::exchange(upgrade_, nullptr)->candidate.close();
  events_.on_deadline_changed();
}

void Session::answer_with_noop(base::TimePoint now) {
  upgrade_->noop_at = now + kNoopInterval;
  PollOutlet* poll = std::exchange(poll_, nullptr);
  events_.on_deadline_changed();
  poll->answer(bare(PacketType::noop));
}

// --- time ---

base::TimePoint Session::deadline() const noexcept {
  const base::TimePoint at = std::min(heartbeat_.deadline(), close_at_);
  if (upgrade_ == nullptr) return at;
  return std::min({at, upgrade_->until, poll_ != nullptr ? upgrade_->noop_at : base::kNever});
}

void Session::tick(base::TimePoint now) {
  tick_upgrade(now);
  if (now >= close_at_) return finish(close_reason_, {});
  tick_heartbeat(now);
}

void Session::tick_upgrade(base::TimePoint now) {
  if (upgrade_ == nullptr) return;
  if (now >= upgrade_->until) return drop_candidate();
  if (poll_ != nullptr && now >= upgrade_->noop_at) answer_with_noop(now);
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
  send(make_packet(PacketType::ping));
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
  posting_ = false;
  if (websocket_ != nullptr) websocket_->resume_reading();
  events_.on_deadline_changed();
}

// --- the end ---

void Session::close(CloseReason reason, base::TimePoint now) {
  if (state_ != SessionState::open) return;
  if (websocket_ != nullptr) return finish(reason, {});
  state_ = SessionState::closing;
  close_reason_ = reason;
  heartbeat_.stop();
  close_at_ = now + options_.close_timeout;
  enqueue(make_packet(PacketType::close));
  flush_to_poll();
  if (state_ == SessionState::closing) events_.on_deadline_changed();
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
  queue_ = std::vector<Packet>();
  queued_bytes_ = 0;
  posting_ = false;
  PollOutlet* poll = std::exchange(poll_, nullptr);
  WebSocketOutlet* websocket = std::exchange(websocket_, nullptr);
  const std::unique_ptr<Upgrade> upgrade = std::move(upgrade_);
  if (poll != nullptr) poll->answer(bare(poll_goodbye));
  if (websocket != nullptr) websocket->close();
  if (upgrade != nullptr) upgrade->candidate.close();
  events_.on_closed(reason, description);
}

}  // namespace naru::engineio
