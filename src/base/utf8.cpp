#include "base/utf8.hpp"

#include <cstring>

#include "base/utf8_sequence.hpp"

namespace naru::base {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080U;

std::size_t ascii_size(const char* at, const char* end) noexcept {
  const char* begin = at;
  while (end - at >= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    if ((word & kHighBits) != 0) break;
    at += 8;
  }
  while (at != end && static_cast<unsigned char>(*at) < 0x80)
    ++at;
  return static_cast<std::size_t>(at - begin);
}

}  // namespace

std::size_t valid_utf8_size(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  const char* at = text.data();
  while (true) {
    at += ascii_size(at, end);
    if (at == end) break;
    const Utf8Sequence sequence = utf8_sequence(at, end);
    if (!sequence.is_whole) break;
    at += sequence.size;
  }
  return static_cast<std::size_t>(at - text.data());
}

bool is_valid_utf8(std::string_view text) noexcept {
  return valid_utf8_size(text) == text.size();
}

std::size_t invalid_utf8_size(std::string_view text) noexcept {
  return utf8_sequence(text.data(), text.data() + text.size()).size;
}

void append_valid_utf8(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t valid = valid_utf8_size(text);
    out += text.substr(0, valid);
    text.remove_prefix(valid);
    if (text.empty()) return;
    append_code_point(out, kReplacementCharacter);
    text.remove_prefix(invalid_utf8_size(text));
  }
}

void append_code_point(std::string& out, char32_t code_point) {
  const auto bits = [code_point](int shift, unsigned mask) { return (code_point >> shift) & mask; };
  const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | bits(6, 0x1F));
    put(0x80 | bits(0, 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | bits(12, 0x0F));
    put(0x80 | bits(6, 0x3F));
    put(0x80 | bits(0, 0x3F));
  } else {
    put(0xF0 | bits(18, 0x07));
    put(0x80 | bits(12, 0x3F));
    put(0x80 | bits(6, 0x3F));
    put(0x80 | bits(0, 0x3F));
  }
}

bool Utf8Validator::feed(std::string_view piece) noexcept {
  const char* const end = piece.data() + piece.size();
  const char* at = piece.data();
  while (at != end) {
    if (missing_ == 0) {
      at += ascii_size(at, end);
      if (at == end) break;
      const Utf8Lead lead = utf8_lead(static_cast<unsigned char>(*at++));
      if (lead.missing == 0) return false;
      missing_ = lead.missing;
      lowest_ = lead.lowest;
      highest_ = lead.highest;
    } else {
      const auto byte = static_cast<unsigned char>(*at++);
      if (byte < lowest_ || byte > highest_) return false;
      --missing_;
      lowest_ = 0x80;
      highest_ = 0xBF;
    }
  }
  return true;
}

}  // namespace naru::base
