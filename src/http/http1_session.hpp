// One HTTP/1.1 connection (RFC 9112): requests out of a ByteStream, one at a time, and their answers in
// order.
//
// The session owns the stream and is its events. Everything runs on the stream's loop. Pipelined requests
// wait unparsed in the stream's bounded tail until the one before is answered; the peer's end is noticed
// meanwhile. An idle session has no buffers. Refusals are answered with `Connection: close`, then the peer's
// bytes are thrown away until it ends, so that the answer arrives.
//
//   Http1Session session(std::move(stream), owner, limits, clock);
//   timer.set(session.deadline());                      // and then session.tick(now)
//   // owner.on_request(session, exchange): exchange.respond(…), now or later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>

#include "base/byte_stream.hpp"
#include "base/clock.hpp"
#include "http/exchange.hpp"
#include "http/http1_limits.hpp"

namespace naru::http {

class HeadParser;
class Http1Exchange;
class Http1Session;

class Http1Owner {
 public:
  virtual ~Http1Owner() = default;
  // A request to answer, now or later. The exchange lives in the session until it is done.
  virtual void on_request(Http1Session& session, Exchange& exchange) = 0;
  // True: this request is to be served on another loop. The session keeps the head and consumes nothing more;
  // the owner moves session and stream at the end of its turn and then calls dispatch_kept().
  virtual bool belongs_elsewhere(const RequestHead&) { return false; }
  // Set the timer to session.deadline() now.
  virtual void on_deadline_changed(Http1Session& session) = 0;
  // The stream is closed, or was given away by upgrade(). Dispose of the session at the end of the turn: its
  // calls are on the stack. The last event. Not called when the owner aborts the stream itself.
  virtual void on_session_over(Http1Session& session) = 0;
  // For the log: a request was refused with this status, and why (a literal).
  virtual void on_refused(Http1Session&, int /*status*/, std::string_view /*reason*/) {}
};

class Http1Session final : public base::StreamEvents {
 public:
  // REQUIRES: stream is not null; owner, limits and clock outlive the session.
  Http1Session(std::unique_ptr<base::ByteStream> stream, Http1Owner& owner, const Http1Limits& limits,
               const base::Clock& clock);
  Http1Session(std::unique_ptr<base::ByteStream>, Http1Owner&, Http1Limits&&, const base::Clock&) = delete;
  Http1Session(const Http1Session&) = delete;
  Http1Session& operator=(const Http1Session&) = delete;
  ~Http1Session() override;

  // When tick() is due; base::kNever: nothing runs.
  base::TimePoint deadline() const noexcept { return deadline_; }
  void tick(base::TimePoint now);

  // Hands the request that belongs_elsewhere() held back to on_request().
  void dispatch_kept();

  // A graceful end: at once when nothing is under way, else after the next answer, which says so.
  void close_when_idle();
  // No request is being read or answered, and the connection is not ending.
  bool is_idle() const noexcept;
  // REQUIRES: not given away by upgrade().
  base::ByteStream& stream() noexcept { return *stream_; }

 private:
  friend class Http1Exchange;
  enum class Phase : std::uint8_t {
    reading_head,  // also between requests
    kept,          // a head waits for its move to another loop
    exchanging,    // on_request was called; the answer or the body is not whole
    ending,        // our last byte is written: throw away what comes until the peer ends
    over,
  };

  std::size_t on_bytes(std::span<char> bytes) override;
  void on_writable() override;
  void on_end() override;
  void on_closed(std::error_code reason) override;

  std::size_t pump(std::string_view bytes);
  std::size_t read_head(std::string_view bytes);
  void take_request();
  void dispatch();
  std::size_t read_body(std::string_view bytes);
  std::size_t throw_away(std::string_view bytes);
  void conclude();
  void end_of_peer();
  bool waits_for_room() const;
  bool holds_bytes_for_later() const;

  void refuse(int status, std::string_view reason);
  void begin_ending();
  void cut();
  void over();

  // For the exchange.
  base::WriteStatus write(std::span<const base::Slice> slices);
  void answered();
  void set_send_timeout(base::Duration patience);
  void wake();
  std::unique_ptr<base::ByteStream> give_away(std::string_view head);

  void set_deadline();
  base::TimePoint work_deadline() const;
  bool is_sending_stuck(base::TimePoint now);

  std::unique_ptr<base::ByteStream> stream_;
  Http1Owner& owner_;
  const Http1Limits& limits_;
  const base::Clock& clock_;
  std::unique_ptr<HeadParser> parser_;       // while a head is incomplete
  std::unique_ptr<Http1Exchange> exchange_;  // from the head on; done ones stay until the calls have returned
  base::TimePoint deadline_ = base::kNever;
  base::Duration send_timeout_;  // of the current answer
  base::TimePoint since_;        // when the current phase began, of what its time-out counts from
  base::TimePoint sending_since_ = base::kNever;  // the peer took bytes last, while some wait; kNever: none
  std::uint64_t written_ = 0;                     // all bytes given to the stream
  std::uint64_t taken_ = 0;                       // of those, what had left at sending_since_
  std::uint64_t thrown_away_ = 0;                 // while ending
  std::size_t tail_ = 0;                          // bytes that the last on_bytes left in the stream
  Phase phase_ = Phase::reading_head;
  bool is_pumping_ : 1 = false;
  bool is_woken_ : 1 = false;  // pump() is due, by tick()
  bool is_last_ : 1 = false;   // the next answer closes
  bool peer_has_ended_ : 1 = false;
};

}  // namespace naru::http
