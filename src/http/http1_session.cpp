#include "http/http1_session.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "http/date.hpp"
#include "http/head_parser.hpp"
#include "http/http1_exchange.hpp"

namespace naru::http {

Http1Session::Http1Session(std::unique_ptr<base::ByteStream> stream, Http1Owner& owner,
                           const Http1Limits& limits, const base::Clock& clock)
    : stream_(std::move(stream)),
      owner_(owner),
      limits_(limits),
      clock_(clock),
      send_timeout_(limits.send_timeout),
      since_(clock.now()) {
  assert(stream_ != nullptr);
  deadline_ = work_deadline();
  stream_->set_events(this);
}

Http1Session::~Http1Session() = default;

bool Http1Session::is_idle() const noexcept {
  return phase_ == Phase::reading_head && (parser_ == nullptr || parser_->is_fresh());
}

void Http1Session::close_when_idle() {
  is_last_ = true;
  if (is_idle()) return begin_ending();
  if (exchange_) exchange_->close_after();
}

// --- reading ---

std::size_t Http1Session::on_bytes(std::span<char> bytes) {
  return pump({bytes.data(), bytes.size()});
}

// Does all that can be done with these bytes. Nothing of the exchange is on the stack when a step begins, so
// that is where a finished one is freed.
std::size_t Http1Session::pump(std::string_view bytes) {
  assert(!is_pumping_);
  is_pumping_ = true;
  is_woken_ = false;
  std::size_t consumed = 0;
  for (bool goes_on = true; goes_on;) {
    const Phase phase = phase_;
    if (phase != Phase::exchanging && phase != Phase::kept) exchange_.reset();
    const std::string_view rest = bytes.substr(consumed);
    std::size_t step = 0;
    if (phase == Phase::reading_head) {
      step = read_head(rest);
    } else if (phase == Phase::exchanging) {
      step = read_body(rest);
    } else if (phase == Phase::ending) {
      step = throw_away(rest);
    }
    consumed += step;
    goes_on = step > 0 || phase_ != phase;
  }
  is_pumping_ = false;
  if (phase_ == Phase::over) return consumed;
  // tick() pumps without the stream's tail: then there is as much of it as before.
  if (!bytes.empty()) tail_ = bytes.size() - consumed;
  if (peer_has_ended_ && !holds_bytes_for_later()) end_of_peer();
  set_deadline();
  return consumed;
}

std::size_t Http1Session::read_head(std::string_view bytes) {
  if (bytes.empty() || (!parser_ && waits_for_room())) return 0;
  if (!parser_) parser_ = std::make_unique<HeadParser>(limits_.head);
  const bool was_fresh = parser_->is_fresh();
  const HeadStep step = parser_->feed(bytes);
  if (was_fresh && !parser_->is_fresh()) since_ = clock_.now();
  if (step.state == HeadState::complete) {
    take_request();
  } else if (step.state == HeadState::refused) {
    refuse(parser_->status(), parser_->reason());
  }
  return step.consumed;
}

void Http1Session::take_request() {
  exchange_ = std::make_unique<Http1Exchange>(*this, parser_->take(), limits_.body);
  parser_.reset();
  if (owner_.belongs_elsewhere(exchange_->head())) {
    phase_ = Phase::kept;
    return;
  }
  dispatch();
}

void Http1Session::dispatch() {
  phase_ = Phase::exchanging;
  send_timeout_ = limits_.send_timeout;
  if (is_last_) exchange_->close_after();
  owner_.on_request(*this, *exchange_);
}

void Http1Session::dispatch_kept() {
  if (phase_ != Phase::kept) return;
  is_pumping_ = true;
  dispatch();
  is_pumping_ = false;
  pump({});
  if (phase_ != Phase::over && tail_ > 0) stream_->resume_reading();
}

// A pipelining peer that does not read its answers is not read either.
bool Http1Session::waits_for_room() const {
  return stream_->buffered() > limits_.max_unsent;
}

std::size_t Http1Session::read_body(std::string_view bytes) {
  std::size_t consumed = 0;
  BodyReader& reader = exchange_->reader();
  const base::TimePoint now = clock_.now();
  while (consumed < bytes.size() && reader.state() == BodyState::more && exchange_->takes_body()) {
    consumed += exchange_->feed(bytes.substr(consumed), now);
    if (phase_ != Phase::exchanging) return consumed;
  }
  if (reader.state() == BodyState::refused && exchange_->takes_body()) {
    refuse(reader.status(), reader.reason());
    return consumed;
  }
  if (reader.state() == BodyState::complete) exchange_->tell_end();
  if (phase_ == Phase::exchanging && exchange_->is_done() && reader.state() == BodyState::complete)
    conclude();
  return consumed;
}

// The answer is whole and the body is read.
void Http1Session::conclude() {
  if (!exchange_->keeps_alive()) return begin_ending();
  phase_ = Phase::reading_head;
  since_ = clock_.now();
}

std::size_t Http1Session::throw_away(std::string_view bytes) {
  thrown_away_ += bytes.size();
  if (thrown_away_ > limits_.max_linger) cut();
  return bytes.size();
}

// Unread bytes are on their way to us, or wait for room or a paused body. Those behind a request that waits
// for its answer do not count: a peer that has ended will not read that answer.
bool Http1Session::holds_bytes_for_later() const {
  if (tail_ == 0) return false;
  if (phase_ != Phase::exchanging || exchange_->is_done()) return true;
  return exchange_->reader().state() == BodyState::more;
}

// --- the answer's way out ---

base::WriteStatus Http1Session::write(std::span<const base::Slice> slices) {
  for (const base::Slice& slice : slices)
    written_ += slice.bytes.size();
  const base::WriteStatus status = stream_ ? stream_->write(slices) : base::WriteStatus::closed;
  if (status == base::WriteStatus::buffered && sending_since_ == base::kNever) {
    sending_since_ = clock_.now();
    taken_ = written_ - stream_->buffered();
    if (!is_pumping_) set_deadline();
  }
  return status;
}

void Http1Session::answered() {
  if (phase_ != Phase::exchanging) return;
  if (!exchange_->keeps_alive()) {
    begin_ending();
  } else if (exchange_->reader().state() == BodyState::complete) {
    conclude();
  }
  if (is_pumping_ || phase_ == Phase::over) return;
  if (tail_ > 0) stream_->resume_reading();
  set_deadline();
}

void Http1Session::set_send_timeout(base::Duration patience) {
  send_timeout_ = patience;
  // It counts from now: a peer that was slow by the old one has all of the new one.
  if (sending_since_ != base::kNever) {
    sending_since_ = clock_.now();
    taken_ = written_ - stream_->buffered();
  }
  if (!is_pumping_ && phase_ != Phase::over) set_deadline();
}

// Something can go on that no byte of the peer starts. Never at once: the caller is in the middle of its own
// work.
void Http1Session::wake() {
  if (is_pumping_ || phase_ != Phase::exchanging) return;
  is_woken_ = true;
  if (tail_ > 0) stream_->resume_reading();
  set_deadline();
}

std::unique_ptr<base::ByteStream> Http1Session::give_away(std::string_view head) {
  stream_->write(head);
  stream_->set_events(nullptr);
  std::unique_ptr<base::ByteStream> stream = std::move(stream_);
  over();
  return stream;
}

void Http1Session::on_writable() {
  sending_since_ = base::kNever;
  if (phase_ == Phase::ending) since_ = clock_.now();
  if (phase_ == Phase::reading_head && tail_ > 0) stream_->resume_reading();
  if (phase_ == Phase::exchanging) exchange_->tell_writable();
  if (phase_ != Phase::over) set_deadline();
}

// --- ends ---

void Http1Session::refuse(int status, std::string_view reason) {
  owner_.on_refused(*this, status, reason);
  const bool has_answer = exchange_ && (exchange_->is_done() || exchange_->has_started());
  if (!has_answer) {
    ResponseHead head{status};
    HeadContext context;
    context.framing = Framing::length;
    context.keep_alive = false;
    context.date = cached_date(clock_.wall());
    const std::string wire = to_wire(head, context);
    const base::Slice slice = base::Slice::borrowed(wire);
    write(std::span<const base::Slice>(&slice, 1));
  }
  parser_.reset();
  begin_ending();
  if (exchange_) exchange_->abandon();
}

// Our direction ends behind what is written. The stream stays until the peer has ended too: closing it on
// unread bytes would reset the connection and destroy the answer (RFC 9112 9.6).
void Http1Session::begin_ending() {
  if (phase_ == Phase::ending || phase_ == Phase::over) return;
  phase_ = Phase::ending;
  since_ = clock_.now();
  stream_->shutdown();
  if (is_pumping_) return;
  if (tail_ > 0) stream_->resume_reading();
  set_deadline();
}

void Http1Session::end_of_peer() {
  switch (phase_) {
    case Phase::reading_head:
      if (!is_idle()) return refuse(400, "the peer ended inside a head");
      return begin_ending();
    case Phase::exchanging:
      if (exchange_->reader().state() == BodyState::more && !exchange_->is_done()) {
        return refuse(400, "the peer ended inside a body");
      }
      begin_ending();
      return exchange_->abandon();
    case Phase::kept:
    case Phase::ending:
    case Phase::over:
      return;
  }
}

void Http1Session::on_end() {
  peer_has_ended_ = true;
  if (is_pumping_ || holds_bytes_for_later()) return;
  end_of_peer();
}

void Http1Session::on_closed(std::error_code) {
  if (exchange_) exchange_->abandon();
  over();
}

void Http1Session::cut() {
  stream_->abort();
  if (exchange_) exchange_->abandon();
  over();
}

void Http1Session::over() {
  if (phase_ == Phase::over) return;
  phase_ = Phase::over;
  deadline_ = base::kNever;
  owner_.on_session_over(*this);
}

// --- time ---

void Http1Session::tick(base::TimePoint now) {
  if (phase_ == Phase::over) return;
  if (is_woken_) pump({});
  if (now < deadline_) return;
  if (is_sending_stuck(now)) return cut();
  if (now < work_deadline()) return set_deadline();

  if (phase_ == Phase::exchanging) {
    refuse(408, "the body came too slowly");
  } else if (phase_ == Phase::ending) {
    return cut();
  } else if (is_idle()) {
    begin_ending();
  } else {
    refuse(408, "the head came too slowly");
  }
  if (phase_ != Phase::over) set_deadline();
}

// What our time-outs count to, but for sending.
base::TimePoint Http1Session::work_deadline() const {
  switch (phase_) {
    case Phase::reading_head:
      return since_ + (is_idle() ? limits_.idle_timeout : limits_.head_timeout);
    case Phase::exchanging:
      return exchange_->body_deadline(limits_);
    case Phase::ending:
      // The answer's own time is bounded by send_timeout.
      return sending_since_ == base::kNever ? since_ + limits_.linger_timeout : base::kNever;
    case Phase::kept:
    case Phase::over:
      break;
  }
  return base::kNever;
}

void Http1Session::set_deadline() {
  base::TimePoint next = work_deadline();
  if (sending_since_ != base::kNever) next = std::min(next, sending_since_ + send_timeout_);
  if (is_woken_) next = clock_.now();
  if (next == deadline_) return;
  deadline_ = next;
  owner_.on_deadline_changed(*this);
}

// Also notes what the peer has taken meanwhile.
bool Http1Session::is_sending_stuck(base::TimePoint now) {
  const std::size_t waiting = stream_->buffered();
  if (waiting == 0) {
    if (phase_ == Phase::ending && sending_since_ != base::kNever) since_ = now;
    sending_since_ = base::kNever;
    return false;
  }
  const std::uint64_t taken = written_ - waiting;
  if (sending_since_ == base::kNever || taken > taken_) {
    sending_since_ = now;
    taken_ = taken;
    if (phase_ == Phase::reading_head && is_idle()) since_ = now;
    return false;
  }
  return now >= sending_since_ + send_timeout_;
}

}  // namespace naru::http
