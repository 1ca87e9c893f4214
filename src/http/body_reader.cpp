#include "http/body_reader.hpp"

#include <algorithm>
#include <cassert>

#include "http/grammar.hpp"

namespace naru::http {
namespace {

// More hexadecimal digits cannot be a size that anybody means.
constexpr std::uint8_t kMaxSizeDigits = 16;

int hex_value(unsigned char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

}  // namespace

BodyReader::BodyReader(BodyKind kind, std::uint64_t content_length, const BodyLimits& limits)
    : limits_(limits), expect_(kind == BodyKind::chunked ? Expect::chunk_size : Expect::length_data) {
  if (kind == BodyKind::none) state_ = BodyState::complete;
  if (kind == BodyKind::length) remaining_ = content_length;
  set_limit(limits.max_body);
}

void BodyReader::set_limit(std::uint64_t bytes) {
  limits_.max_body = bytes;
  const bool is_announced = expect_ == Expect::length_data && state_ != BodyState::complete;
  if (is_announced) {
    const bool is_over = received_ + remaining_ > bytes;
    if (is_over) return refuse(413, "the body is over its limit");
    if (is_too_large()) state_ = BodyState::more;  // a greater limit than before
  }
}

void BodyReader::refuse(int status, std::string_view reason) noexcept {
  state_ = BodyState::refused;
  status_ = status;
  reason_ = reason;
}

BodyStep BodyReader::feed(std::string_view bytes) {
  assert(state_ == BodyState::more);
  std::size_t framing = 0;
  while (framing < bytes.size() && state_ == BodyState::more) {
    if (expect_ == Expect::length_data || expect_ == Expect::chunk_data) {
      BodyStep step = take_data(bytes.substr(framing));
      step.consumed += framing;
      return step;
    }
    take_framing(static_cast<unsigned char>(bytes[framing]));
    ++framing;
  }
  return {framing, {}};
}

BodyStep BodyReader::take_data(std::string_view bytes) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), remaining_));
  remaining_ -= count;
  received_ += count;
  if (remaining_ == 0) {
    if (expect_ == Expect::length_data) {
      state_ = BodyState::complete;
    } else {
      expect_ = Expect::data_return;
    }
  }
  return {count, bytes.substr(0, count)};
}

// RFC 9112 7.1. Every line must end with CR LF: a lone LF is where servers disagree, and smuggling begins.
void BodyReader::take_framing(unsigned char byte) {
  switch (expect_) {
    case Expect::chunk_size:
      return take_size(byte);
    case Expect::chunk_blank:
    case Expect::chunk_extension:
      return take_extension(byte);
    case Expect::chunk_line_feed:
      if (byte != '\n') return refuse(400, "CR without LF in a chunk's line");
      return begin_chunk();
    case Expect::data_return:
      if (byte != '\r') return refuse(400, "a chunk is longer than its size");
      expect_ = Expect::data_line_feed;
      return;
    case Expect::data_line_feed:
      if (byte != '\n') return refuse(400, "CR without LF behind a chunk");
      expect_ = Expect::chunk_size;
      line_ = 0;
      digits_ = 0;
      return;
    default:
      return take_trailer(byte);
  }
}

void BodyReader::take_size(unsigned char byte) {
  if (const int value = hex_value(byte); value >= 0) {
    ++line_;
    if (++digits_ > kMaxSizeDigits) return refuse(400, "a chunk's size has too many digits");
    remaining_ = (remaining_ << 4) | static_cast<std::uint64_t>(value);
    return;
  }
  if (digits_ == 0) return refuse(400, "a chunk has no size");
  if (is_blank(static_cast<char>(byte))) {
    expect_ = Expect::chunk_blank;
    ++line_;
  } else if (byte == ';') {
    expect_ = Expect::chunk_extension;
    ++line_;
  } else if (byte == '\r') {
    expect_ = Expect::chunk_line_feed;
  } else {
    refuse(400, "a chunk's size is no hexadecimal number");
  }
}

void BodyReader::take_extension(unsigned char byte) {
  if (++line_ > limits_.max_chunk_line) return refuse(400, "a chunk's line is too long");
  if (expect_ == Expect::chunk_blank) {
    if (byte == ';') {
      expect_ = Expect::chunk_extension;
    } else if (!is_blank(static_cast<char>(byte))) {
      refuse(400, "a chunk's size is followed by something else");
    }
    return;
  }
  if (byte == '\r') {
    expect_ = Expect::chunk_line_feed;
  } else if (!is_value_byte(byte)) {
    refuse(400, "a chunk's extension has a control byte");
  }
}

void BodyReader::begin_chunk() {
  if (remaining_ == 0) {
    expect_ = Expect::trailer_begin;
    line_ = 0;
    return;
  }
  // Compared this way round because the sum may wrap.
  if (received_ > limits_.max_body || remaining_ > limits_.max_body - received_) {
    return refuse(413, "the chunks' sum is over the limit");
  }
  expect_ = Expect::chunk_data;
}

// Trailers are checked like fields and thrown away (RFC 9110 6.5.1: merging them is for those who know each).
void BodyReader::take_trailer(unsigned char byte) {
  if (expect_ == Expect::last_line_feed) {
    if (byte != '\n') return refuse(400, "CR without LF behind the last chunk");
    state_ = BodyState::complete;
    return;
  }
  if (++line_ > limits_.max_trailers) return refuse(431, "the trailers are too long");
  switch (expect_) {
    case Expect::trailer_begin:
      if (byte == '\r') {
        expect_ = Expect::last_line_feed;
      } else if (is_token_byte(byte)) {
        expect_ = Expect::trailer_name;
      } else {
        refuse(400, "a trailer's name is no token");
      }
      return;
    case Expect::trailer_name:
      if (byte == ':') {
        expect_ = Expect::trailer_value;
      } else if (!is_token_byte(byte)) {
        refuse(400, "a trailer's name is no token");
      }
      return;
    case Expect::trailer_value:
      if (byte == '\r') {
        expect_ = Expect::trailer_line_feed;
      } else if (!is_value_byte(byte)) {
        refuse(400, "a trailer's value has a control byte");
      }
      return;
    default:
      if (byte != '\n') return refuse(400, "CR without LF behind a trailer");
      expect_ = Expect::trailer_begin;
      return;
  }
}

}  // namespace naru::http
