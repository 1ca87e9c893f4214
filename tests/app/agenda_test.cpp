#include "app/agenda.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace naru::app {
namespace {

using namespace std::chrono_literals;

class AgendaTest : public testing::Test {
 protected:
  // As a loop does: up to `until`, in steps.
  void pass(base::Duration until, base::Duration step = 4ms) {
    for (base::Duration now = last; now <= until; now += step)
      wheel.advance(start + now);
    last = until;
  }
  const base::TimePoint start{};
  net::TimerWheel wheel{start};
  Agenda agenda{wheel};
  base::Duration last{};
};

TEST_F(AgendaTest, OnceIsOnce) {
  int runs = 0;
  agenda.add(start + 20ms, base::Duration::zero(), [&] { ++runs; });
  pass(16ms);
  EXPECT_EQ(runs, 0);
  EXPECT_EQ(agenda.size(), 1U);
  pass(100ms);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(agenda.size(), 0U);
}

TEST_F(AgendaTest, EveryDoesNotDriftWhenItIsLate) {
  int runs = 0;
  agenda.add(start + 100ms, 100ms, [&] { ++runs; });
  pass(1s, 30ms);  // each run is up to 34 ms late; added up, that would cost two of ten
  EXPECT_GE(runs, 9);
  EXPECT_LE(runs, 10);
  EXPECT_EQ(agenda.size(), 1U);
}

TEST_F(AgendaTest, WorkMayAddAndClear) {
  std::vector<int> ran;
  agenda.add(start + 4ms, base::Duration::zero(), [&] {
    ran.push_back(1);
    agenda.add(start + 8ms, base::Duration::zero(), [&] { ran.push_back(2); });
  });
  agenda.add(start + 40ms, 40ms, [&] { ran.push_back(3); });
  pass(60ms);
  EXPECT_EQ(ran, (std::vector<int>{1, 2, 3}));
  agenda.clear();
  pass(200ms);
  EXPECT_EQ(ran.size(), 3U);
}

TEST_F(AgendaTest, WhatIsCancelledIsNotDone) {
  int runs = 0;
  const auto once = agenda.add(start + 20ms, base::Duration::zero(), [&] { ++runs; });
  const auto often = agenda.add(start + 20ms, 20ms, [&] { ++runs; });
  EXPECT_NE(once, often);
  EXPECT_TRUE(agenda.cancel(once));
  EXPECT_FALSE(agenda.cancel(once));
  pass(44ms);
  EXPECT_EQ(runs, 2) << "of the other one";
  EXPECT_TRUE(agenda.cancel(often));
  pass(200ms);
  EXPECT_EQ(runs, 2);
  EXPECT_FALSE(agenda.cancel(0));
}

TEST_F(AgendaTest, WorkMayCancelItself) {
  int runs = 0;
  Agenda::Id id = 0;
  id = agenda.add(start + 20ms, 20ms, [&] {
    if (++runs < 3) return;
    EXPECT_TRUE(agenda.cancel(id));
    EXPECT_FALSE(agenda.cancel(id));
  });
  pass(400ms);
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(agenda.size(), 0U);
}

TEST_F(AgendaTest, WhatHasRunOnceIsOver) {
  Agenda::Id id = 0;
  id = agenda.add(start + 20ms, base::Duration::zero(), [&] { EXPECT_FALSE(agenda.cancel(id)); });
  pass(40ms);
  EXPECT_FALSE(agenda.cancel(id));
}

TEST_F(AgendaTest, WorkMayClearAllAndBeginAnew) {
  int runs = 0;
  int later = 0;
  agenda.add(start + 20ms, 20ms, [&] {
    ++runs;
    agenda.clear();
    agenda.add(start + 60ms, 20ms, [&] { ++later; });
  });
  agenda.add(start + 40ms, 20ms, [&] { ++runs; });
  pass(110ms);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(later, 3);
}

}  // namespace
}  // namespace naru::app
