#include "serve/publish_rates.hpp"

#include <gtest/gtest.h>

namespace naru::serve {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr base::TimePoint kStart{seconds(1000)};

TEST(PublishRates, ASecondsWorthAtOnceThenTheRate) {
  PublishRates rates(2);
  EXPECT_FALSE(rates.take("a", 1, kStart));
  EXPECT_FALSE(rates.take("a", 1, kStart));
  EXPECT_EQ(rates.take("a", 1, kStart), milliseconds(500));
  EXPECT_FALSE(rates.take("a", 1, kStart + milliseconds(500)));
}

TEST(PublishRates, EachAddressByItself) {
  PublishRates rates(1);
  EXPECT_FALSE(rates.take("a", 1, kStart));
  EXPECT_TRUE(rates.take("a", 1, kStart));
  EXPECT_FALSE(rates.take("b", 1, kStart));
}

TEST(PublishRates, ABatchIsTakenWholeAndOwed) {
  PublishRates rates(10);
  EXPECT_FALSE(rates.take("a", 40, kStart));
  EXPECT_TRUE(rates.take("a", 1, kStart + seconds(3)));
  EXPECT_FALSE(rates.take("a", 1, kStart + seconds(4)));
}

TEST(PublishRates, WhoHasPaidIsForgotten) {
  PublishRates rates(1);
  for (int i = 0; i < 100; ++i)
    EXPECT_FALSE(rates.take(std::to_string(i), 1, kStart));
  EXPECT_EQ(rates.address_count(), 100U);
  EXPECT_FALSE(rates.take("next", 1, kStart + seconds(2)));
  EXPECT_EQ(rates.address_count(), 1U);
}

TEST(PublishRates, BeyondTheTableTheRestShareOneRate) {
  PublishRates rates(1);
  for (std::size_t i = 0; i < PublishRates::kMaxAddresses; ++i)
    ASSERT_FALSE(rates.take(std::to_string(i), 1, kStart));
  EXPECT_FALSE(rates.take("late", 1, kStart));
  EXPECT_TRUE(rates.take("later", 1, kStart));
  EXPECT_EQ(rates.address_count(), PublishRates::kMaxAddresses);
}

TEST(PublishRates, ABatchDoesNotShutTheDoorToAllOthers) {
  PublishRates rates(1);
  for (std::size_t i = 0; i < PublishRates::kMaxAddresses; ++i)
    ASSERT_FALSE(rates.take(std::to_string(i), 60, kStart));
  EXPECT_FALSE(rates.take("late", 1000, kStart));
  EXPECT_TRUE(rates.take("later", 1, kStart + milliseconds(999)));
  EXPECT_FALSE(rates.take("later", 1, kStart + seconds(1)));
}

TEST(PublishRates, ANetworkOfIpv6IsOneAddress) {
  PublishRates rates(1);
  EXPECT_FALSE(rates.take("2001:db8::1", 1, kStart));
  EXPECT_TRUE(rates.take("2001:db8::2", 1, kStart));
  EXPECT_FALSE(rates.take("2001:db8:0:1::2", 1, kStart));
  EXPECT_EQ(rates.address_count(), 2U);
}

}  // namespace
}  // namespace naru::serve
