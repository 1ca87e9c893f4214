#include "base/log_limiter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/fake_clock.hpp"

namespace naru::base {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

class LogLimiterTest : public testing::Test {
 protected:
  void SetUp() override {
    set_log_sink([this](Level, std::string_view component, std::string_view message) {
      lines_.push_back(std::string(component) + ": " + std::string(message));
    });
  }
  void TearDown() override { set_log_sink({}); }

  test::FakeClock clock_;
  Lines lines_;
};

TEST_F(LogLimiterTest, LetsTheBurstThroughThenTheRate) {
  LogLimiter limiter(clock_, {.lines_per_second = 2, .burst = 3});
  for (int i = 0; i < 10; ++i)
    limiter.log(Level::info, "ws", std::to_string(i));
  EXPECT_EQ(lines_, (Lines{"ws: 0", "ws: 1", "ws: 2"}));
  clock_.advance(1s);
  limiter.log(Level::info, "ws", "later");
  EXPECT_EQ(lines_, (Lines{"ws: 0", "ws: 1", "ws: 2", "ws: 7 more suppressed", "ws: later"}));
}

TEST_F(LogLimiterTest, NeverWritesMoreThanTheRateInTheLongRun) {
  LogLimiter limiter(clock_, {.lines_per_second = 10, .burst = 10});
  for (int millisecond = 0; millisecond < 10'000; ++millisecond) {
    limiter.log(Level::info, "ws", "flood");
    clock_.advance(1ms);
  }
  EXPECT_LE(lines_.size(), 10U + 10U * 10U);
  EXPECT_GE(lines_.size(), 90U);
}

TEST_F(LogLimiterTest, ComponentsHaveTheirOwnBudgets) {
  LogLimiter limiter(clock_, {.lines_per_second = 1, .burst = 1});
  limiter.log(Level::info, "ws", "a");
  limiter.log(Level::info, "ws", "b");
  limiter.log(Level::info, "http", "c");
  EXPECT_EQ(lines_, (Lines{"ws: a", "http: c"}));
}

TEST_F(LogLimiterTest, FlushTellsWhatIsOwed) {
  LogLimiter limiter(clock_, {.lines_per_second = 1, .burst = 1});
  for (int i = 0; i < 4; ++i)
    limiter.log(Level::info, "ws", "x");
  lines_.clear();
  limiter.flush();
  limiter.flush();
  EXPECT_EQ(lines_, (Lines{"ws: 3 more suppressed"}));
}

TEST_F(LogLimiterTest, DroppedLevelsCostNothing) {
  LogLimiter limiter(clock_, {.lines_per_second = 1, .burst = 1});
  for (int i = 0; i < 4; ++i)
    limiter.log(Level::debug, "ws", "x");
  limiter.log(Level::info, "ws", "kept");
  EXPECT_EQ(lines_, (Lines{"ws: kept"}));
}

TEST_F(LogLimiterTest, TooManyComponentsShareOneBudget) {
  LogLimiter limiter(clock_, {.lines_per_second = 1, .burst = 1});
  for (std::size_t i = 0; i < LogLimiter::kMaxComponents + 10; ++i) {
    limiter.log(Level::info, "component " + std::to_string(i), "x");
  }
  EXPECT_EQ(lines_.size(), LogLimiter::kMaxComponents);
}

}  // namespace
}  // namespace naru::base
