#include "adapter/log_position.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "base/base64.hpp"
#include "base/ids.hpp"

namespace naru::adapter {
namespace {

constexpr int kRadix = 36;  // digits and small letters: a million is "lfls"

bool is_epoch_letter(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
         (letter >= 'A' && letter <= 'Z') || letter == '-' || letter == '_';
}

}  // namespace

std::string new_epoch() {
  std::array<char, kEpochSize / 4 * 3> random;
  base::random_bytes(std::as_writable_bytes(std::span(random)));
  std::string text;
  base::append_base64(text, std::string_view(random.data(), random.size()), base::Base64::url);
  return text;
}

std::string position_text(std::string_view epoch, std::uint64_t number) {
  char digits[13];  // 2^64 in base 36
  char* end = std::to_chars(std::begin(digits), std::end(digits), number, kRadix).ptr;
  std::string text;
  text.reserve(epoch.size() + 1 + static_cast<std::size_t>(end - digits));
  text.append(epoch).append(1, '.').append(digits, end);
  return text;
}

std::optional<LogPosition> parse_position(std::string_view text) {
  if (text.size() < kEpochSize + 2 || text[kEpochSize] != '.') return std::nullopt;
  LogPosition position{.epoch = text.substr(0, kEpochSize)};
  if (!std::all_of(position.epoch.begin(), position.epoch.end(), is_epoch_letter)) return std::nullopt;
  const std::string_view digits = text.substr(kEpochSize + 1);
  const char* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, position.number, kRadix);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  // Large letters and zeros in front read as numbers too, and are none of ours.
  if (position_text(position.epoch, position.number) != text) return std::nullopt;
  return position;
}

}  // namespace naru::adapter
