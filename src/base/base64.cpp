#include "base/base64.hpp"

#include <array>
#include <cstdint>

namespace naru::base {
namespace {

constexpr char kStandard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kUrl[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kForeign = 0xFF;

constexpr std::array<std::uint8_t, 256> values_of(const char* alphabet) {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values)
    value = kForeign;
  for (std::uint8_t i = 0; i < 64; ++i)
    values[static_cast<unsigned char>(alphabet[i])] = i;
  return values;
}
constexpr auto kStandardValues = values_of(kStandard);
constexpr auto kUrlValues = values_of(kUrl);

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

// Writes base64_size(bytes.size(), alphabet) characters.
void encode(char* out, std::string_view bytes, Base64 alphabet) {
  const char* characters = alphabet == Base64::standard ? kStandard : kUrl;
  std::size_t at = 0;
  for (; at + 3 <= bytes.size(); at += 3) {
    const std::uint32_t group =
        byte_at(bytes, at) << 16 | byte_at(bytes, at + 1) << 8 | byte_at(bytes, at + 2);
    *out++ = characters[group >> 18];
    *out++ = characters[group >> 12 & 63];
    *out++ = characters[group >> 6 & 63];
    *out++ = characters[group & 63];
  }
  const std::size_t left = bytes.size() - at;
  if (left == 0) return;
  const std::uint32_t group = byte_at(bytes, at) << 16 | (left == 2 ? byte_at(bytes, at + 1) << 8 : 0);
  *out++ = characters[group >> 18];
  *out++ = characters[group >> 12 & 63];
  if (left == 2) *out++ = characters[group >> 6 & 63];
  if (alphabet == Base64::standard) {
    *out++ = '=';
    if (left == 1) *out = '=';
  }
}

// Decodes unpadded characters into `out`, which has room for 3/4 of them.
bool decode(char* out, std::string_view text, const std::array<std::uint8_t, 256>& values) {
  std::uint32_t group = 0;
  std::uint8_t seen = 0;  // foreign characters are the only ones with the two highest bits set
  std::size_t at = 0;
  for (; at + 4 <= text.size(); at += 4) {
    group = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint8_t value = values[byte_at(text, at + i)];
      seen |= value;
      group = group << 6 | (value & 63);
    }
    *out++ = static_cast<char>(group >> 16);
    *out++ = static_cast<char>(group >> 8);
    *out++ = static_cast<char>(group);
  }
  const std::size_t left = text.size() - at;
  if (left == 1) return false;
  group = 0;
  for (std::size_t i = 0; i < left; ++i) {
    const std::uint8_t value = values[byte_at(text, at + i)];
    seen |= value;
    group = group << 6 | (value & 63);
  }
  if (left == 2) {
    *out = static_cast<char>(group >> 4);
    if ((group & 0x0F) != 0) return false;
  } else if (left == 3) {
    *out++ = static_cast<char>(group >> 10);
    *out = static_cast<char>(group >> 2);
    if ((group & 0x03) != 0) return false;
  }
  return (seen & 0xC0) == 0;
}

bool append_decoded(std::string_view text, std::string& out, const std::array<std::uint8_t, 256>& values) {
  const std::size_t before = out.size();
  out.resize(before + text.size() / 4 * 3 + (text.size() % 4) * 3 / 4);
  if (decode(out.data() + before, text, values)) return true;
  out.resize(before);
  return false;
}

std::string_view without_padding(std::string_view text) {
  if (text.size() % 4 != 0 || text.empty() || text.back() != '=') return text;
  text.remove_suffix(1);
  if (text.back() == '=') text.remove_suffix(1);
  return text;
}

}  // namespace

std::size_t base64_size(std::size_t size, Base64 alphabet) noexcept {
  if (alphabet == Base64::standard) return (size + 2) / 3 * 4;
  return size / 3 * 4 + (size % 3 == 0 ? 0 : size % 3 + 1);
}

void append_base64(std::string& out, std::string_view bytes, Base64 alphabet) {
  const std::size_t before = out.size();
  out.resize(before + base64_size(bytes.size(), alphabet));
  encode(out.data() + before, bytes, alphabet);
}

void append_base64(FrameBuilder& out, std::string_view bytes, Base64 alphabet) {
  encode(out.grow(base64_size(bytes.size(), alphabet)), bytes, alphabet);
}

bool decode_base64(std::string_view text, std::string& out, Base64 alphabet) {
  if (alphabet == Base64::url) return append_decoded(text, out, kUrlValues);
  return text.size() % 4 == 0 && append_decoded(without_padding(text), out, kStandardValues);
}

bool decode_base64_unpadded(std::string_view text, std::string& out) {
  return append_decoded(without_padding(text), out, kStandardValues);
}

}  // namespace naru::base
