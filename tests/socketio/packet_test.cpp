#include "socketio/packet.hpp"

#include <gtest/gtest.h>

namespace naru::socketio {
namespace {

TEST(EventName, IsTheMeaningOfTheString) {
  std::string space;
  EXPECT_EQ(event_name("\"say\"", space), "say");
  EXPECT_EQ(event_name("\"\"", space), "");
  EXPECT_EQ(event_name("\"a\\\"b\\u00e9\"", space), "a\"b\xC3\xA9");
  EXPECT_EQ(event_name("\"again\\n\"", space), "again\n");
  EXPECT_EQ(event_name("12", space), "12");
}

TEST(EventName, NeedsNoSpaceWithoutEscapes) {
  std::string space = "kept";
  EXPECT_EQ(event_name("\"say\"", space), "say");
  EXPECT_EQ(space, "kept");
}

}  // namespace
}  // namespace naru::socketio
