#include "naru/client/arrival.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "naru/client/socketio_reader.hpp"

namespace apps {
namespace {

// What was told, as one line.
class Told final : public ReaderEvents {
 public:
  bool on_message(std::string_view json, std::string_view position) override {
    text.append("message ").append(position).append(" ").append(json).append(";");
    return ++messages < most;
  }
  void on_position(std::string_view position) override { text.append("at ").append(position).append(";"); }
  void on_gap(std::optional<std::uint64_t> missing) override {
    text += missing ? "gap " + std::to_string(*missing) + ";" : "gap;";
  }
  std::string text;
  int messages = 0;
  int most = 100;
};

struct Row {
  std::string json;
  Onward onward;
  std::string told;
};

TEST(ArrivalTest, ObjectsOfAStream) {
  const std::vector<Row> rows = {
      {R"({"position":"p1","data":1.50})", Onward::more, R"(message p1 {"position":"p1","data":1.50};)"},
      {R"({"notice":"start","position":"p0","recovered":true,"missing":null})", Onward::more, "at p0;"},
      {R"({"notice":"start","position":"p0","recovered":false,"missing":3})", Onward::more, "gap 3;at p0;"},
      {R"({"notice":"gap","position":"p5","recovered":false,"missing":null})", Onward::more, "gap;at p5;"},
      {R"({"notice":"end","position":"p9","reason":"stop"})", Onward::ended, "at p9;"},
      {R"({"data":1})", Onward::broken, ""},
      {"[]", Onward::broken, ""},
      {"nothing", Onward::broken, ""},
      {"", Onward::broken, ""},
  };
  for (const Row& row : rows) {
    Told told;
    EXPECT_EQ(take_object(row.json, told), row.onward) << row.json;
    EXPECT_EQ(told.text, row.told) << row.json;
  }
}

TEST(ArrivalTest, Pages) {
  const std::string message = R"({"position":"p1","data":[1,2]})";
  Told told;
  bool has_more = false;
  EXPECT_EQ(take_page(R"({"messages":[)" + message +
                          R"(],"position":"p1","more":true,"recovered":false,"missing":2})",
                      told, has_more),
            Onward::more);
  EXPECT_TRUE(has_more);
  EXPECT_EQ(told.text, "gap 2;message p1 " + message + ";at p1;");

  Told enough;
  enough.most = 1;
  EXPECT_EQ(
      take_page(R"({"messages":[)" + message + "," + message + R"(],"position":"p2"})", enough, has_more),
      Onward::enough);
  EXPECT_EQ(enough.messages, 1);
  for (const std::string wrong : {"", "{}", R"({"messages":1,"position":"p"})", R"({"messages":[]})",
                                  R"({"messages":[1],"position":"p"})"}) {
    EXPECT_EQ(take_page(wrong, told, has_more), Onward::broken) << wrong;
  }
}

TEST(ArrivalTest, WhichAnswersAreWorthAnotherTry) {
  for (const int status : {0, 408, 425, 429, 500, 502, 503}) {
    HttpAnswer answer;
    answer.status = status;
    EXPECT_EQ(ending_of(answer, "").kind, Ending::Kind::again) << status;
  }
  for (const int status : {400, 401, 403, 404, 405, 413}) {
    HttpAnswer answer;
    answer.status = status;
    EXPECT_EQ(ending_of(answer, "").kind, Ending::Kind::refused) << status;
  }
}

TEST(ArrivalTest, AnAnswerThatIsCutOffIsWorthAnotherTry) {
  for (const int status : {200, 304, 403}) {
    HttpAnswer answer;
    answer.status = status;
    answer.failure = "cut off";
    EXPECT_EQ(ending_of(answer, "{\"mess").kind, Ending::Kind::again) << status;
    EXPECT_EQ(ending_of(answer, "{\"mess").sentence, "cut off");
  }
}

TEST(ArrivalTest, WhatTheAnswerSays) {
  HttpAnswer answer;
  answer.status = 429;
  answer.fields = {{"retry-after", "7"}};
  const Ending ending = ending_of(answer, R"({"error":"too fast"})");
  EXPECT_EQ(ending.sentence, "429: too fast");
  EXPECT_EQ(ending.wait, std::chrono::seconds(7));
  answer.fields["retry-after"] = "99999999";
  EXPECT_EQ(ending_of(answer, "<html>").wait, std::chrono::minutes(5));
  EXPECT_EQ(ending_of(answer, "<html>").sentence, "429");
}

TEST(ArrivalTest, AMessageOfSocketIoIsThatOfTheOthers) {
  EXPECT_EQ(without_channel(R"({"channel":"a","position":"p1","data":{"channel":1, "x":1e400}})"),
            R"({"position":"p1","data":{"channel":1, "x":1e400}})");
  EXPECT_EQ(without_channel("{}"), "{}");
}

}  // namespace
}  // namespace apps
