#include "chat/bounded_set.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

TEST(BoundedSet, ForgetsTheOldest) {
  BoundedSet set(2);
  set.add("a");
  set.add("b");
  set.add("a");
  EXPECT_EQ(set.size(), 2U);
  set.add("c");
  EXPECT_FALSE(set.contains("a"));
  EXPECT_TRUE(set.contains("b"));
  EXPECT_TRUE(set.contains("c"));
  EXPECT_EQ(set.size(), 2U);
}

}  // namespace
}  // namespace chat
