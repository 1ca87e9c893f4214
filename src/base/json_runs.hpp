// What a byte is to JSON, and the runs of bytes that a scanner passes over without a look at each.
//
//   at = json::skip_plain(at, end);   // at the quote, the backslash, or whatever else is not plain
//
// All of them stop at `end` at the latest. For the scanner, whose inner loops they are.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/utf8_sequence.hpp"

namespace naru::base::json {

constexpr std::uint64_t each_byte(unsigned char byte) {
  return 0x0101010101010101U * byte;
}

// The bytes of `word` that a string cannot simply skip (quote, backslash, control, above 7F) have their
// highest bit set; above the lowest such byte there may be false ones.
constexpr std::uint64_t special_bytes(std::uint64_t word) {
  const std::uint64_t quote = word ^ each_byte('"');
  const std::uint64_t backslash = word ^ each_byte('\\');
  const std::uint64_t is_quote = (quote - each_byte(1)) & ~quote;
  const std::uint64_t is_backslash = (backslash - each_byte(1)) & ~backslash;
  const std::uint64_t is_control = (word - each_byte(0x20)) & ~word;
  return (is_quote | is_backslash | is_control | word) & each_byte(0x80);
}
constexpr bool is_special(unsigned char byte) {
  return byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\';
}
constexpr bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}
constexpr bool is_blank(char byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}
constexpr bool is_hex(char byte) {
  return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

// Words of eight bytes at a time; strings are most of what people send.
inline const char* skip_plain(const char* at, const char* end) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    for (; end - at >= 8; at += 8) {
      std::uint64_t word;
      std::memcpy(&word, at, sizeof word);
      if (const std::uint64_t special = special_bytes(word)) return at + std::countr_zero(special) / 8;
    }
  }
  while (at != end && !is_special(static_cast<unsigned char>(*at)))
    ++at;
  return at;
}

inline const char* skip_blanks(const char* at, const char* end) noexcept {
  while (at != end && is_blank(*at))
    ++at;
  return at;
}
inline const char* skip_digits(const char* at, const char* end) noexcept {
  while (at != end && is_digit(*at))
    ++at;
  return at;
}

// A run of characters above 7F; null when one is invalid.
inline const char* skip_characters(const char* at, const char* end) noexcept {
  do {
    const Utf8Sequence sequence = utf8_sequence(at, end);
    if (!sequence.is_whole) return nullptr;
    at += sequence.size;
  } while (at != end && static_cast<unsigned char>(*at) >= 0x80);
  return at;
}

}  // namespace naru::base::json
