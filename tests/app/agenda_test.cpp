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

}  // namespace
}  // namespace naru::app
