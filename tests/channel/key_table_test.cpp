#include "channel/key_table.hpp"

#include <gtest/gtest.h>

#include <string>

namespace naru::channel {
namespace {

using namespace std::chrono_literals;

const base::TimePoint kStart{1h};

TEST(KeyTable, FindsWhatWasAdded) {
  KeyTable keys(10, 5min);
  keys.add("a", 1, kStart);
  keys.add("b", 3, kStart);
  EXPECT_EQ(keys.find("a"), 1u);
  EXPECT_EQ(keys.find("b"), 3u);
  EXPECT_EQ(keys.find("c"), std::nullopt);
  EXPECT_EQ(keys.find(""), std::nullopt);
}

TEST(KeyTable, AKeyLivesAsLongAsItsMessageAndFiveMinutes) {
  KeyTable keys(10, 5min);
  keys.add("a", 1, kStart);
  keys.expire(1, 1, kStart + 1h);  // its message is still kept
  EXPECT_EQ(keys.find("a"), 1u);
  keys.expire(2, 1, kStart + 5min - 1ns);  // its message has gone, its time has not
  EXPECT_EQ(keys.find("a"), 1u);
  EXPECT_EQ(keys.forgotten_through(), 0u);
  keys.expire(2, 1, kStart + 5min);
  EXPECT_EQ(keys.find("a"), std::nullopt);
  EXPECT_EQ(keys.forgotten_through(), 1u);
}

TEST(KeyTable, NeverHoldsMoreThanItsLimit) {
  KeyTable keys(3, 5min);
  for (std::uint64_t offset = 1; offset <= 4; ++offset) {
    keys.add("key" + std::to_string(offset), offset, kStart);
    keys.expire(1, offset, kStart);
  }
  EXPECT_EQ(keys.size(), 3u);
  EXPECT_EQ(keys.find("key1"), std::nullopt);
  EXPECT_EQ(keys.find("key2"), 2u);
  EXPECT_EQ(keys.forgotten_through(), 1u);
}

TEST(KeyTable, KeysOfUncommittedMessagesStay) {
  KeyTable keys(1, 5min);
  keys.add("a", 1, kStart);
  keys.add("b", 2, kStart);
  keys.expire(3, 0, kStart + 1h);
  EXPECT_EQ(keys.size(), 2u);
  keys.expire(3, 1, kStart + 1h);
  EXPECT_EQ(keys.find("a"), std::nullopt);
  EXPECT_EQ(keys.find("b"), 2u);
}

TEST(KeyTable, ForgetsFromAnOffsetOn) {
  KeyTable keys(10, 5min);
  for (std::uint64_t offset = 1; offset <= 4; ++offset)
    keys.add(std::string(1, 'a' + static_cast<char>(offset)), offset, kStart);
  keys.forget_from(3);
  EXPECT_EQ(keys.find("c"), 2u);
  EXPECT_EQ(keys.find("d"), std::nullopt);
  EXPECT_EQ(keys.find("e"), std::nullopt);
  EXPECT_EQ(keys.forgotten_through(), 0u);
  keys.add("d", 3, kStart);  // free again
  EXPECT_EQ(keys.find("d"), 3u);
}

TEST(KeyTable, GivesTheNewestAndCountsItsMemory) {
  KeyTable keys(10, 5min);
  EXPECT_EQ(keys.memory(), 0u);
  for (std::uint64_t offset = 1; offset <= 3; ++offset)
    keys.add("key" + std::to_string(offset), offset, kStart);
  const auto newest = keys.newest(2);
  ASSERT_EQ(newest.size(), 2u);
  EXPECT_EQ(newest[0].key, "key2");
  EXPECT_EQ(newest[1].offset, 3u);
  EXPECT_EQ(keys.newest(9).size(), 3u);
  EXPECT_GE(keys.memory(), 3 * 4u);
  keys.forget_from(1);
  EXPECT_EQ(keys.memory(), 0u);
}

}  // namespace
}  // namespace naru::channel
