// The body of one request, out of the bytes behind its head (RFC 9112 sections 6 and 7). No I/O, no memory:
// pieces are views into what was fed.
//
//   BodyReader reader(head, limits, exchange_limit);
//   while (!bytes.empty() && reader.state() == BodyState::more) {
//     BodyStep step = reader.feed(bytes);               // at most one piece a step
//     bytes.remove_prefix(step.consumed);
//     if (!step.piece.empty()) use(step.piece);
//   }
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/http1_limits.hpp"
#include "http/request_head.hpp"

namespace naru::http {

enum class BodyState : std::uint8_t { more, complete, refused };

struct BodyStep {
  std::size_t consumed = 0;
  std::string_view piece{};
};

class BodyReader {
 public:
  BodyReader(BodyKind kind, std::uint64_t content_length, const BodyLimits& limits);

  // The greatest size of the whole body from now on.
  void set_limit(std::uint64_t bytes);
  // REQUIRES: state() is `more`.
  BodyStep feed(std::string_view bytes);

  BodyState state() const noexcept { return state_; }
  // After `refused`: 400, 413 or 431, and why (a literal).
  int status() const noexcept { return status_; }
  std::string_view reason() const noexcept { return reason_; }
  bool is_too_large() const noexcept { return state_ == BodyState::refused && status_ == 413; }
  // What is announced and has not come, in bytes; of a chunked body what its current chunk still holds.
  std::uint64_t remaining() const noexcept { return remaining_; }
  std::uint64_t received() const noexcept { return received_; }

 private:
  enum class Expect : std::uint8_t {
    length_data,
    chunk_size,
    chunk_blank,  // blanks between size and extension
    chunk_extension,
    chunk_line_feed,
    chunk_data,
    data_return,
    data_line_feed,
    trailer_begin,
    trailer_name,
    trailer_value,
    trailer_line_feed,
    last_line_feed,
  };

  void refuse(int status, std::string_view reason) noexcept;
  BodyStep take_data(std::string_view bytes);
  void take_framing(unsigned char byte);
  void take_size(unsigned char byte);
  void take_extension(unsigned char byte);
  void begin_chunk();
  void take_trailer(unsigned char byte);

  BodyLimits limits_;
  std::uint64_t remaining_ = 0;
  std::uint64_t received_ = 0;
  std::size_t line_ = 0;  // bytes of the chunk line, or of all trailers
  std::string_view reason_;
  int status_ = 0;
  std::uint8_t digits_ = 0;
  Expect expect_;
  BodyState state_ = BodyState::more;
};

}  // namespace naru::http
