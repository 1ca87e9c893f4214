#include "channel/channel_name.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace naru::channel {
namespace {

// U+0080..9F are C2 80..9F in UTF-8.
bool has_control_character(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0) return true;
  }
  return false;
}

std::string_view without_suffix(std::string_view name) noexcept {
  return name.ends_with(kPresenceSuffix) ? name.substr(0, name.size() - kPresenceSuffix.size()) : name;
}

}  // namespace

bool is_plain_text(std::string_view text) noexcept {
  return base::is_valid_utf8(text) && !has_control_character(text);
}

bool is_channel_name(std::string_view name) noexcept {
  const std::string_view subject = without_suffix(name);
  return !subject.empty() && subject.size() <= kMaxChannelNameSize && !subject.ends_with(kPresenceSuffix) &&
         is_plain_text(subject);
}

std::optional<std::string_view> presence_subject(std::string_view name) noexcept {
  if (!name.ends_with(kPresenceSuffix)) return std::nullopt;
  return without_suffix(name);
}

std::string presence_name(std::string_view name) {
  std::string stream(name);
  stream += kPresenceSuffix;
  return stream;
}

std::vector<std::string_view> split_channel_list(std::string_view encoded) {
  std::vector<std::string_view> parts;
  while (parts.size() <= kMaxChannels) {
    const std::size_t comma = encoded.find(',');
    parts.push_back(encoded.substr(0, comma));
    if (comma == std::string_view::npos) break;
    encoded.remove_prefix(comma + 1);
  }
  return parts;
}

}  // namespace naru::channel
