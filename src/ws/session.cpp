#include "ws/session.hpp"

#include <array>
#include <cassert>
#include <utility>

namespace naru::ws {

// What on_closed will say, and how far the closing handshake has come.
struct Session::Ending {
  std::uint16_t code = number(CloseCode::abnormal);
  std::string reason;
  bool has_sent_close = false;
  bool has_got_close = false;
};

Session::Session(std::unique_ptr<base::ByteStream> stream, const SessionOptions& options,
                 SessionEvents& events, const base::Clock& clock, std::unique_ptr<Compression> compression)
    : stream_(std::move(stream)),
      events_(events),
      options_(options),
      clock_(clock),
      compression_(std::move(compression)),
      receiver_(options.limits, *this, compression_ == nullptr ? nullptr : &compression_->inflater) {
  assert(stream_ != nullptr);
  stream_->set_events(this);
}

Session::~Session() {
  if (state_ != SessionState::closed) stream_->abort();
}

base::WriteStatus Session::send(Opcode opcode, std::string_view payload, bool compress) {
  assert(opcode == Opcode::text || opcode == Opcode::binary);
  if (state_ != SessionState::open) return base::WriteStatus::closed;
  const bool is_worth_it =
      compression_ != nullptr && compress && compression_->deflater.takes(payload.size());
  return is_worth_it ? send_compressed(encode_frame(opcode, payload)) : write_frame(opcode, payload);
}

base::WriteStatus Session::send_compressed(const base::Frame& frame) {
  const base::Frame compressed = compression_->deflater.encode(frame);
  const base::WriteStatus status = note(stream_->write(base::Slice(compressed)));
  if (compression_->deflater.has_window()) keep_window();
  return status;
}

// The deadline is not moved at each message: the tick looks when the window was used last.
void Session::keep_window() {
  compression_->last_used = clock_.now();
  if (deadline_ != base::kNever || state_ != SessionState::open) return;
  deadline_ = compression_->last_used + compression_->window_idle;
  events_.on_deadline_changed();
}

void Session::tick_window(base::TimePoint now) {
  deadline_ = compression_->last_used + compression_->window_idle;
  if (now < deadline_) return;
  compression_->deflater.free_window();
  deadline_ = base::kNever;
}

base::WriteStatus Session::ping(std::string_view payload) {
  if (state_ != SessionState::open) return base::WriteStatus::closed;
  return write_frame(Opcode::ping, payload.substr(0, kMaxControlPayload));
}

base::WriteStatus Session::write_frame(Opcode opcode, std::string_view payload) {
  char space[kMaxFrameHeader];
  char* const end = space + sizeof space;
  const std::size_t size = write_frame_header(end, opcode, payload.size());
  const std::array slices{base::Slice::borrowed({end - size, size}), base::Slice::borrowed(payload)};
  return note(stream_->write(slices));
}

void Session::close(std::uint16_t code, std::string_view reason, base::Duration patience) {
  if (state_ != SessionState::open) return;
  begin_closing(patience);
  send_close(code, reason);
  events_.on_deadline_changed();
}

void Session::fail(CloseCode code, std::string_view sentence) {
  if (state_ == SessionState::closed) return;
  receiver_.discard();
  const bool was_open = state_ == SessionState::open;
  if (was_open) {
    begin_closing();
    ending_->code = number(code);
    ending_->reason = sentence;
    send_close(number(code), {});
  }
  // Only our direction ends: bytes that the peer still sends are read and thrown away, for a reset would
  // destroy the Close frame on its way.
  stream_->shutdown();
  if (was_open) events_.on_deadline_changed();
}

void Session::abort() {
  if (state_ == SessionState::closed) return;
  state_ = SessionState::closed;
  deadline_ = base::kNever;
  receiver_.discard();
  stream_->abort();
}

void Session::pause_reading() {
  if (state_ != SessionState::open) return;
  receiver_.stop();
  stream_->pause_reading();
}

void Session::resume_reading() {
  if (state_ == SessionState::closed) return;
  receiver_.start();
  stream_->resume_reading();
}

void Session::tick(base::TimePoint now) {
  if (now < deadline_) return;
  if (state_ == SessionState::open) return tick_window(now);
  stream_->abort();
  finish();
}

// Reading goes on, also when it was paused: the peer's Close frame must be seen.
void Session::begin_closing(base::Duration patience) {
  state_ = SessionState::closing;
  ending_ = std::make_unique<Ending>();
  deadline_ = clock_.now() + patience;
  resume_reading();
}

void Session::send_close(std::uint16_t code, std::string_view reason) {
  ending_->has_sent_close = true;
  write_frame(Opcode::close, encode_close(code, reason).view());
}

void Session::finish() {
  if (state_ == SessionState::closed) return;
  state_ = SessionState::closed;
  deadline_ = base::kNever;
  receiver_.discard();
  const std::unique_ptr<Ending> ending = std::move(ending_);
  events_.on_closed(ending->code, ending->reason, ending->has_sent_close && ending->has_got_close);
}

std::size_t Session::on_bytes(std::span<char> bytes) {
  return receiver_.feed(bytes);
}

void Session::on_writable() {
  is_backlogged_ = false;
  if (state_ != SessionState::open) return;
  if (const std::unique_ptr<std::string> payload = std::move(waiting_pong_))
    write_frame(Opcode::pong, *payload);
  if (!is_backlogged_) events_.on_drain();
}

// Without a Close frame before it this is an end that was not announced.
void Session::on_end() {
  if (state_ == SessionState::closed) return;
  const bool was_open = state_ == SessionState::open;
  if (was_open) begin_closing();
  stream_->shutdown();
  if (was_open) events_.on_deadline_changed();
}

void Session::on_closed(std::error_code reason) {
  if (ending_ == nullptr) {
    ending_ = std::make_unique<Ending>();
    if (reason) ending_->reason = reason.message();
  }
  finish();
}

void Session::on_message(std::string_view data, bool binary) {
  if (state_ == SessionState::open) events_.on_message(data, binary);
}

// While the peer does not read, one pong is kept, for its newest ping (RFC 6455 5.5.3 allows that): pings
// cannot fill memory.
void Session::on_ping(std::string_view payload) {
  if (state_ != SessionState::open) return;
  if (is_backlogged_) {
    waiting_pong_ = std::make_unique<std::string>(payload);
  } else {
    write_frame(Opcode::pong, payload);
  }
  events_.on_ping(payload);
}

void Session::on_pong(std::string_view payload) {
  if (state_ == SessionState::open) events_.on_pong(payload);
}

void Session::on_close_frame(std::uint16_t code, std::string_view reason) {
  if (state_ == SessionState::closed) return;
  const bool was_open = state_ == SessionState::open;
  if (was_open) begin_closing();
  ending_->has_got_close = true;
  ending_->code = code;
  ending_->reason = reason;
  if (was_open) send_close(code, {});
  // RFC 6455 7.1.1: the server ends TCP first.
  stream_->shutdown();
  if (was_open) events_.on_deadline_changed();
}

void Session::on_failure(CloseCode code, std::string_view sentence) {
  fail(code, sentence);
}

}  // namespace naru::ws
