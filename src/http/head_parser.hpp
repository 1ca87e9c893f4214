// Bytes to a RequestHead, strictly (RFC 9112 sections 2 to 5). No I/O; give it bytes in any pieces.
//
//   HeadParser parser(limits);
//   HeadStep step = parser.feed(bytes);                 // step.consumed bytes are taken in
//   if (step.state == HeadState::complete) dispatch(parser.take());
//   if (step.state == HeadState::refused) answer(parser.status(), parser.reason());
//
// Line by line: a wrong line is refused when it ends, or when it has grown too long, so a broken head never
// waits for the rest. Memory: the bytes that came, at most max_head, and 16 bytes a field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/http1_limits.hpp"
#include "http/request_head.hpp"

namespace naru::http {

enum class HeadState : std::uint8_t { more, complete, refused };

struct HeadStep {
  HeadState state = HeadState::more;
  std::size_t consumed = 0;  // all bytes, or those up to the end of the head or of the wrong line
};

class HeadParser {
 public:
  explicit HeadParser(const HeadLimits& limits) : limits_(limits) {}

  // After `complete` or `refused` no more bytes may be fed.
  HeadStep feed(std::string_view bytes);
  // REQUIRES: complete. The parser is used up.
  RequestHead take() { return std::move(head_); }
  // After `refused`: the status to answer with, and why (a literal).
  int status() const noexcept { return status_; }
  std::string_view reason() const noexcept { return reason_; }
  // No byte of a request has come, at most empty lines.
  bool is_fresh() const noexcept { return head_.bytes_.empty(); }

 private:
  bool refuse(int status, std::string_view reason) noexcept;
  bool end_line();
  bool check_growth();
  bool parse_request_line(std::string_view line);
  bool parse_version(std::string_view version);
  bool parse_target(std::string_view target);
  bool parse_field(std::string_view line);
  bool finish();
  bool check_host();
  bool check_framing();
  bool check_length(std::string_view value);
  bool check_connection();
  bool check_expectation();
  RequestHead::Part part(std::string_view inside) const noexcept;

  const HeadLimits limits_;
  RequestHead head_;
  std::size_t line_begin_ = 0;  // of the line that is coming, in head_.bytes_
  int status_ = 0;
  std::string_view reason_;
  std::uint8_t empty_lines_ = 0;
  bool has_request_line_ = false;
  bool is_complete_ = false;
};

// One whole head with nothing behind it; empty when it is refused or incomplete.
std::optional<RequestHead> parse_request_head(std::string_view text, const HeadLimits& limits = {});

}  // namespace naru::http
