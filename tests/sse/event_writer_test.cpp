#include "sse/event_writer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace naru::sse {
namespace {

std::string event_of(const Event& event) {
  std::string text;
  append_event(text, event);
  return text;
}

TEST(EventWriter, WritesABlock) {
  EXPECT_EQ(event_of({.id = "P", .event = "goal", .data = "{}"}), "id: P\nevent: goal\ndata: {}\n\n");
  EXPECT_EQ(event_of({.data = "x"}), "data: x\n\n");
  EXPECT_EQ(event_of({.id = "P"}), "id: P\ndata: \n\n");
}

TEST(EventWriter, CutsDataAtEveryKindOfLineBreak) {
  EXPECT_EQ(event_of({.data = "a\nb\rc\r\nd"}), "data: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(event_of({.data = "\n"}), "data: \ndata: \n\n");
  EXPECT_EQ(event_of({.data = "\xE2\x80\xA8"}), "data: \xE2\x80\xA8\n\n");
}

TEST(EventWriter, LeavesOutWhatWouldBreakTheFraming) {
  const std::string nul("a\0b", 3);
  for (const std::string& bad : {std::string("a\nb"), std::string("a\rb"), nul}) {
    EXPECT_EQ(event_of({.id = bad, .event = bad, .data = "x"}), "data: x\n\n");
  }
}

TEST(EventWriter, OpeningHasNoData) {
  std::string text;
  append_opening(text, std::chrono::seconds(2), "P");
  EXPECT_EQ(text, "retry: 2000\nid: P\n\n");
  text.clear();
  append_opening(text, std::chrono::seconds(-1), "P\nx");
  EXPECT_EQ(text, "retry: 0\n\n");
}

TEST(EventWriter, CommentsAreNoEvents) {
  std::string text;
  append_comment(text);
  EXPECT_EQ(text, ":\n\n");
  text.clear();
  append_comment(text, "bye\ndata: x");
  EXPECT_EQ(text, ": bye\n: data: x\n\n");
}

}  // namespace
}  // namespace naru::sse
