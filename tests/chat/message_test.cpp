#include "chat/message.hpp"

#include <gtest/gtest.h>

#include "naru/value.hpp"

namespace chat {
namespace {

const Person kPerson{"p1", "나루", 212};

std::string written(const Message& message) {
  return std::string(naru::Value::of(message).text());
}

TEST(Message, ATextHasItsMembers) {
  Message line = text_line("id-of-it", kPerson, "hello \"you\"");
  line.time = 5;
  EXPECT_EQ(written(line),
            R"({"id":"id-of-it","kind":"text","from":{"id":"p1","nickname":"나루","color":212},)"
            R"("text":"hello \"you\"","time":5})");
}

TEST(Message, APictureMayHaveNoSize) {
  Message line{"id", "picture", kPerson, 5};
  line.url = "/pictures/x.gif";
  line.type = "image/gif";
  EXPECT_EQ(written(line).find("width"), std::string::npos);
  line.width = 4;
  EXPECT_EQ(written(line).find("width"), std::string::npos) << "one side alone is no size";
  line.height = 3;
  EXPECT_NE(written(line).find(R"("width":4,"height":3)"), std::string::npos);
}

TEST(Message, ASystemLineSaysWhatAndWho) {
  Message line = system_line("remove", kPerson);
  line.who = Person{"p2", "B", 1};
  const auto value = naru::Value::of(line);
  EXPECT_EQ(value.get<std::string>("what"), "remove");
  EXPECT_EQ(value.find("who").get<std::string>("id"), "p2");
  EXPECT_TRUE(value.find("was").is_null());
  EXPECT_EQ(line.id.size(), 20U);
}

TEST(Message, ThePositionIsAddedToWhatIsStored) {
  EXPECT_EQ(with_position(R"({"a":1})", naru::Position("e.5")).text, R"({"a":1,"position":"e.5"})");
  EXPECT_EQ(with_position("", naru::Position("e.5")).text, "");
}

TEST(LastLine, IsTheSameBeforeAndAfterARestart) {
  const Message line = text_line("id-of-it", kPerson, "hello");
  const auto now = last_line_of(line);
  const auto later = last_line_of(naru::Value::of(line));
  ASSERT_TRUE(now && later);
  EXPECT_EQ(naru::Value::of(*now).text(), naru::Value::of(*later).text());
  EXPECT_EQ(now->nickname, "나루");
}

TEST(LastLine, IsCutToTheFirstEightyCharacters) {
  std::string text;
  for (int i = 0; i < 81; ++i)
    text += "한";
  EXPECT_EQ(last_line_of(text_line("id-of-it", kPerson, text))->text, text.substr(0, 240));
}

TEST(LastLine, IsNoSystemLine) {
  const Message line = system_line("join", kPerson);
  EXPECT_FALSE(last_line_of(line));
  EXPECT_FALSE(last_line_of(naru::Value::of(line)));
  EXPECT_FALSE(last_line_of(naru::Value()));
}

}  // namespace
}  // namespace chat
