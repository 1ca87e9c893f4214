// A line of a room's log, as it is stored: the Message of docs/protocol/chat.md without its position.
//
//   chat::Message line = chat::text_line(id, person, "hello", now);
//   channel.publish(line, {.event = line.kind, .key = …}, …);
//
// `time` is in milliseconds since 1970, for showing only. with_position() makes of a stored line what is
// sent.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "chat/person.hpp"
#include "naru/channel.hpp"
#include "naru/codec.hpp"
#include "naru/raw_json.hpp"
#include "naru/value.hpp"

namespace chat {

struct Message {
  std::string id;
  std::string kind;  // text, picture, system
  Person from;
  std::int64_t time = 0;

  std::string text = {};  // text

  std::string url = {};  // picture
  std::string type = {};
  std::optional<int> width = {};
  std::optional<int> height = {};

  std::string what = {};                // system: create, join, leave, rename, remove
  std::optional<std::string> was = {};  // of a rename
  std::optional<Person> who = {};       // of a remove
};

std::int64_t now_in_milliseconds();

Message text_line(std::string id, Person from, std::string text);
// Its id is made here.
Message system_line(std::string what, Person from);

// A stored line with its place in the log.
naru::RawJson with_position(std::string_view stored, const naru::Position& position);

// The last line of a room, for the list of rooms. None for system lines.
struct LastLine {
  std::string kind;
  std::string nickname;
  std::string text;
  std::int64_t time = 0;
};
std::optional<LastLine> last_line_of(const Message& message);
std::optional<LastLine> last_line_of(const naru::Value& stored);

}  // namespace chat

template <>
struct naru::Codec<chat::Message> {
  static void encode(ArgumentWriter& out, const chat::Message& message);
};
template <>
struct naru::Codec<chat::LastLine> {
  static void encode(ArgumentWriter& out, const chat::LastLine& line);
};
