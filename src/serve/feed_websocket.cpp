#include "serve/feed_websocket.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/ids.hpp"
#include "channel/notice.hpp"
#include "serve/feed_follow.hpp"
#include "serve/feed_forms.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"
#include "ws/frame_header.hpp"
#include "ws/handshake.hpp"

namespace naru::serve {
namespace {

base::Frame text_frame(std::string_view text) {
  return ws::encode_frame(ws::Opcode::text, text);
}

// In the words of all doors; what RFC 6455 asks for besides (426 names the version that we speak) stays.
void refuse(FeedAnswer& answer, const ws::RefusedHandshake& refused) {
  log_peer(Level::info, "feed",
           answer.connection().address() + " was refused: " + std::string(refused.reason));
  http::ResponseHead head = answer.head(refused.response.status);
  for (const http::Field& field : refused.response.fields.range()) {
    if (!http::equal_names(field.name, "content-type")) head.add(field.name, field.value);
  }
  head.add("Content-Type", "application/json");
  head.closes = refused.response.closes;
  answer.respond(std::move(head), base::Slice(base::Frame::copy(error_text(refused.reason))));
}

}  // namespace

void serve_feed_websocket(FeedAnswer answer, FeedEntry entry) {
  HttpConnection& connection = answer.connection();
  LoopServer& server = answer.server();
  if (server.is_stopping()) return answer.refuse_for_now("the server stops");
  const FeedSettings& settings = *entry.settings;
  http::Exchange& exchange = answer.exchange();
  ws::Handshake handshake =
      ws::accept_handshake(exchange.head(), {.compression = settings.websocket.compression});
  if (auto* refused = std::get_if<ws::RefusedHandshake>(&handshake)) return refuse(answer, *refused);
  auto& accepted = std::get<ws::AcceptedHandshake>(handshake);
  std::string address = connection.release_address();
  answer.end();
  auto made = std::make_unique<FeedWebSocket>(server, exchange.upgrade(std::move(accepted.response)), entry,
                                              std::move(address), accepted.deflate);
  server.own(std::move(made)).start(entry);
}

FeedWebSocket::FeedWebSocket(LoopServer& server, std::unique_ptr<base::ByteStream> stream,
                             const FeedEntry& entry, std::string address,
                             const std::optional<ws::DeflateParameters>& deflate)
    : server_(server),
      settings_(*entry.settings),
      websocket_(std::move(stream), settings_.websocket, *this, server.loop().clock(),
                 ws::Compression::of(deflate, server.compression(), settings_.websocket.compression)),
      address_(std::move(address)),
      labels_(entry.request.names_several ? entry.request.channels : std::vector<std::string>()),
      reader_(server.channels(), *this, entry.request.channels.size()),
      publisher_(server, entry, *this),
      next_beat_(server.loop().now() + settings_.ping_interval) {}

FeedWebSocket::~FeedWebSocket() {
  server_.shared().census.leave(address_);
}

void FeedWebSocket::start(const FeedEntry& entry) {
  admission_ = admit(server_, entry.verdict,
                     [this](AdmissionEnd why) { finish(ws::CloseCode::policy_violation, reason_of(why)); });
  tickets_ =
      enter_presence(entry, settings_.presence != nullptr ? base::new_session_id(server_.index(), 0) : "");
  reader_.follow(full_names(entry), sinces_of(entry.request),
                 {.policy = settings_.slow, .latest_interval = settings_.latest_interval});
  on_deadline_changed();
}

// --- out ---

hub::Taken FeedWebSocket::on_start(const channel::Standing& standing) {
  std::string text;
  channel::append_start_notice(text, reader_.position(), standing);
  return send(text);
}

hub::Taken FeedWebSocket::on_message(std::size_t channel, const channel::PublicationRef& message) {
  if (labels_.empty()) return send(websocket_form(*message));
  return send(websocket_block(*message, {.channel = label(channel), .position = reader_.position()}));
}

hub::Taken FeedWebSocket::on_gap(std::size_t channel, const channel::Standing& standing) {
  std::string text;
  channel::append_gap_notice(text, reader_.position(), standing, label(channel));
  return send(text);
}

std::string_view FeedWebSocket::label(std::size_t channel) const {
  return labels_.empty() ? std::string_view() : labels_[channel];
}

hub::Taken FeedWebSocket::send(std::string_view text) {
  return send(text_frame(text));
}

hub::Taken FeedWebSocket::send(const base::Frame& frame) {
  switch (websocket_.send_encoded(frame)) {
    case base::WriteStatus::sent:
      return backlogged_since_ == base::kNever ? hub::Taken::more : hub::Taken::full;
    case base::WriteStatus::buffered:
      if (backlogged_since_ == base::kNever) backlogged_since_ = server_.loop().now();
      read_or_wait();
      return hub::Taken::full;
    case base::WriteStatus::closed:
      return hub::Taken::full;
  }
  return hub::Taken::full;
}

void FeedWebSocket::on_drain() {
  backlogged_since_ = base::kNever;
  read_or_wait();
  reader_.resume();
}

// --- in ---

// Who does not read what he is told is not read either: the answers to what he publishes would wait too.
void FeedWebSocket::read_or_wait() {
  const bool may_read = backlogged_since_ == base::kNever && !publisher_.is_full();
  if (std::exchange(is_reading_, may_read) == may_read || is_over_) return;
  if (!may_read) return websocket_.pause_reading();
  websocket_.resume_reading();
  // Its pong may lie unread: the time to answer begins anew.
  if (awaits_pong_) next_beat_ = server_.loop().now() + settings_.ping_interval;
}

void FeedWebSocket::on_message(std::string_view data, bool binary) {
  if (is_over_) return;
  if (binary) return give_up(ws::CloseCode::unsupported_data, "frames are text here, binary data base64");
  if (const auto fault = publisher_.take(data)) return give_up(ws::CloseCode::invalid_payload, *fault);
  read_or_wait();
}

// The reason goes along: whoever sent that reads it.
void FeedWebSocket::give_up(ws::CloseCode code, std::string_view sentence) {
  log_peer(Level::info, "feed", address_ + " sent nothing that is understood: " + std::string(sentence));
  leave();
  websocket_.close(number(code), sentence);
}

void FeedWebSocket::on_reply(std::string_view text) {
  if (!is_over_) send(text);
}

// --- silence ---

void FeedWebSocket::on_pong(std::string_view) {
  if (!std::exchange(awaits_pong_, false)) return;
  next_beat_ = server_.loop().now() + settings_.ping_interval;
  on_deadline_changed();
}

void FeedWebSocket::on_deadline_changed() {
  server_.loop().timers().schedule(timer_,
                                   std::min(websocket_.deadline(), is_over_ ? base::kNever : next_beat_));
}

void FeedWebSocket::on_timer() {
  const base::TimePoint now = server_.loop().now();
  if (!is_over_ && now >= next_beat_) beat(now);
  if (is_linked()) websocket_.tick(now);
  if (is_linked()) on_deadline_changed();
}

// As for all WebSockets: one ping unanswered for an interval is one too many, but while we do not read, no
// pong is seen. Who takes nothing has longer: the policy says what he gets when he goes on.
void FeedWebSocket::beat(base::TimePoint now) {
  const bool is_stuck = backlogged_since_ != base::kNever && now - backlogged_since_ >= kPatience;
  if (is_stuck || (awaits_pong_ && is_reading_)) {
    log_peer(Level::info, "feed",
             address_ + (is_stuck ? " takes nothing: it is cut off" : " answered no ping: it is cut off"));
    return cut();
  }
  if (!std::exchange(awaits_pong_, true)) websocket_.ping();
  next_beat_ = now + settings_.ping_interval;
}

// --- the end ---

void FeedWebSocket::on_end(hub::FollowEnd reason) {
  if (reason == hub::FollowEnd::failed)
    return finish(ws::CloseCode::internal_error, "the messages cannot be read now");
  log_peer(Level::info, "feed", address_ + " reads more slowly than its channel grows: it is closed");
  finish(kSlowReaderCode, "you read more slowly than the channel grows");
}

void FeedWebSocket::say_goodbye() {
  finish(ws::CloseCode::going_away, "the server stops");
}

void FeedWebSocket::finish(ws::CloseCode code, std::string_view reason) {
  if (is_over_) return;
  if (reader_.has_started()) {
    std::string notice;
    channel::append_end_notice(notice, reader_.position(), reason);
    send(notice);
  }
  leave();
  websocket_.close(number(code), reason);
  if (!is_reading_) websocket_.resume_reading();  // for the peer's Close
}

void FeedWebSocket::leave() {
  is_over_ = true;
  reader_.stop();
  publisher_.stop();
  tickets_.clear();
  admission_.reset();
}

void FeedWebSocket::cut() {
  websocket_.abort();
  on_closed(number(ws::CloseCode::abnormal), {}, false);
}

void FeedWebSocket::on_closed(std::uint16_t code, std::string_view reason, bool clean) {
  const bool is_broken =
      !clean && code != number(ws::CloseCode::no_status) && code != number(ws::CloseCode::abnormal);
  if (is_broken) log_peer(Level::info, "feed", address_ + ": " + std::string(reason));
  leave();
  net::TimerWheel::cancel(timer_);
  server_.dispose(*this);
}

}  // namespace naru::serve
