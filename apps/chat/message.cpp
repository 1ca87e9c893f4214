#include "chat/message.hpp"

#include <utility>
#include <vector>

#include "chat/limits.hpp"
#include "chat/text.hpp"
#include "naru/cookie_signer.hpp"

namespace chat {

std::int64_t now_in_milliseconds() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

Message text_line(std::string id, Person from, std::string text) {
  Message line{std::move(id), "text", std::move(from), now_in_milliseconds()};
  line.text = std::move(text);
  return line;
}

Message system_line(std::string what, Person from) {
  Message line{naru::random_id(), "system", std::move(from), now_in_milliseconds()};
  line.what = std::move(what);
  return line;
}

naru::RawJson with_position(std::string_view stored, const naru::Position& position) {
  naru::RawJson json;
  if (stored.size() < 2 || stored.back() != '}') return json;
  json.text.reserve(stored.size() + position.text().size() + 16);
  json.text.append(stored.substr(0, stored.size() - 1));
  // Positions are [A-Za-z0-9_.~-]: nothing to escape.
  json.text.append(R"(,"position":")").append(position.text()).append("\"}");
  return json;
}

std::optional<LastLine> last_line_of(const Message& message) {
  if (message.kind == "system") return std::nullopt;
  return LastLine{message.kind, message.from.nickname,
                  std::string(first_code_points(message.text, kMaxPreview)), message.time};
}

std::optional<LastLine> last_line_of(const naru::Value& stored) {
  LastLine line;
  line.kind = stored.get<std::string>("kind").value_or("system");
  if (line.kind == "system") return std::nullopt;
  line.nickname = stored.find("from").get<std::string>("nickname").value_or("");
  line.text = first_code_points(stored.get<std::string>("text").value_or(""), kMaxPreview);
  line.time = stored.get<std::int64_t>("time").value_or(0);
  return line;
}

}  // namespace chat

void naru::Codec<chat::Message>::encode(ArgumentWriter& out, const chat::Message& message) {
  out.begin_object();
  out.member("id", message.id);
  out.member("kind", message.kind);
  out.member("from", message.from);
  if (message.kind == "text") out.member("text", message.text);
  if (message.kind == "picture") {
    out.member("url", message.url);
    out.member("type", message.type);
    if (message.width && message.height) {
      out.member("width", *message.width);
      out.member("height", *message.height);
    }
  }
  if (message.kind == "system") {
    out.member("what", message.what);
    if (message.was) out.member("was", *message.was);
    if (message.who) out.member("who", *message.who);
  }
  out.member("time", message.time);
  out.end_object();
}

void naru::Codec<chat::LastLine>::encode(ArgumentWriter& out, const chat::LastLine& line) {
  out.begin_object();
  out.member("kind", line.kind);
  out.member("nickname", line.nickname);
  if (line.kind == "text") out.member("text", line.text);
  out.member("time", line.time);
  out.end_object();
}
