#include "naru/client/sse_events.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/split_everywhere.hpp"

namespace apps {
namespace {

std::string blocks_of(naru::test::Pieces pieces, std::size_t longest) {
  SseEvents events(longest);
  std::string all;
  for (const auto piece : pieces) {
    const bool goes_on = events.feed({piece.data(), piece.size()}, [&all](const SseEvent& event) {
      all.append("[").append(event.id).append("|").append(event.name).append("|");
      all.append(event.has_data ? event.data : "-").append("]");
      return true;
    });
    if (!goes_on) return all + "!";
  }
  return all;
}

std::string outcome(std::string_view text, std::size_t longest = 100) {
  return naru::test::expect_same_when_split(
      text, [longest](naru::test::Pieces pieces) { return blocks_of(pieces, longest); });
}

TEST(SseEventsTest, Blocks) {
  EXPECT_EQ(outcome("retry: 2000\nid: p0\n\n"), "[p0|message|-]");
  EXPECT_EQ(outcome("id: p1\nevent: goal\ndata: {}\n\n"), "[p1|goal|{}]");
  EXPECT_EQ(outcome("data: a\ndata: b\n\n"), "[|message|a\nb]");
  EXPECT_EQ(outcome("data\n\n"), "[|message|]");
  EXPECT_EQ(outcome("id: 1\r\ndata:x\r\n\r\ndata: y\r\n\r\n"), "[1|message|x][1|message|y]");
  EXPECT_EQ(outcome(": a comment\n\n:\n\n"), "");
  EXPECT_EQ(outcome("data: not ended\n"), "");
  EXPECT_EQ(outcome("unknown: 1\n\n"), "[|message|-]");
}

TEST(SseEventsTest, ABlockMayBeAsLongAsAllowed) {
  EXPECT_EQ(outcome("data: 1234\n\n", 10), "[|message|1234]");
  EXPECT_EQ(outcome("data: 1234\ndata: 1234\n\n", 10), "[|message|1234\n1234]");
  EXPECT_EQ(outcome("data: 1234\ndata: 1234\ndata: 1\n\n", 10), "!");
  EXPECT_EQ(outcome("data: 12345\n\n", 10), "!");
}

}  // namespace
}  // namespace apps
