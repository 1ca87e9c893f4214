#include "app/channel_words.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/frame.hpp"
#include "base/json_text.hpp"

namespace naru::app {
namespace {

constexpr std::size_t kMaxHeaders = 32;
constexpr std::size_t kMaxHeaderName = 64;
constexpr std::size_t kMaxHeaderValue = 256;

bool is_header_name(std::string_view name) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return !name.empty() && name.size() <= kMaxHeaderName && name.find_first_not_of(kAllowed) == name.npos;
}

bool is_header_value(std::string_view value) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  return value.size() <= kMaxHeaderValue && std::none_of(value.begin(), value.end(), is_control);
}

Error bad_headers(std::string sentence) {
  return Error(std::make_error_code(std::errc::invalid_argument), std::move(sentence));
}

Result<std::string> write_headers(const std::map<std::string, std::string>& headers) {
  if (headers.empty()) return std::string();
  if (headers.size() > kMaxHeaders) return bad_headers("a message has at most 32 headers");
  std::string json = "{";
  for (const auto& [name, value] : headers) {
    if (!is_header_name(name)) return bad_headers("a header name is 1 to 64 of A-Z a-z 0-9 - _");
    if (!is_header_value(value))
      return bad_headers("a header's value is at most 256 bytes of text, one line");
    if (json.size() > 1) json += ',';
    base::append_json_string(json, name);
    json += ':';
    base::append_json_string(json, value);
  }
  json += '}';
  return json;
}

ChannelMessage message_of(const channel::Publication& publication) {
  RawJson json;
  json.text = publication.message.data.view();
  return {.position = app::to_public(publication.position),
          .event = publication.message.event,
          .key = publication.message.key,
          .data = Value(std::move(json)),
          .time = publication.wall};
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

Result<channel::Message> to_message(std::string json, const PublishOptions& options) {
  auto headers = write_headers(options.headers);
  if (!headers) return headers.error();
  channel::Message message{.kind = channel::Kind::json,
                           .data = base::Frame::copy(json),
                           .event = options.event,
                           .key = options.key,
                           .headers = std::move(*headers)};
  return message;
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
    page.messages.push_back(message_of(*message));
  return page;
}

}  // namespace naru::app
