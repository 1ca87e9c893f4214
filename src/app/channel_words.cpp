#include "app/channel_words.hpp"

#include <map>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/frame.hpp"
#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "channel/message_headers.hpp"
#include "channel/message_text.hpp"
#include "channel/publish_line.hpp"

namespace naru::app {
namespace {

using Fault = std::optional<std::string_view>;

Fault set_headers(channel::Message& message, const std::map<std::string, std::string>& headers) {
  if (headers.empty()) return std::nullopt;
  channel::MessageHeaders written;
  for (const auto& [name, value] : headers) {
    if (const auto fault = written.add(name, value)) return fault;
  }
  message.headers = std::move(written).text();
  return std::nullopt;
}

Fault set_content(channel::Message& message, const Draft& draft) {
  switch (draft.content) {
    case Content::json:
      message.kind = channel::Kind::json;
      break;
    case Content::text:
      if (!base::is_valid_utf8(draft.body)) return "a text is UTF-8; publish other bytes as binary";
      message.kind = channel::Kind::text;
      break;
    case Content::binary:
      message.kind = channel::Kind::binary;
      break;
  }
  message.data = base::Frame::copy(draft.body);
  return std::nullopt;
}

// As doors keep it: plain text has no type, bytes always have one.
Fault set_media_type(channel::Message& message, const std::string& type) {
  if (message.kind == channel::Kind::json) return std::nullopt;
  if (message.kind == channel::Kind::text && channel::is_plain_text_type(type)) return std::nullopt;
  const bool is_nameless = type.empty() && message.kind == channel::Kind::binary;
  return channel::set_type(message, is_nameless ? "application/octet-stream" : type);
}

Fault fill(channel::Message& message, const Draft& draft) {
  if (auto fault = set_content(message, draft)) return fault;
  if (auto fault = set_media_type(message, draft.options.type)) return fault;
  if (auto fault = channel::set_event(message, draft.options.event)) return fault;
  if (auto fault = channel::set_key(message, draft.options.key)) return fault;
  if (auto fault = set_headers(message, draft.options.headers)) return fault;
  channel::PublishLine line;
  if (auto fault = channel::set_idempotency_key(line, draft.options.idempotency_key)) return fault;
  return channel::find_fault(message);
}

std::map<std::string, std::string> headers_of(std::string_view json) {
  std::map<std::string, std::string> headers;
  base::for_each_member(json, [&](std::string_view name, std::string_view value) {
    std::string key;
    std::string text;
    if (base::decode_json_string(name, key) && base::decode_json_string(value, text))
      headers.insert_or_assign(std::move(key), std::move(text));
  });
  return headers;
}

Content content_of(channel::Kind kind) {
  switch (kind) {
    case channel::Kind::json:
      return Content::json;
    case channel::Kind::text:
      return Content::text;
    case channel::Kind::binary:
      return Content::binary;
  }
  return Content::binary;
}

}  // namespace

store::LogOptions to_log_options(const ChannelOptions& chosen) {
  store::LogOptions options;
  const base::Duration age = chosen.max_age ? base::Duration(*chosen.max_age) : base::Duration::max();
  switch (chosen.durability) {
    case Durability::memory:
      options.durability = store::Durability::memory;
      options.tail.count = chosen.max_messages;
      options.tail.bytes = chosen.max_bytes;
      break;
    case Durability::process:
      options.durability = store::Durability::process;
      break;
    case Durability::power:
      options.durability = store::Durability::power;
      break;
  }
  options.tail.age = age;
  options.history.count = chosen.max_messages;
  options.history.bytes = chosen.max_bytes;
  options.history.age = age;
  return options;
}

Result<channel::Message> to_message(const Draft& draft) {
  channel::Message message;
  if (const auto fault = fill(message, draft))
    return Error(std::make_error_code(std::errc::invalid_argument), std::string(*fault));
  return message;
}

ChannelMessage to_public(const channel::Publication& publication) {
  const channel::Message& message = publication.message;
  ChannelMessage shown{.position = to_public(publication.position),
                       .event = message.event,
                       .key = message.key,
                       .headers = headers_of(message.headers),
                       .content = content_of(message.kind),
                       .data = {},
                       .body = {},
                       .type = message.type,
                       .time = publication.wall};
  if (message.kind != channel::Kind::json) {
    shown.body = message.data.view();
    return shown;
  }
  RawJson json;
  json.text = message.data.view();
  shown.data = Value(std::move(json));
  return shown;
}

channel::Position to_position(const Position& position) {
  return channel::Position::parse(position.text()).value_or(channel::Position{});
}

Position to_public(const channel::Position& position) {
  return Position(position.text());
}

Result<Published> to_public(const Result<store::Published>& published) {
  if (!published) return published.error();
  return Published{to_public(published->position), published->repeated};
}

Result<HistoryPage> to_public(const Result<channel::Page>& read) {
  if (!read) return read.error();
  HistoryPage page{.messages = {},
                   .position = to_public(read->end),
                   .more = read->more,
                   .recovered = read->start.recovered,
                   .missing = read->start.missing};
  for (const channel::PublicationRef& message : read->messages)
    page.messages.push_back(to_public(*message));
  return page;
}

}  // namespace naru::app
