// One open WebSocket over a ByteStream: messages in, messages out, and the closing handshake (RFC 6455
// section 7).
//
// The session owns the stream and is its events. It begins open: the HTTP handshake (handshake.hpp) was
// answered before. Everything runs on the stream's loop; events may call back (send, close, abort, pause). It
// never deletes itself: its owner frees it after on_closed, when no call into it is on the stack.
//
//   Session session(exchange.upgrade(std::move(response)), options, events, clock);
//   session.send(Opcode::text, "hello");
//   timer.set(session.deadline());                      // and then session.tick(now)
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "base/byte_stream.hpp"
#include "base/clock.hpp"
#include "naru/compression.hpp"
#include "ws/close_code.hpp"
#include "ws/compression.hpp"
#include "ws/frame_header.hpp"
#include "ws/receiver.hpp"

namespace naru::ws {

class SessionEvents {
 public:
  virtual ~SessionEvents() = default;
  // Only while open; the view is valid during the call. Text is valid UTF-8.
  virtual void on_message(std::string_view data, bool binary) = 0;
  // The pong has been sent.
  virtual void on_ping(std::string_view) {}
  virtual void on_pong(std::string_view) {}
  // Everything has left that was reported as `buffered`.
  virtual void on_drain() {}
  // The last event; the stream is closed. `code`: what the peer's Close frame said (1005: it had no code), or
  // the code that it was failed with, or 1006: there was no Close frame. `clean`: Close frames went both
  // ways. After a failure `reason` is a sentence for logs. Not called after abort().
  virtual void on_closed(std::uint16_t code, std::string_view reason, bool clean) = 0;
  virtual void on_deadline_changed() {}
};

// One object for many sessions; it must outlive them.
struct SessionOptions {
  ReceiverLimits limits{};
  // From the first Close frame to the end of TCP, at most: what is due, the peer's Close and the peer's FIN
  // fit into it, or the connection is cut.
  base::Duration close_timeout = std::chrono::seconds(10);
  // What to agree on with clients that offer it (handshake.hpp).
  CompressionOptions compression{};
};

enum class SessionState : std::uint8_t { open, closing, closed };

class Session final : public base::StreamEvents, private ReceiverEvents {
 public:
  // `compression`: what the handshake has agreed on (Compression::of); null: nothing. REQUIRES: stream is not
  // null.
  Session(std::unique_ptr<base::ByteStream> stream, const SessionOptions& options, SessionEvents& events,
          const base::Clock& clock, std::unique_ptr<Compression> compression = nullptr);
  Session(std::unique_ptr<base::ByteStream>, SessionOptions&&, SessionEvents&, const base::Clock&,
          std::unique_ptr<Compression> = nullptr) = delete;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() override;

  // Sends one message. The bytes are copied or written during the call. REQUIRES: text is valid UTF-8;
  // `opcode` is text or binary. `compress`: if that was agreed on and is worth it.
  base::WriteStatus send(Opcode opcode, std::string_view payload, bool compress = true);
  // The hot path: a whole data frame that encode_frame() or write_frame_header() made. The same frame for
  // many sessions is compressed once.
  base::WriteStatus send_encoded(const base::Frame& frame, bool compress = true) {
    if (state_ != SessionState::open) [[unlikely]]
      return base::WriteStatus::closed;
    if (compression_ != nullptr && compress) [[unlikely]]
      return send_compressed(frame);
    return note(stream_->write(base::Slice(frame)));
  }
  // At most kMaxControlPayload bytes; what is longer is cut.
  base::WriteStatus ping(std::string_view payload = {});

  // Says goodbye after everything written so far; on_closed comes when TCP has ended. Only the first call
  // counts.
  void close(std::uint16_t code = number(CloseCode::normal), std::string_view reason = {}) {
    close(code, reason, options_.close_timeout);
  }
  // The same with a time of its own from here to the end of TCP, at most.
  void close(std::uint16_t code, std::string_view reason, base::Duration patience);
  // The same because of the peer's fault: its bytes are thrown away from now on, its Close is not waited for.
  void fail(CloseCode code, std::string_view sentence);
  // Cuts the connection; what was not written is lost. No event follows.
  void abort();

  // No on_message until resumed; TCP's window then holds the peer back.
  void pause_reading();
  void resume_reading();

  std::size_t buffered() const { return stream_->buffered(); }
  // Something waits that was reported as `buffered`: on_drain will come.
  bool is_backlogged() const noexcept { return is_backlogged_; }
  SessionState state() const noexcept { return state_; }
  base::TimePoint deadline() const noexcept { return deadline_; }
  void tick(base::TimePoint now);
  base::ByteStream& stream() noexcept { return *stream_; }

 private:
  std::size_t on_bytes(std::span<char> bytes) override;
  void on_writable() override;
  void on_end() override;
  void on_closed(std::error_code reason) override;

  void on_message(std::string_view data, bool binary) override;
  void on_ping(std::string_view payload) override;
  void on_pong(std::string_view payload) override;
  void on_close_frame(std::uint16_t code, std::string_view reason) override;
  void on_failure(CloseCode code, std::string_view sentence) override;

  base::WriteStatus note(base::WriteStatus status) noexcept {
    if (status == base::WriteStatus::buffered) is_backlogged_ = true;
    return status;
  }
  base::WriteStatus write_frame(Opcode opcode, std::string_view payload);
  base::WriteStatus send_compressed(const base::Frame& frame);
  void keep_window();
  void tick_window(base::TimePoint now);
  void send_close(std::uint16_t code, std::string_view reason);
  void begin_closing(base::Duration patience);
  void begin_closing() { begin_closing(options_.close_timeout); }
  void finish();

  struct Ending;

  std::unique_ptr<base::ByteStream> stream_;
  SessionEvents& events_;
  const SessionOptions& options_;
  const base::Clock& clock_;
  base::TimePoint deadline_ = base::kNever;
  std::unique_ptr<Ending> ending_;             // how it ends, once that has begun
  std::unique_ptr<std::string> waiting_pong_;  // the newest ping's payload while the peer does not read
  std::unique_ptr<Compression> compression_;
  Receiver receiver_;
  SessionState state_ = SessionState::open;
  bool is_backlogged_ = false;
};

}  // namespace naru::ws
