#include "channel/position.hpp"

#include <cassert>
#include <charconv>

#include "base/base64.hpp"

namespace naru::channel {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

Epoch Epoch::from_bytes(std::span<const std::byte, kBytes> random) {
  std::string text;
  base::append_base64(text, {reinterpret_cast<const char*>(random.data()), random.size()}, base::Base64::url);
  Epoch epoch;
  text.copy(epoch.text_.data(), kTextSize);
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
