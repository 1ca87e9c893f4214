#include "channel/message_text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "base/base64.hpp"
#include "channel/publication_fixture.hpp"

namespace naru::channel {
namespace {

std::string object_of(Message message, const MessageLabel& label = {}) {
  std::string text;
  append_message(text, *publication_of(std::move(message), 42), label);
  return text;
}
std::string plain_of(Message message) {
  std::string text;
  append_plain(text, *publication_of(std::move(message)));
  return text;
}

TEST(MessageText, HasItsMembersInTheOrderOfTheContract) {
  Message message = message_of(Kind::binary, "hello");
  message.event = "goal";
  message.key = "game-7";
  message.headers = R"({"trace-id":"41"})";
  message.type = "image/png";
  message.sender = R"({"secret":1})";
  EXPECT_EQ(object_of(message),
            R"({"position":"eQUJDREVGR0hJSktM.42","event":"goal","key":"game-7","headers":{"trace-id":"41"},)"
            R"("type":"image/png","base64":"aGVsbG8="})");
  EXPECT_EQ(object_of(message, {.channel = "ne\"ws", .position = "a~b"}),
            R"({"channel":"ne\"ws","position":"a~b","event":"goal","key":"game-7",)"
            R"("headers":{"trace-id":"41"},"type":"image/png","base64":"aGVsbG8="})");
}

struct Shown {
  Kind kind;
  std::string type;
  std::string data;
  std::string object;  // behind the position
  std::string plain;
};

class MessageContent : public testing::TestWithParam<Shown> {};

TEST_P(MessageContent, IsShownAsItsKindAsks) {
  const Shown& shown = GetParam();
  Message message = message_of(shown.kind, shown.data);
  message.type = shown.type;
  EXPECT_EQ(object_of(message), R"({"position":"eQUJDREVGR0hJSktM.42")" + shown.object + "}");
  EXPECT_EQ(plain_of(message), shown.plain);
}

INSTANTIATE_TEST_SUITE_P(
    Each, MessageContent,
    testing::Values(
        Shown{Kind::json, "", R"({"n":1})", R"(,"data":{"n":1})", R"({"n":1})"},
        Shown{Kind::json, "application/json", "1", R"(,"data":1)", "1"},
        Shown{Kind::json, "", "{\r\n\t\"a\" : [1,\n2]\n}", R"(,"data":{   "a" : [1, 2] })",
              R"({   "a" : [1, 2] })"},
        Shown{Kind::json, "", R"("a\nb\ud800")", R"(,"data":"a\nb\ud800")", R"("a\nb\ud800")"},
        Shown{Kind::json, "", "\"\xE2\x80\xA8\"", ",\"data\":\"\xE2\x80\xA8\"", "\"\xE2\x80\xA8\""},
        Shown{Kind::text, "", "say \"hi\"\n\x01", R"(,"text":"say \"hi\"\n\u0001")", "say \"hi\"\n\x01"},
        Shown{Kind::text, "text/plain", "", R"(,"text":"")", ""},
        Shown{Kind::text, "Text/Plain ; charset=utf-8", "x", R"(,"text":"x")", "x"},
        Shown{Kind::text, "text/html", "<p>", R"(,"type":"text/html","text":"<p>")", "<p>"},
        Shown{Kind::text, "text/plainer", "x", R"(,"type":"text/plainer","text":"x")", "x"},
        Shown{Kind::text, "", "\xE2\x80\xA8", ",\"text\":\"\xE2\x80\xA8\"", "\xE2\x80\xA8"},
        Shown{Kind::binary, "", "", R"(,"base64":"")", ""},
        Shown{Kind::binary, "text/plain", std::string("\0\xFF", 2), R"(,"type":"text/plain","base64":"AP8=")",
              "AP8="}));

// A random JSON text with blanks wherever the grammar has them.
std::string spread(const nlohmann::json& value, std::mt19937& random) {
  static const std::vector<std::string> kBlanks = {"", " ", "\n", "\r\n", "\t", "\n\n\t"};
  std::string text;
  bool is_inside = false;
  const std::string dense = value.dump();
  for (std::size_t at = 0; at < dense.size(); ++at) {
    text += dense[at];
    if (dense[at] == '\\') {
      text += dense[++at];
    } else if (dense[at] == '"') {
      is_inside = !is_inside;
    }
    if (!is_inside && std::string_view("[]{},:").find(dense[at]) != std::string_view::npos)
      text += kBlanks[random() % kBlanks.size()];
  }
  return text;
}

TEST(MessageText, NothingThatIsPublishedBreaksTheLine) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::string bytes;
    for (std::size_t i = random() % 40; i > 0; --i)
      bytes += static_cast<char>(random());
    std::string text;
    for (char byte : bytes)
      text += static_cast<char>(static_cast<unsigned char>(byte) & 0x7FU);
    const nlohmann::json value = {{text, {1, text, nullptr}}, {"b", {{"c", text}}}};
    for (Message message : {message_of(Kind::json, spread(value, random)), message_of(Kind::text, text),
                            message_of(Kind::binary, bytes)}) {
      message.event = text;
      message.key = text;
      const std::string object = object_of(message);
      ASSERT_EQ(object.find_first_of("\r\n"), std::string::npos) << object;
      const auto read = nlohmann::json::parse(object);
      EXPECT_EQ(read.value("event", ""), text);
      EXPECT_EQ(read.value("key", ""), text);
      std::string decoded;
      if (message.kind == Kind::json) {
        EXPECT_EQ(read.at("data"), value);
      } else if (message.kind == Kind::text) {
        EXPECT_EQ(read.at("text"), text);
      } else {
        EXPECT_TRUE(base::decode_base64(read.at("base64").get<std::string>(), decoded));
        EXPECT_EQ(decoded, bytes);
      }
    }
  }
}

}  // namespace
}  // namespace naru::channel
