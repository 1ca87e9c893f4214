#include "channel/position.hpp"

#include <cassert>
#include <charconv>

namespace naru::channel {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

Epoch Epoch::from_bytes(std::span<const unsigned char, kBytes> random) noexcept {
  Epoch epoch;
  for (std::size_t i = 0, out = 0; i < kBytes; i += 3, out += 4) {
    const unsigned group = static_cast<unsigned>(random[i]) << 16 |
                           static_cast<unsigned>(random[i + 1]) << 8 | static_cast<unsigned>(random[i + 2]);
    epoch.text_[out] = kAlphabet[group >> 18];
    epoch.text_[out + 1] = kAlphabet[group >> 12 & 63];
    epoch.text_[out + 2] = kAlphabet[group >> 6 & 63];
    epoch.text_[out + 3] = kAlphabet[group & 63];
  }
  return epoch;
}

std::optional<Epoch> Epoch::parse(std::string_view text) noexcept {
  if (text.size() != kTextSize || text.find_first_not_of(kAlphabet) != text.npos) return std::nullopt;
  Epoch epoch;
  text.copy(epoch.text_.data(), kTextSize);
  return epoch;
}

std::string Position::text() const {
  assert(!epoch.empty() && offset <= kMaxOffset);
  std::string text = "e";
  text += epoch.text();
  text += '.';
  text += std::to_string(offset);
  return text;
}

std::optional<Position> Position::parse(std::string_view text) noexcept {
  constexpr std::size_t kDot = 1 + Epoch::kTextSize;
  if (text.size() < kDot + 2 || text.size() > kMaxText || text[0] != 'e' || text[kDot] != '.')
    return std::nullopt;
  const auto epoch = Epoch::parse(text.substr(1, Epoch::kTextSize));
  if (!epoch) return std::nullopt;
  const std::string_view digits = text.substr(kDot + 1);
  if (digits[0] == '0' && digits.size() > 1) return std::nullopt;
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), offset);
  if (error != std::errc() || end != digits.data() + digits.size() || offset > kMaxOffset)
    return std::nullopt;
  return Position{*epoch, offset};
}

}  // namespace naru::channel
