// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
//
//   if (!is_valid_utf8(text)) refuse();
//   Utf8Validator validator;                      // the same for text that comes in pieces
//   if (!validator.feed(piece)) fail(1007);       // at the first byte that can no longer become valid
//   if (!validator.finish()) fail(1007);          // the text ended inside a character
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace naru::base {

bool is_valid_utf8(std::string_view text) noexcept;

// How many bytes at the front of `text` are whole valid characters.
std::size_t valid_utf8_size(std::string_view text) noexcept;

// How many bytes one U+FFFD stands for when `text` begins with an invalid sequence: the longest piece that
// could have begun a character, at least one byte (Unicode 15, section 3.9; what browsers do). REQUIRES:
// !text.empty().
std::size_t invalid_utf8_size(std::string_view text) noexcept;

// Appends `text` with every invalid piece replaced by U+FFFD.
void append_valid_utf8(std::string& out, std::string_view text);

// Appends one character. REQUIRES: code_point <= 0x10FFFF and no surrogate.
void append_code_point(std::string& out, char32_t code_point);

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

// Plain data, 4 bytes. After false it must not be fed again.
class Utf8Validator {
 public:
  // False at the first byte after which no continuation can make the text valid.
  [[nodiscard]] bool feed(std::string_view piece) noexcept;
  // True when the text may end here; ready for the next text then.
  [[nodiscard]] bool finish() const noexcept { return missing_ == 0; }

 private:
  std::uint8_t missing_ = 0;  // bytes that the begun character still needs
  // What the next of them may be; narrower than 80..BF only after E0, ED, F0 and F4 (RFC 3629 section 4).
  std::uint8_t lowest_ = 0x80;
  std::uint8_t highest_ = 0xBF;
};

}  // namespace naru::base
