#include "base/token_bucket.hpp"

#include <gtest/gtest.h>

#include "support/fake_clock.hpp"

namespace naru::base {
namespace {

using namespace std::chrono_literals;

TEST(TokenBucket, GivesItsBurstThenItsRate) {
  test::FakeClock clock;
  TokenBucket bucket({.per_second = 2, .burst = 3});
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(bucket.take(clock.now()));
  EXPECT_FALSE(bucket.take(clock.now()));
  clock.advance(499ms);
  EXPECT_FALSE(bucket.take(clock.now()));
  clock.advance(1ms);
  EXPECT_TRUE(bucket.take(clock.now()));
  EXPECT_FALSE(bucket.take(clock.now()));
}

TEST(TokenBucket, HoldsNoMoreThanItsBurst) {
  test::FakeClock clock;
  TokenBucket bucket({.per_second = 10, .burst = 2});
  EXPECT_TRUE(bucket.take(clock.now()));
  EXPECT_FALSE(bucket.is_full(clock.now()));
  clock.advance(1h);
  EXPECT_TRUE(bucket.is_full(clock.now()));
  EXPECT_TRUE(bucket.take(clock.now(), 2));
  EXPECT_FALSE(bucket.take(clock.now()));
}

TEST(TokenBucket, TakesAllOrNothing) {
  test::FakeClock clock;
  TokenBucket bucket({.per_second = 1, .burst = 5});
  EXPECT_FALSE(bucket.take(clock.now(), 6));
  EXPECT_TRUE(bucket.take(clock.now(), 5));
}

TEST(TokenBucket, SaysWhen) {
  test::FakeClock clock;
  TokenBucket bucket({.per_second = 4, .burst = 4});
  EXPECT_EQ(bucket.ready_at(clock.now(), 4), clock.now());
  EXPECT_TRUE(bucket.take(clock.now(), 4));
  EXPECT_EQ(bucket.ready_at(clock.now(), 2), clock.now() + 500ms);
  EXPECT_EQ(bucket.ready_at(clock.now(), 5), kNever);
  clock.advance(500ms);
  EXPECT_TRUE(bucket.take(clock.now(), 2));
}

TEST(TokenBucket, TimeThatGoesBackFillsNothing) {
  test::FakeClock clock;
  TokenBucket bucket({.per_second = 1, .burst = 1});
  EXPECT_TRUE(bucket.take(clock.now()));
  EXPECT_FALSE(bucket.take(clock.now() - 10s));
  EXPECT_FALSE(bucket.take(clock.now()));
}

}  // namespace
}  // namespace naru::base
