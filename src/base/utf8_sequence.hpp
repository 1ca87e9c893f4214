// One character above 7F, for the loops of utf8.cpp and json_scanner.cpp. Inline: texts in most languages
// consist of such characters.
#pragma once

#include <cstddef>
#include <cstdint>

namespace naru::base {

// What must follow a leading byte; missing == 0: it can lead nothing. Only the next byte has the narrower
// range.
struct Utf8Lead {
  std::uint8_t missing;
  std::uint8_t lowest;
  std::uint8_t highest;
};
// RFC 3629 section 4. REQUIRES: byte >= 0x80.
constexpr Utf8Lead utf8_lead(unsigned char byte) noexcept {
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {1, 0x80, 0xBF};
  if (byte < 0xF0) {
    if (byte == 0xE0) return {2, 0xA0, 0xBF};
    if (byte == 0xED) return {2, 0x80, 0x9F};
    return {2, 0x80, 0xBF};
  }
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte < 0xF4) return {3, 0x80, 0xBF};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {0, 0, 0};
}

// How many bytes at `at` belong to one character, as far as they are right, and whether it is whole.
struct Utf8Sequence {
  std::size_t size;
  bool is_whole;
};
// REQUIRES: at != end and *at >= 0x80.
constexpr Utf8Sequence utf8_sequence(const char* at, const char* end) noexcept {
  Utf8Lead lead = utf8_lead(static_cast<unsigned char>(*at));
  if (lead.missing == 0) return {1, false};
  std::size_t size = 1;
  for (; lead.missing > 0; --lead.missing, ++size) {
    if (at + size == end) return {size, false};
    const auto byte = static_cast<unsigned char>(at[size]);
    if (byte < lead.lowest || byte > lead.highest) return {size, false};
    lead.lowest = 0x80;
    lead.highest = 0xBF;
  }
  return {size, true};
}

}  // namespace naru::base
