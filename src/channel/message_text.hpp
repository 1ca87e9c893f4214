// The message object, the same on every door: one line of JSON (docs/protocol/channels.md, "Shapes").
//
//   std::string line;
//   append_message(line, publication);       // {"position":"e….42","event":"goal","data":{"n":1}}
//   append_message(line, publication, {.channel = "news", .position = positions.text()});
//   append_plain(line, publication);         // {"n":1}: the data alone, for lines of plain text
//
// What it makes never has a line break in it, whatever was published: NDJSON and SSE frame by lines. Only
// append_plain() may: text stands there as it is. Functions of data; any thread.
#pragma once

#include <string>
#include <string_view>

#include "channel/message.hpp"

namespace naru::channel {

// What one connection says otherwise than the publication itself.
struct MessageLabel {
  std::string_view channel{};   // left out when empty
  std::string_view position{};  // the publication's own when empty
};

void append_message(std::string& out, const Publication& publication);
void append_message(std::string& out, const Publication& publication, const MessageLabel& label);

// The data alone: JSON on one line, text as it is, base64.
void append_plain(std::string& out, const Publication& publication);

// A JSON text on one line: breaks and tabs between its tokens become blanks. REQUIRES: valid JSON, where none
// stands inside a string.
void append_json_line(std::string& out, std::string_view json);

// "text/plain" with whatever parameters: what readers assume where nothing is said.
bool is_plain_text_type(std::string_view type) noexcept;

}  // namespace naru::channel
