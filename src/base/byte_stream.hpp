// A two-way stream of bytes with an owner that is told what happens: the seam between transports (TCP, Unix,
// later TLS and HTTP/2 streams, the test pipe) and protocols. A protocol never knows which one it has.
//
// Everything runs on the stream's loop. Calls into the stream from inside an event are allowed, also abort().
// A stream never deletes itself or its events; after on_closed no further event comes.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "base/byte_chain.hpp"

namespace naru::base {

enum class WriteStatus {
  sent,  // the kernel (or the layer below) will get all of it at the end of this turn, nothing was waiting
  buffered,  // kept in order behind what was already waiting; on_writable comes when all has gone
  closed,    // the stream is closed or shut down for writing: the bytes were dropped
};

class StreamEvents {
 public:
  virtual ~StreamEvents() = default;
  // Bytes have come. Returns how many were consumed from the front; the rest is kept by the stream and
  // offered again, together with what comes next, when more bytes come or after resume_reading(). The bytes
  // may be changed in place during the call (a WebSocket unmasks them), as long as the changed ones are
  // consumed. The stream stops reading while the tail is as large as max_tail() of the stream's options.
  virtual std::size_t on_bytes(std::span<char> bytes) = 0;
  // Everything that was buffered has been taken by the layer below (after a WriteStatus::buffered).
  virtual void on_writable() {}
  // The peer has ended its direction; all its bytes have been offered before. Writing still works.
  virtual void on_end() = 0;
  // The stream is closed both ways: after shutdown() was flushed and the peer ended too, after abort() of the
  // peer, on an error, or on a failed write. Not called when the owner itself called abort(). The last event.
  virtual void on_closed(std::error_code reason) = 0;
};

class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Who is told from now on; a kept tail is offered to the new owner at the end of the current on_bytes, or
  // in this loop's next turn. Null: nobody, and reading pauses. The owner must outlive the stream or replace
  // itself.
  virtual void set_events(StreamEvents* events) = 0;

  // Writes the slices in order. Never blocks; what is not taken at once is kept.
  virtual WriteStatus write(std::span<const Slice> slices) = 0;
  WriteStatus write(const Slice& slice) { return write(std::span<const Slice>(&slice, 1)); }
  WriteStatus write(std::string_view bytes) { return write(Slice::borrowed(bytes)); }

  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;

  // Ends our direction after everything written so far has left (FIN). Reading goes on until the peer ends.
  virtual void shutdown() = 0;
  // Closes both directions at once; what was not written is lost. No event follows.
  virtual void abort() = 0;

  // Bytes written by the owner and not yet taken by the layer below.
  virtual std::size_t buffered() const = 0;
  // The peer's address as text without port ("127.0.0.1", "::1"), empty when there is none. IPv4-mapped IPv6
  // addresses are given as IPv4.
  virtual std::string peer_address() const = 0;
  // True when the bytes are encrypted on the way to the peer (TLS).
  virtual bool is_secure() const { return false; }
};

}  // namespace naru::base
