#include "channel/message_text.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "base/json_text.hpp"

namespace naru::channel {
namespace {

void append_text_member(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out += name;
  base::append_json_string(out, value);
}

// `type` is told where it says more than the member's name does.
bool tells_type(const Message& message) noexcept {
  return message.kind == Kind::binary || (message.kind == Kind::text && !is_plain_text_type(message.type));
}

void append_content(std::string& out, const Message& message) {
  switch (message.kind) {
    case Kind::json:
      out += R"(,"data":)";
      return append_json_line(out, message.data.view());
    case Kind::text:
      out += R"(,"text":)";
      return base::append_json_string(out, message.data.view());
    case Kind::binary:
      out += R"(,"base64":")";
      base::append_base64(out, message.data.view());
      out += '"';
      return;
  }
}

bool is_blank(char byte) noexcept {
  return byte == ' ' || byte == '\t';
}

}  // namespace

bool is_plain_text_type(std::string_view type) noexcept {
  constexpr std::string_view kPlain = "text/plain";
  type = type.substr(0, type.find(';'));
  while (!type.empty() && is_blank(type.back()))
    type.remove_suffix(1);
  return type.empty() ||
         std::equal(type.begin(), type.end(), kPlain.begin(), kPlain.end(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
         });
}

void append_json_line(std::string& out, std::string_view json) {
  while (true) {
    // A raw control character of a valid text is always a blank between tokens (RFC 8259 sections 2 and 7).
    // One comparison a byte: find_first_of takes ten times as long.
    const auto end = std::find_if(json.begin(), json.end(),
                                  [](char byte) { return static_cast<unsigned char>(byte) < ' '; });
    const auto size = static_cast<std::size_t>(end - json.begin());
    out += json.substr(0, size);
    if (size == json.size()) return;
    out += ' ';
    json.remove_prefix(size + 1);
  }
}

void append_message(std::string& out, const Publication& publication) {
  append_message(out, publication, {});
}

void append_message(std::string& out, const Publication& publication, const MessageLabel& label) {
  const Message& message = publication.message;
  out.reserve(out.size() + message.data.size() + message.headers.size() + 192);
  out += '{';
  if (!label.channel.empty()) {
    append_text_member(out, R"("channel":)", label.channel);
    out += ',';
  }
  // Nothing of a position has to be escaped.
  out += R"("position":")";
  if (label.position.empty()) {
    out += publication.position.text();
  } else {
    out += label.position;
  }
  out += '"';
  append_text_member(out, R"(,"event":)", message.event);
  append_text_member(out, R"(,"key":)", message.key);
  if (!message.headers.empty()) {
    out += R"(,"headers":)";
    append_json_line(out, message.headers);
  }
  if (tells_type(message)) append_text_member(out, R"(,"type":)", message.type);
  append_content(out, message);
  out += '}';
}

void append_plain(std::string& out, const Publication& publication) {
  const Message& message = publication.message;
  switch (message.kind) {
    case Kind::json:
      return append_json_line(out, message.data.view());
    case Kind::text:
      out += message.data.view();
      return;
    case Kind::binary:
      return base::append_base64(out, message.data.view());
  }
}

}  // namespace naru::channel
