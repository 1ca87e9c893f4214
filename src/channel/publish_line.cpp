#include "channel/publish_line.hpp"

#include <algorithm>
#include <utility>

#include "base/base64.hpp"
#include "base/json_scanner.hpp"
#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "channel/channel_name.hpp"
#include "channel/key_table.hpp"
#include "channel/message_headers.hpp"
#include "channel/message_text.hpp"

namespace naru::channel {
namespace {

using Fault = std::optional<std::string>;

Fault sentence(const std::optional<std::string_view>& fault) {
  if (!fault) return std::nullopt;
  return std::string(*fault);
}

// Reads the object's members; the last of duplicate names counts, as in JavaScript.
class Reader {
 public:
  Reader(std::string_view object, PublishLine& line) noexcept : object_(object), line_(line) {}

  Fault read() {
    for (auto step : {&Reader::channel, &Reader::content, &Reader::type, &Reader::event, &Reader::key,
                      &Reader::headers, &Reader::idempotency_key}) {
      if (Fault fault = (this->*step)()) return fault;
    }
    return sentence(find_fault(line_.message));
  }

 private:
  // The text of a member into `out`, empty when it is not there.
  Fault text_of(std::string_view name, std::string& out) const {
    out.clear();
    const auto value = base::find_member(object_, name);
    if (value && !base::decode_json_string(*value, out)) return std::string(name) + " is a text";
    return std::nullopt;
  }

  Fault channel() {
    if (Fault fault = text_of("channel", line_.channel)) return fault;
    if (!base::find_member(object_, "channel")) return std::nullopt;
    if (!is_channel_name(line_.channel))
      return "channel has 1 to 256 bytes of UTF-8 without control characters";
    if (presence_subject(line_.channel)) return "nobody but the server publishes who is present";
    return std::nullopt;
  }

  Fault content() {
    const auto data = base::find_member(object_, "data");
    const auto text = base::find_member(object_, "text");
    const auto base64 = base::find_member(object_, "base64");
    if (int{data.has_value()} + int{text.has_value()} + int{base64.has_value()} != 1)
      return "one of data, text and base64 says what is published";
    if (data) return take(Kind::json, *data);
    std::string content;
    if (text) {
      if (Fault fault = text_of("text", content)) return fault;
      return take(Kind::text, content);
    }
    std::string encoded;
    if (Fault fault = text_of("base64", encoded)) return fault;
    if (!base::decode_base64(encoded, content)) return "base64 is a text of RFC 4648 section 4, padded";
    return take(Kind::binary, content);
  }
  Fault take(Kind kind, std::string_view content) {
    line_.message.kind = kind;
    line_.message.data = base::Frame::copy(content);
    return std::nullopt;
  }

  Fault type() {
    std::string type;
    if (Fault fault = text_of("type", type)) return fault;
    if (line_.message.kind == Kind::json) {
      if (type.empty() || type == "application/json") return std::nullopt;
      return "type goes with text and base64; data is application/json";
    }
    if (line_.message.kind == Kind::binary && type.empty()) type = "application/octet-stream";
    if (line_.message.kind == Kind::text && is_plain_text_type(type)) type.clear();
    return sentence(set_type(line_.message, type));
  }

  Fault event() {
    std::string text;
    if (Fault fault = text_of("event", text)) return fault;
    return sentence(set_event(line_.message, text));
  }
  Fault key() {
    std::string text;
    if (Fault fault = text_of("key", text)) return fault;
    return sentence(set_key(line_.message, text));
  }
  Fault idempotency_key() {
    std::string text;
    if (Fault fault = text_of("idempotency_key", text)) return fault;
    return sentence(set_idempotency_key(line_, text));
  }

  Fault headers() {
    const auto object = base::find_member(object_, "headers");
    if (!object) return std::nullopt;
    if (base::json_kind(*object) != base::JsonKind::object) return "headers is an object of texts";
    MessageHeaders headers;
    std::string name;
    std::string value;
    base::JsonMembers members(*object);
    while (const auto member = members.next()) {
      name.clear();
      value.clear();
      if (!base::decode_json_string(member->name, name) || !base::decode_json_string(member->value, value))
        return "headers is an object of texts";
      if (const auto fault = headers.add(name, value)) return std::string(*fault);
    }
    line_.message.headers = std::move(headers).text();
    return std::nullopt;
  }

  std::string_view object_;
  PublishLine& line_;
};

std::string_view without_blanks(std::string_view text) noexcept {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = std::min(text.find_first_not_of(kBlanks), text.size());
  return text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

}  // namespace

std::optional<std::string> parse_publish(std::string_view text, PublishLine& line) {
  if (const auto error = base::check_json(text)) return "not JSON: " + std::string(base::describe(*error));
  return parse_publish_value(without_blanks(text), line);
}

std::optional<std::string> parse_publish_value(std::string_view value, PublishLine& line) {
  line = PublishLine();
  if (base::json_kind(value) != base::JsonKind::object) return "what is published is an object";
  return Reader(value, line).read();
}

std::optional<std::string_view> set_event(Message& message, std::string_view event) {
  if (event.size() > kMaxEventSize) return "the event name is longer than 256 bytes";
  if (!is_plain_text(event)) return "the event name is UTF-8 without control characters";
  message.event = event;
  return std::nullopt;
}

std::optional<std::string_view> set_key(Message& message, std::string_view key) {
  if (key.size() > kMaxKeySize) return "the message key is longer than 256 bytes";
  if (!is_plain_text(key)) return "the message key is UTF-8 without control characters";
  message.key = key;
  return std::nullopt;
}

std::optional<std::string_view> set_idempotency_key(PublishLine& line, std::string_view key) {
  if (key.size() > kMaxIdempotencyKeySize) return "the idempotency key is longer than 200 bytes";
  if (!is_plain_text(key)) return "the idempotency key is UTF-8 without control characters";
  line.idempotency_key = key;
  return std::nullopt;
}

std::optional<std::string_view> set_type(Message& message, std::string_view type) {
  if (type.size() > kMaxTypeSize) return "the media type is longer than 128 bytes";
  const bool is_visible =
      std::all_of(type.begin(), type.end(), [](char byte) { return byte >= ' ' && byte <= '~'; });
  if (!type.empty() && (!is_visible || type.find('/') == std::string_view::npos))
    return "a media type looks like image/png";
  message.type = type;
  return std::nullopt;
}

}  // namespace naru::channel
