// Every limit of an HTTP/1.1 connection. One object for many sessions; it must outlive them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace naru::http {

struct HeadLimits {
  // Request line and fields together; more is 431. What browsers send with large cookies fits twice.
  std::size_t max_head = std::size_t{16} << 10;
  // More is 414. RFC 9112 section 3 asks for 8000 at least.
  std::size_t max_target = std::size_t{8} << 10;
  // More is 431. Each costs 16 bytes beside its text.
  std::size_t max_fields = 100;
};

struct BodyLimits {
  // More is 413; an exchange may set its own. Socket.IO's maxHttpBufferSize.
  std::uint64_t max_body = 1'000'000;
  // Size and extensions of one chunk; more is 400. Extensions carry nothing that we use.
  std::size_t max_chunk_line = 256;
  // All trailer fields of a chunked body, in bytes; more is 431. They are thrown away.
  std::size_t max_trailers = std::size_t{8} << 10;
};

struct Http1Limits {
  HeadLimits head{};
  BodyLimits body{};

  // From the first byte of a head to its last, whatever trickles in; then 408.
  base::Duration head_timeout = std::chrono::seconds(5);
  // Without any byte of the body that we wait for; then 408.
  base::Duration body_timeout = std::chrono::seconds(10);
  // Bytes a second that a body must bring on average once body_timeout has passed, so that a trickle cannot
  // hold a connection for ever. A poor phone connection is ten times faster.
  std::uint64_t min_body_rate = 1000;
  // Between two requests, and before the first: long enough for a browser to come back.
  base::Duration idle_timeout = std::chrono::seconds(65);
  // Without the peer taking any of what waits for it.
  base::Duration send_timeout = std::chrono::seconds(30);
  // After our last byte, until the peer ends: an answer is lost when unread bytes meet a closed socket.
  base::Duration linger_timeout = std::chrono::seconds(2);
  // Bytes thrown away while lingering; then the connection is cut.
  std::uint64_t max_linger = std::uint64_t{8} << 20;
  // An unread body of at most this size is thrown away after an early answer, to keep the connection.
  std::uint64_t max_drain = std::uint64_t{256} << 10;
  // Pipelined requests wait in the stream (up to its max_tail) while this much of earlier answers is unsent.
  std::size_t max_unsent = std::size_t{64} << 10;
};

}  // namespace naru::http
