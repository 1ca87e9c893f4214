#include "serve/inbound_rate.hpp"

#include <gtest/gtest.h>

#include "support/fake_clock.hpp"

namespace naru::serve {
namespace {

using namespace std::chrono_literals;

class InboundRateTest : public ::testing::Test {
 protected:
  test::FakeClock clock;
  base::TimePoint now() const { return clock.now(); }
};

TEST_F(InboundRateTest, ASecondsWorthOfMessagesMayComeAtOnce) {
  InboundRate rate({.messages_per_second = 10});
  for (int i = 0; i < 9; ++i)
    EXPECT_EQ(rate.take(1, now()).until, now()) << i;
  const InboundRate::Pause pause = rate.take(1, now());
  EXPECT_EQ(pause.until, now() + 100ms) << "the tenth is taken, the eleventh must wait";
  clock.advance(100ms);
  EXPECT_EQ(rate.take(1, now()).until, now() + 100ms);
}

TEST_F(InboundRateTest, SteadyClientAtTheLimitIsNeverPausedAndOneAboveItIs) {
  InboundRate at_limit({.messages_per_second = 10});
  InboundRate above({.messages_per_second = 10});
  bool was_paused = false;
  for (int i = 0; i < 1000; ++i) {
    clock.advance(100ms);
    EXPECT_EQ(at_limit.take(1, now()).until, now()) << i;
    was_paused |= above.take(1, now()).until > now();
    if (i % 10 == 0) was_paused |= above.take(1, now()).until > now();
  }
  EXPECT_TRUE(was_paused);
}

TEST_F(InboundRateTest, BytesFromBothSides) {
  InboundRate rate({.bytes_per_second = 1000});
  EXPECT_EQ(rate.take(999, now()).until, now());
  EXPECT_EQ(rate.take(1, now()).until, now() + 1ms);
  clock.advance(10s);
  EXPECT_EQ(rate.take(1000, now()).until, now() + 1ms);
}

// It is taken, as its size is allowed, and paid for.
TEST_F(InboundRateTest, MessageLargerThanASecondsWorthIsOwed) {
  InboundRate rate({.bytes_per_second = 1000});
  const base::TimePoint until = rate.take(5999, now()).until;
  EXPECT_EQ(until, now() + 5s);
  clock.advance(5s);
  EXPECT_EQ(rate.take(0, now()).until, now()) << "one byte is paid for again";
}

TEST_F(InboundRateTest, TheSlowerOfTwoLimitsCounts) {
  InboundRate rate({.messages_per_second = 2, .bytes_per_second = 1000});
  EXPECT_EQ(rate.take(1, now()).until, now());
  EXPECT_EQ(rate.take(1, now()).until, now() + 500ms);
  EXPECT_EQ(rate.take(2997, now()).until, now() + 2s);
}

TEST_F(InboundRateTest, AnEpisodeIsNewsOnce) {
  InboundRate rate({.messages_per_second = 10});
  int news = 0;
  for (int i = 0; i < 100; ++i) {
    const InboundRate::Pause pause = rate.take(1, now());
    news += pause.begins ? 1 : 0;
    clock.advance(pause.until - now());
  }
  EXPECT_EQ(news, 1);
  clock.advance(2s);
  for (int i = 0; i < 10; ++i)
    news += rate.take(1, now()).begins ? 1 : 0;
  EXPECT_EQ(news, 2);
}

TEST_F(InboundRateTest, WithoutLimitsNothingIsPaused) {
  EXPECT_FALSE(InboundLimits().any());
  InboundRate rate({});
  for (int i = 0; i < 10'000; ++i)
    ASSERT_EQ(rate.take(1'000'000'000, now()).until, now());
}

}  // namespace
}  // namespace naru::serve
