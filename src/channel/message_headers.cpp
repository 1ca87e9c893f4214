#include "channel/message_headers.hpp"

#include <algorithm>
#include <utility>

#include "base/json_text.hpp"
#include "channel/channel_name.hpp"

namespace naru::channel {
namespace {

bool is_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= MessageHeaders::kMaxNameSize &&
         std::all_of(name.begin(), name.end(), [](char byte) {
           return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                  (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
         });
}

std::string small_letters(std::string_view name) {
  std::string small(name);
  for (char& byte : small) {
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte + ('a' - 'A'));
  }
  return small;
}

}  // namespace

std::optional<std::string_view> MessageHeaders::add(std::string_view name, std::string_view value) {
  if (names_.size() == kMaxCount) return "a message has at most 32 headers";
  if (!is_name(name)) return "a header's name is 1 to 64 letters, digits, _ and -";
  if (value.size() > kMaxValueSize) return "a header's value is longer than 256 bytes";
  if (!is_plain_text(value)) return "a header's value is UTF-8 without control characters";
  std::string small = small_letters(name);
  if (std::find(names_.begin(), names_.end(), small) != names_.end()) return "a header comes twice";

  text_ += names_.empty() ? '{' : ',';
  base::append_json_string(text_, small);
  text_ += ':';
  base::append_json_string(text_, value);
  names_.push_back(std::move(small));
  return std::nullopt;
}

std::string MessageHeaders::text() && {
  if (!names_.empty()) text_ += '}';
  names_.clear();
  return std::move(text_);
}

}  // namespace naru::channel
