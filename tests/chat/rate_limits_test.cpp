#include "chat/rate_limits.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

using namespace std::chrono_literals;

class RateLimitsTest : public testing::Test {
 protected:
  int take_all(Rate rate, const std::string& who) {
    int taken = 0;
    while (taken < 1000 && !limits_.take(rate, who, now_))
      ++taken;
    return taken;
  }

  RateLimits limits_;
  RateLimits::Time now_{};
};

TEST_F(RateLimitsTest, BurstsThenARate) {
  EXPECT_EQ(take_all(Rate::messages, "a"), 40);
  EXPECT_EQ(limits_.take(Rate::messages, "a", now_), 100ms);
  now_ += 50ms;
  EXPECT_EQ(limits_.take(Rate::messages, "a", now_), 50ms);
  now_ += 50ms;
  EXPECT_FALSE(limits_.take(Rate::messages, "a", now_));
  EXPECT_TRUE(limits_.take(Rate::messages, "a", now_));
  now_ += 1h;
  EXPECT_EQ(take_all(Rate::messages, "a"), 40);
}

TEST_F(RateLimitsTest, AreOfEachKindAndEachPerson) {
  take_all(Rate::rooms, "a");
  EXPECT_TRUE(limits_.take(Rate::rooms, "a", now_));
  EXPECT_FALSE(limits_.take(Rate::rooms, "b", now_));
  EXPECT_FALSE(limits_.take(Rate::pictures, "a", now_));
}

TEST_F(RateLimitsTest, AreWhatTheProtocolSays) {
  EXPECT_EQ(take_all(Rate::rooms, "a"), 5);
  EXPECT_EQ(limits_.take(Rate::rooms, "a", now_), 10s);
  EXPECT_EQ(take_all(Rate::passwords, "a"), 5);
  EXPECT_EQ(limits_.take(Rate::passwords, "a", now_), 10s);
  EXPECT_EQ(take_all(Rate::nicknames, "a"), 5);
  EXPECT_EQ(limits_.take(Rate::nicknames, "a", now_), 5s);
  EXPECT_EQ(take_all(Rate::pictures, "a"), 10);
  EXPECT_EQ(limits_.take(Rate::pictures, "a", now_), 2s);
}

TEST_F(RateLimitsTest, GiveBackWhatDidNotCount) {
  take_all(Rate::passwords, "a");
  limits_.give_back(Rate::passwords, "a", now_);
  EXPECT_FALSE(limits_.take(Rate::passwords, "a", now_));
  EXPECT_TRUE(limits_.take(Rate::passwords, "a", now_));
}

TEST_F(RateLimitsTest, NeverGiveMoreThanTheBurst) {
  EXPECT_FALSE(limits_.take(Rate::passwords, "a", now_));
  limits_.give_back(Rate::passwords, "a", now_);
  limits_.give_back(Rate::passwords, "a", now_);
  EXPECT_EQ(take_all(Rate::passwords, "a"), 5);
}

TEST_F(RateLimitsTest, ForgetWhoeverIsFullAgain) {
  take_all(Rate::rooms, "a");
  EXPECT_FALSE(limits_.take(Rate::rooms, "b", now_));
  EXPECT_EQ(limits_.size(), 2U);
  now_ += 11s;
  limits_.sweep(now_);
  EXPECT_EQ(limits_.size(), 1U);
  now_ += 1min;
  limits_.sweep(now_);
  EXPECT_EQ(limits_.size(), 0U);
}

TEST_F(RateLimitsTest, KeepABoundedNumber) {
  for (std::size_t i = 0; i < RateLimits::kMaxBuckets; ++i) {
    ASSERT_FALSE(limits_.take(Rate::rooms, std::to_string(i), now_));
  }
  EXPECT_TRUE(limits_.take(Rate::rooms, "one more", now_));
  EXPECT_EQ(limits_.size(), RateLimits::kMaxBuckets);
  now_ += 1min;
  EXPECT_FALSE(limits_.take(Rate::rooms, "one more", now_));
}

TEST(RateLimits, AreOffForMessagesWhenToldSo) {
  RateLimits limits(0);
  for (int i = 0; i < 1000; ++i)
    ASSERT_FALSE(limits.take(Rate::messages, "a", {}));
  for (int i = 0; i < 5; ++i)
    ASSERT_FALSE(limits.take(Rate::rooms, "a", {}));
  EXPECT_TRUE(limits.take(Rate::rooms, "a", {}));
}

}  // namespace
}  // namespace chat
