// One publish object, as a batch's lines, WebSocket frames and Socket.IO events have it:
// {"channel"?, "data"|"text"|"base64", "event"?, "key"?, "type"?, "headers"?, "idempotency_key"?}.
//
//   PublishLine line;
//   if (auto fault = parse_publish(text, line)) return refuse(*fault);
//   channels.publish(line.channel, std::move(line.message), line.idempotency_key, …);
//
// Unknown members are ignored, so that a message that was read may be published again as it is. Strict in all
// else; the fault is a sentence for whoever wrote the object. Functions of text; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "channel/message.hpp"

namespace naru::channel {

struct PublishLine {
  std::string channel{};  // empty: not said. Else a good name, that of no presence stream
  Message message{};
  std::string idempotency_key{};  // empty: none
};

// Any text. After a fault `line` is unspecified.
[[nodiscard]] std::optional<std::string> parse_publish(std::string_view text, PublishLine& line);
// The same for a value that was found valid already. REQUIRES: one JSON value without blanks around it.
[[nodiscard]] std::optional<std::string> parse_publish_value(std::string_view value, PublishLine& line);

// What stands in several shapes (a publish object, fields of a request, its query): a sentence, or nothing
// and the text is taken. An empty text is "not given".
[[nodiscard]] std::optional<std::string_view> set_event(Message& message, std::string_view event);
[[nodiscard]] std::optional<std::string_view> set_key(Message& message, std::string_view key);
[[nodiscard]] std::optional<std::string_view> set_idempotency_key(PublishLine& line, std::string_view key);
// A media type of visible ASCII with a slash in it.
[[nodiscard]] std::optional<std::string_view> set_type(Message& message, std::string_view type);

}  // namespace naru::channel
