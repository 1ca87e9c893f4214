// One request with its answer, whatever carries it: HTTP/1.1 here, other carriers later.
//
// Lives on its connection's loop; everything here is called there. The answer is given once: respond(), or
// start() + write()… + finish(), or upgrade(). After respond(), finish(), upgrade(), abort() or on_abort the
// exchange is over: forget the reference. Calls that still come in the same turn do nothing.
//
//   void Door::on_request(Exchange& exchange) {
//     ResponseHead head{200};
//     head.add("Content-Type", "text/plain");
//     exchange.respond(std::move(head), base::Slice::borrowed("hello"));
//   }
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_chain.hpp"
#include "base/byte_stream.hpp"
#include "base/clock.hpp"
#include "http/request_head.hpp"
#include "http/response_head.hpp"

namespace naru::http {

// Told about the request's body and about the end. Never called from inside a call into the exchange.
class ExchangeEvents {
 public:
  virtual ~ExchangeEvents() = default;
  // The next bytes of the body; the view ends with the call.
  virtual void on_body(std::string_view piece) = 0;
  // The body is whole. Comes for requests without body too.
  virtual void on_body_end() = 0;
  // The peer has gone, broke the protocol, sent too much or took too long, before the answer was finished.
  // The last event. A peer that only ended its own direction counts as gone: closing looks the same.
  virtual void on_abort() = 0;
  // After a write() that said `buffered`: all of it has left.
  virtual void on_writable() {}
};

class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual const RequestHead& head() const = 0;
  // Gives the head away; head() is empty from then on.
  virtual RequestHead take_head() = 0;

  // The greatest body in bytes; more is answered with 413 before it is taken in. Before set_events().
  virtual void set_body_limit(std::uint64_t bytes) = 0;
  // Who is told. The body flows only from here on, and a client that waits for `100 Continue` gets it now
  // (of a paused body: at resume_body()). Without events the body is never read: after the answer it is
  // drained up to a limit, or the connection ends.
  virtual void set_events(ExchangeEvents* events) = 0;
  // While paused the body stays with the peer, and no time-out of the body runs.
  virtual void pause_body() = 0;
  virtual void resume_body() = 0;
  // In and after on_abort: it was because of the limit, and the peer was answered 413.
  virtual bool body_was_too_large() const = 0;

  // The whole answer; head and body leave in one write. HEAD gets the head alone.
  virtual void respond(ResponseHead head, const base::Slice& body) = 0;
  void respond(ResponseHead head) { respond(std::move(head), base::Slice()); }

  // Begins a streamed answer: with `length` bytes to come exactly, or chunked, or until close for HTTP/1.0.
  virtual void start(ResponseHead head, std::optional<std::uint64_t> length) = 0;
  // The next piece. Bytes over the promised length are dropped. `buffered`: stop, on_writable will come.
  virtual base::WriteStatus write(const base::Slice& piece) = 0;
  // The answer is whole. With less than the promised length the connection is cut instead.
  virtual void finish() = 0;
  // Cuts the connection; no event follows.
  virtual void abort() = 0;
  // How long the peer may take nothing of this answer before it is cut off, instead of the connection's own
  // send_timeout: for streams whose reader may sleep.
  virtual void set_send_timeout(base::Duration patience) = 0;
  // Bytes of answers that the peer has not taken yet.
  virtual std::size_t buffered() const = 0;

  // Sends the head (101) and gives the stream away, with the bytes behind the request unread. The caller sets
  // its events; the session ends. Never null; a stream that has closed meanwhile says so to its new owner.
  // REQUIRES: head().wants_upgrade(…), no answer has begun.
  virtual std::unique_ptr<base::ByteStream> upgrade(ResponseHead head) = 0;

  virtual std::string peer_address() const = 0;
  virtual bool is_secure() const = 0;
  virtual bool is_done() const = 0;
};

}  // namespace naru::http
