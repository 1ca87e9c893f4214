// Base64 (RFC 4648): the standard alphabet with padding (section 4) and the URL one without (section 5).
//
//   std::string text;   append_base64(text, bytes);
//   std::string bytes;  if (!decode_base64(text, bytes)) refuse();
//
// Decoding is strict: no blanks, no foreign characters, no bits left over, so that one text has one meaning.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/frame.hpp"

namespace naru::base {

enum class Base64 {
  standard,  // + and /, padded with =; decoding wants the padding
  url,       // - and _, no padding; decoding refuses padding
};

// How many characters `size` bytes become.
std::size_t base64_size(std::size_t size, Base64 alphabet = Base64::standard) noexcept;

void append_base64(std::string& out, std::string_view bytes, Base64 alphabet = Base64::standard);
void append_base64(FrameBuilder& out, std::string_view bytes, Base64 alphabet = Base64::standard);

// Appends the bytes to `out`. False when the text is not base64; `out` is then as it was.
[[nodiscard]] bool decode_base64(std::string_view text, std::string& out, Base64 alphabet = Base64::standard);

// Decodes what JavaScript's Buffer.from(text, "base64") takes from well-behaved peers: like decode_base64
// with the standard alphabet, but the padding may be missing.
[[nodiscard]] bool decode_base64_unpadded(std::string_view text, std::string& out);

}  // namespace naru::base
