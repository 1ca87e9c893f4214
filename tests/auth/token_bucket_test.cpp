#include "auth/token_bucket.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/fake_clock.hpp"

namespace naru::auth {
namespace {

using namespace std::chrono_literals;

TEST(TokenBuckets, EachKeyHasItsOwn) {
  test::FakeClock clock;
  TokenBuckets buckets({.per_second = 1, .burst = 2});
  EXPECT_TRUE(buckets.take("a", clock.now()));
  EXPECT_TRUE(buckets.take("a", clock.now()));
  EXPECT_FALSE(buckets.take("a", clock.now()));
  EXPECT_TRUE(buckets.take("b", clock.now()));
  clock.advance(1s);
  EXPECT_TRUE(buckets.take("a", clock.now()));
  EXPECT_FALSE(buckets.take("a", clock.now()));
}

TEST(TokenBuckets, QuietKeysAreForgottenWhenTheTableIsFull) {
  test::FakeClock clock;
  TokenBuckets buckets({.per_second = 1, .burst = 1}, 100);
  for (int i = 0; i < 100; ++i)
    EXPECT_TRUE(buckets.take(std::to_string(i), clock.now()));
  EXPECT_EQ(buckets.size(), 100U);
  clock.advance(2s);
  EXPECT_TRUE(buckets.take("new", clock.now()));
  EXPECT_EQ(buckets.size(), 1U);
}

TEST(TokenBuckets, AFloodOfKeysSharesOneBucketAndFillsNoMemory) {
  test::FakeClock clock;
  TokenBuckets buckets({.per_second = 1, .burst = 3}, 100);
  for (int i = 0; i < 100; ++i)
    EXPECT_TRUE(buckets.take(std::to_string(i), clock.now()));
  int passed = 0;
  for (int i = 100; i < 10'000; ++i)
    passed += buckets.take(std::to_string(i), clock.now()) ? 1 : 0;
  EXPECT_EQ(passed, 3);
  EXPECT_EQ(buckets.size(), 100U);
  EXPECT_TRUE(buckets.take("7", clock.now()));
}

TEST(TokenBuckets, LongKeysAreCut) {
  test::FakeClock clock;
  TokenBuckets buckets({.per_second = 1, .burst = 1});
  const std::string key(TokenBuckets::kMaxKey, 'k');
  EXPECT_TRUE(buckets.take(key + "one", clock.now()));
  EXPECT_FALSE(buckets.take(key + "two", clock.now()));
}

}  // namespace
}  // namespace naru::auth
