#include "serve/goodbye_pace.hpp"

#include <gtest/gtest.h>

#include "support/fake_clock.hpp"

namespace naru::serve {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kFew = GoodbyePace::kAtOnce;

TEST(GoodbyePace, FewAreToldAtOnce) {
  const test::FakeClock clock;
  EXPECT_EQ(GoodbyePace(0, clock.now(), 1s).due(clock.now()), 0U);
  EXPECT_EQ(GoodbyePace(kFew, clock.now(), 1s).due(clock.now()), kFew);
  EXPECT_EQ(GoodbyePace(kFew + 1, clock.now(), 1s).due(clock.now()), kFew);
}

TEST(GoodbyePace, TheRestIsSpreadEvenly) {
  test::FakeClock clock;
  const GoodbyePace pace(kFew + GoodbyePace::kPerSecond, clock.now(), 1h);
  clock.advance(500ms);
  EXPECT_EQ(pace.due(clock.now()), kFew + GoodbyePace::kPerSecond / 2);
  clock.advance(499ms);
  EXPECT_LT(pace.due(clock.now()), kFew + GoodbyePace::kPerSecond);
  clock.advance(1ms);
  EXPECT_EQ(pace.due(clock.now()), kFew + GoodbyePace::kPerSecond);
}

TEST(GoodbyePace, AllAreToldInTimeHoweverManyThereAre) {
  test::FakeClock clock;
  const GoodbyePace pace(1'000'000, clock.now(), 2s);
  clock.advance(1s);
  EXPECT_EQ(pace.due(clock.now()), kFew + (1'000'000 - kFew) / 2);
  clock.advance(1s);
  EXPECT_EQ(pace.due(clock.now()), 1'000'000U);
  EXPECT_EQ(GoodbyePace(1'000'000, clock.now(), 0s).due(clock.now()), 1'000'000U);
}

}  // namespace
}  // namespace naru::serve
