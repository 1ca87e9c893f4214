#include "sse/last_event_id.hpp"

#include <gtest/gtest.h>

#include <string>

namespace naru::sse {
namespace {

TEST(LastEventId, IsTheField) {
  EXPECT_EQ(parse_last_event_id("eQUJDREVGR0hJSktM.42"), "eQUJDREVGR0hJSktM.42");
  EXPECT_EQ(parse_last_event_id("somebody else's \xC3\xA4"), "somebody else's \xC3\xA4");
  EXPECT_EQ(parse_last_event_id(""), std::nullopt);
}

TEST(LastEventId, HasWhatNoIdCanHave) {
  EXPECT_EQ(parse_last_event_id("a\nb"), std::nullopt);
  EXPECT_EQ(parse_last_event_id("a\rb"), std::nullopt);
  EXPECT_EQ(parse_last_event_id(std::string("a\0b", 3)), std::nullopt);
}

TEST(LastEventId, HasALimit) {
  const std::string longest(kMaxLastEventId, 'x');
  EXPECT_EQ(parse_last_event_id(longest), longest);
  EXPECT_EQ(parse_last_event_id(longest + "x"), std::nullopt);
}

}  // namespace
}  // namespace naru::sse
