#include "http/http1_exchange.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <utility>

#include "http/date.hpp"
#include "http/http1_session.hpp"

namespace naru::http {

Http1Exchange::Http1Exchange(Http1Session& session, RequestHead head, const BodyLimits& limits)
    : session_(session),
      head_(std::move(head)),
      reader_(head_.body(), head_.content_length(), limits),
      minor_version_(static_cast<std::uint8_t>(head_.minor_version())),
      is_head_(head_.method() == "HEAD"),
      keep_alive_(head_.keep_alive()),
      awaits_continue_(head_.expects_continue()) {}

// --- the request's body ---

void Http1Exchange::set_events(ExchangeEvents* events) {
  events_ = events;
  if (is_done_ || events == nullptr) return;
  if (reader_.state() == BodyState::more) {
    ask_for_body();
    body_since_ = body_last_ = session_.clock_.now();
  }
  session_.wake();
}

// RFC 9110 10.1.1: only who will take the body says that it may come. While it is paused that is not decided.
void Http1Exchange::ask_for_body() {
  if (!awaits_continue_ || is_paused_ || events_ == nullptr) return;
  awaits_continue_ = false;
  if (has_started_) return;
  const base::Slice go_on = base::Slice::borrowed("HTTP/1.1 100 Continue\r\n\r\n");
  session_.write(std::span<const base::Slice>(&go_on, 1));
}

void Http1Exchange::resume_body() {
  if (!is_paused_ || is_done_) return;
  is_paused_ = false;
  if (reader_.state() == BodyState::more) ask_for_body();
  // While we paused, the peer could not send: its time begins anew.
  body_since_ = body_last_ = session_.clock_.now();
  body_counted_ = reader_.received();
  session_.wake();
}

std::size_t Http1Exchange::feed(std::string_view bytes, base::TimePoint now) {
  const BodyStep step = reader_.feed(bytes);
  body_last_ = now;
  if (!step.piece.empty() && !is_done_) events_->on_body(step.piece);
  return step.consumed;
}

void Http1Exchange::tell_end() {
  if (end_told_ || is_done_ || !takes_body()) return;
  end_told_ = true;
  events_->on_body_end();
}

void Http1Exchange::tell_writable() {
  if (is_done_ || !std::exchange(owes_writable_, false) || events_ == nullptr) return;
  events_->on_writable();
}

base::TimePoint Http1Exchange::body_deadline(const Http1Limits& limits) const {
  if (reader_.state() != BodyState::more || !takes_body() || body_since_ == base::kNever) return base::kNever;
  const std::uint64_t came = reader_.received() - body_counted_;
  const auto earned = std::chrono::seconds(came / std::max<std::uint64_t>(limits.min_body_rate, 1));
  return std::min(body_last_ + limits.body_timeout, body_since_ + limits.body_timeout + earned);
}

void Http1Exchange::abandon() {
  if (std::exchange(is_done_, true)) return;
  if (events_ != nullptr) events_->on_abort();
}

// --- the answer ---

void Http1Exchange::respond(ResponseHead head, const base::Slice& body) {
  if (is_done_ || has_started_) return;
  is_done_ = true;
  consider_unread_body();
  HeadContext context = begin_answer(head);
  if (!is_bodiless(head.status)) {
    context.framing = Framing::length;
    context.length = body.bytes.size();
  }
  const bool sends_body = context.framing == Framing::length && !is_head_;
  write_head(head, context, sends_body ? body : base::Slice());
  session_.answered();
}

void Http1Exchange::start(ResponseHead head, std::optional<std::uint64_t> length) {
  if (is_done_ || has_started_) return;
  has_started_ = true;
  if (is_bodiless(head.status)) {
    framing_ = Framing::none;
  } else if (length) {
    framing_ = Framing::length;
    to_send_ = *length;
  } else {
    framing_ = minor_version_ > 0 ? Framing::chunked : Framing::until_close;
  }
  if (framing_ == Framing::until_close) keep_alive_ = false;
  // A client that still waits to be told will not send its body now: what follows would be read as one.
  if (awaits_continue_) keep_alive_ = false;
  HeadContext context = begin_answer(head);
  context.framing = framing_;
  context.length = to_send_;
  write_head(head, context, base::Slice());
}

base::WriteStatus Http1Exchange::write(const base::Slice& piece) {
  if (is_done_ || !has_started_) return base::WriteStatus::closed;
  const std::size_t size = allowed(piece.bytes.size());
  if (size == 0) return base::WriteStatus::sent;
  const base::Slice body(piece.owner, piece.bytes.substr(0, size));
  base::WriteStatus status;
  if (framing_ == Framing::chunked) {
    std::array<char, 18> line;  // 16 hexadecimal digits and CR LF
    char* end = std::to_chars(line.data(), line.data() + 16, size, 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    const std::array<base::Slice, 3> chunk = {
        base::Slice::borrowed({line.data(), static_cast<std::size_t>(end - line.data())}), body,
        base::Slice::borrowed("\r\n")};
    status = session_.write(chunk);
  } else {
    if (framing_ == Framing::length) to_send_ -= size;
    status = session_.write(std::span<const base::Slice>(&body, 1));
  }
  if (status == base::WriteStatus::buffered) owes_writable_ = true;
  return status;
}

// How much of a piece may go out.
std::size_t Http1Exchange::allowed(std::size_t size) const noexcept {
  if (is_head_ || framing_ == Framing::none) return 0;
  if (framing_ != Framing::length) return size;
  return static_cast<std::size_t>(std::min<std::uint64_t>(size, to_send_));
}

void Http1Exchange::finish() {
  if (is_done_ || !has_started_) return;
  // RFC 9112 8: the peer must see that the body is cut short.
  if (framing_ == Framing::length && to_send_ > 0 && !is_head_) return abort();
  if (framing_ == Framing::chunked && !is_head_) {
    const base::Slice last = base::Slice::borrowed("0\r\n\r\n");
    session_.write(std::span<const base::Slice>(&last, 1));
  }
  is_done_ = true;
  consider_unread_body();
  session_.answered();
}

void Http1Exchange::abort() {
  if (std::exchange(is_done_, true)) return;
  session_.cut();
}

std::unique_ptr<base::ByteStream> Http1Exchange::upgrade(ResponseHead head) {
  assert(!is_done_ && !has_started_);
  is_done_ = true;
  HeadContext context = begin_answer(head);
  context.is_upgrade = true;
  return session_.give_away(to_wire(head, context));
}

HeadContext Http1Exchange::begin_answer(const ResponseHead& head) {
  if (head.closes) keep_alive_ = false;
  HeadContext context;
  context.minor_version = minor_version_;
  context.keep_alive = keep_alive_;
  if (head.fields.count("date") == 0) context.date = cached_date(session_.clock_.wall());
  return context;
}

// What the peer still sends of its body must be thrown away before the next request; where that is too much,
// or where it may never come, the connection ends instead.
void Http1Exchange::consider_unread_body() {
  if (reader_.state() == BodyState::complete) return;
  if (reader_.state() == BodyState::more) {
    reader_.set_limit(reader_.received() + session_.limits_.max_drain);
    body_since_ = body_last_ = session_.clock_.now();
    body_counted_ = reader_.received();
  }
  if (reader_.state() == BodyState::refused || awaits_continue_) keep_alive_ = false;
}

void Http1Exchange::write_head(const ResponseHead& head, const HeadContext& context,
                               const base::Slice& body) {
  const std::string wire = to_wire(head, context);
  const std::array<base::Slice, 2> slices = {base::Slice::borrowed(wire), body};
  // One write, so that head and body leave together.
  session_.write(std::span<const base::Slice>(slices.data(), body.bytes.empty() ? 1 : 2));
}

void Http1Exchange::set_send_timeout(base::Duration patience) {
  if (!is_done_) session_.set_send_timeout(patience);
}

std::size_t Http1Exchange::buffered() const {
  return session_.stream_ ? session_.stream_->buffered() : 0;
}

std::string Http1Exchange::peer_address() const {
  return session_.stream_ ? session_.stream_->peer_address() : std::string();
}

bool Http1Exchange::is_secure() const {
  return session_.stream_ && session_.stream_->is_secure();
}

}  // namespace naru::http
