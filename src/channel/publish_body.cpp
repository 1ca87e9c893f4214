#include "channel/publish_body.hpp"

#include <utility>

#include "base/json_scanner.hpp"
#include "base/utf8.hpp"
#include "channel/message_text.hpp"
#include "channel/publish_line.hpp"

namespace naru::channel {
namespace {

// "Text/Plain; charset=utf-8" -> "text/plain".
std::string media_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (type.ends_with(' ') || type.ends_with('\t'))
    type.pop_back();
  for (char& byte : type) {
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte + ('a' - 'A'));
  }
  return type;
}

Kind kind_of(std::string_view type) noexcept {
  if (type == "application/json") return Kind::json;
  if (type.starts_with("text/") || type == "application/x-www-form-urlencoded") return Kind::text;
  return Kind::binary;
}

}  // namespace

std::optional<std::string> set_body(Message& message, std::string_view content_type, base::Frame body) {
  const std::string type = media_type(content_type);
  message.kind = kind_of(type);
  message.type.clear();
  if (message.kind == Kind::json) {
    if (const auto error = base::check_json(body.view()))
      return "the body is not JSON: " + std::string(base::describe(*error));
  } else if (message.kind == Kind::text && !base::is_valid_utf8(body.view())) {
    return "the body is not UTF-8, as its Content-Type says";
  }
  if (message.kind == Kind::binary) {
    if (const auto fault = set_type(message, type.empty() ? "application/octet-stream" : content_type))
      return std::string(*fault);
  } else if (message.kind == Kind::text && !is_plain_text_type(type)) {
    if (const auto fault = set_type(message, content_type)) return std::string(*fault);
  }
  message.data = std::move(body);
  return std::nullopt;
}

}  // namespace naru::channel
