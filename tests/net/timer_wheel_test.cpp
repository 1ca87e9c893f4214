#include "net/timer_wheel.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <vector>

namespace naru::net {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr base::TimePoint kStart{hours(5)};

struct Counting final : Timer {
  explicit Counting(std::vector<Counting*>* order = nullptr) : fired_in(order) {}
  void on_timer() override {
    ++count;
    if (fired_in != nullptr) fired_in->push_back(this);
  }
  int count = 0;
  std::vector<Counting*>* fired_in;
};

TEST(TimerWheel, FiresNeverEarlyAndAtMostOneStepLate) {
  for (int offset = 1; offset < 20'000; offset += 37) {
    TimerWheel wheel(kStart);
    Counting timer;
    const base::TimePoint deadline = kStart + microseconds(offset * 100);
    wheel.schedule(timer, deadline);
    wheel.advance(deadline - microseconds(1));
    ASSERT_EQ(timer.count, 0) << offset;
    wheel.advance(deadline + TimerWheel::kResolution);
    ASSERT_EQ(timer.count, 1) << offset;
    EXPECT_FALSE(timer.is_scheduled());
    EXPECT_EQ(timer.deadline(), base::kNever);
  }
}

TEST(TimerWheel, FarDeadlinesComeDownThroughAllLevels) {
  for (const base::Duration far : {base::Duration(seconds(1)), base::Duration(hours(1)),
                                   base::Duration(hours(24 * 30)), base::Duration(hours(24 * 365 * 100))}) {
    TimerWheel wheel(kStart);
    Counting timer;
    wheel.schedule(timer, kStart + far);
    int steps = 0;
    while (timer.count == 0) {
      const base::TimePoint next = wheel.next_deadline();
      ASSERT_LE(next, kStart + far + TimerWheel::kResolution);
      wheel.advance(next);
      ASSERT_LT(++steps, 10);
    }
    EXPECT_EQ(wheel.next_deadline(), base::kNever);
  }
}

TEST(TimerWheel, PastDeadlineFiresInTheNextStep) {
  TimerWheel wheel(kStart);
  wheel.advance(kStart + seconds(10));
  Counting timer;
  wheel.schedule(timer, kStart - hours(6));
  EXPECT_EQ(wheel.advance(kStart + seconds(10)), 0U);
  EXPECT_EQ(wheel.advance(kStart + seconds(10) + TimerWheel::kResolution), 1U);
}

TEST(TimerWheel, NeverCancels) {
  TimerWheel wheel(kStart);
  Counting timer;
  wheel.schedule(timer, kStart + seconds(1));
  wheel.schedule(timer, base::kNever);
  EXPECT_FALSE(timer.is_scheduled());
  wheel.schedule(timer, base::kNever - base::Duration(1));
  EXPECT_FALSE(timer.is_scheduled());
  EXPECT_EQ(wheel.next_deadline(), base::kNever);
  EXPECT_EQ(wheel.advance(kStart + hours(1)), 0U);
}

TEST(TimerWheel, MovingLaterKeepsTheSlotAndMovingEarlierDoesNot) {
  TimerWheel wheel(kStart);
  Counting timer;
  wheel.schedule(timer, kStart + milliseconds(100));
  const base::TimePoint first = wheel.next_deadline();
  wheel.schedule(timer, kStart + seconds(20));
  EXPECT_EQ(wheel.next_deadline(), first);
  EXPECT_EQ(wheel.advance(kStart + seconds(19)), 0U);
  wheel.schedule(timer, kStart + seconds(19) + milliseconds(8));
  EXPECT_EQ(wheel.advance(kStart + seconds(19) + milliseconds(12)), 1U);
}

TEST(TimerWheel, TimeThatGoesBackwardsDoesNothing) {
  TimerWheel wheel(kStart);
  wheel.advance(kStart + seconds(1));
  Counting timer;
  wheel.schedule(timer, kStart + seconds(1) + milliseconds(8));
  EXPECT_EQ(wheel.advance(kStart - hours(10)), 0U);
  EXPECT_EQ(wheel.advance(kStart), 0U);
  EXPECT_EQ(wheel.advance(kStart + seconds(2)), 1U);
}

TEST(TimerWheel, ATimerThatSchedulesItselfRunsOncePerAdvance) {
  TimerWheel wheel(kStart);
  int count = 0;
  std::unique_ptr<FunctionTimer> timer;
  timer = std::make_unique<FunctionTimer>([&] {
    ++count;
    wheel.schedule(*timer, kStart);
  });
  wheel.schedule(*timer, kStart);
  for (int turn = 1; turn <= 5; ++turn) {
    EXPECT_EQ(wheel.advance(kStart + turn * seconds(1)), 1U);
    EXPECT_EQ(count, turn);
  }
}

TEST(TimerWheel, CallbacksMayCancelMoveAndDestroyWhatIsDueWithThem) {
  TimerWheel wheel(kStart);
  Counting cancelled;
  Counting moved;
  auto destroyed = std::make_unique<Counting>();
  FunctionTimer first([&] {
    TimerWheel::cancel(cancelled);
    wheel.schedule(moved, kStart + seconds(2));
    destroyed.reset();
  });
  const base::TimePoint deadline = kStart + milliseconds(40);
  wheel.schedule(first, deadline);
  wheel.schedule(cancelled, deadline);
  wheel.schedule(moved, deadline);
  wheel.schedule(*destroyed, deadline);
  EXPECT_EQ(wheel.advance(kStart + seconds(1)), 1U);
  EXPECT_EQ(cancelled.count, 0);
  EXPECT_EQ(moved.count, 0);
  EXPECT_EQ(wheel.advance(kStart + seconds(3)), 1U);
  EXPECT_EQ(moved.count, 1);
}

TEST(TimerWheel, ADestroyedTimerLeavesNoDeadline) {
  TimerWheel wheel(kStart);
  {
    Counting timer;
    wheel.schedule(timer, kStart + seconds(1));
    EXPECT_NE(wheel.next_deadline(), base::kNever);
  }
  EXPECT_EQ(wheel.next_deadline(), base::kNever);
}

TEST(TimerWheel, AWheelThatGoesFirstLeavesItsTimersUnscheduled) {
  Counting timer;
  {
    TimerWheel wheel(kStart);
    wheel.schedule(timer, kStart + seconds(1));
  }
  EXPECT_FALSE(timer.is_scheduled());
}

// Against a sorted map: thousands of random moves, each fired at the right advance, none lost, none early.
class Model {
 public:
  explicit Model(unsigned seed) : random_(seed), timers_(200), wheel_(kStart) {
    for (auto& timer : timers_)
      timer = std::make_unique<Counting>(&fired_);
  }

  void step() {
    const auto which = random_() % timers_.size();
    switch (random_() % 8) {
      case 0:
        TimerWheel::cancel(*timers_[which]);
        expected_.erase(timers_[which].get());
        break;
      case 1:
        advance(random_duration());
        break;
      default: {
        const base::TimePoint deadline = now_ + random_duration() - milliseconds(3);
        wheel_.schedule(*timers_[which], deadline);
        expected_[timers_[which].get()] = {deadline, now_};
      }
    }
  }

 private:
  struct Expected {
    base::TimePoint deadline;
    base::TimePoint scheduled_at;
  };

  base::Duration random_duration() {
    const std::uint64_t span = std::uint64_t{1} << (random_() % 42);  // up to 73 minutes, all levels alike
    return base::Duration(static_cast<std::int64_t>(random_() % span));
  }

  void advance(base::Duration by) {
    now_ += by;
    const base::TimePoint promised = wheel_.next_deadline();
    for (const auto& [timer, expected] : expected_)
      ASSERT_LE(promised, std::max(expected.deadline, expected.scheduled_at) + 2 * TimerWheel::kResolution);
    fired_.clear();
    wheel_.advance(now_);
    for (Counting* timer : fired_) {
      ASSERT_TRUE(expected_.contains(timer));
      ASSERT_LE(expected_[timer].deadline, now_);
      expected_.erase(timer);
    }
    for (const auto& [timer, expected] : expected_) {
      const base::TimePoint latest =
          std::max(expected.deadline, expected.scheduled_at) + 2 * TimerWheel::kResolution;
      ASSERT_GT(latest, now_) << "a timer was not fired";
      ASSERT_TRUE(timer->is_scheduled());
    }
  }

  std::mt19937_64 random_;
  std::vector<Counting*> fired_;
  std::vector<std::unique_ptr<Counting>> timers_;
  std::map<Counting*, Expected> expected_;
  TimerWheel wheel_;
  base::TimePoint now_ = kStart;
};

TEST(TimerWheel, AgreesWithASortedMap) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    Model model(seed);
    for (int i = 0; i < 3000; ++i) {
      model.step();
      ASSERT_FALSE(HasFatalFailure()) << "seed " << seed << " step " << i;
    }
  }
}

TEST(TimerWheel, FiresInOrderOfDeadline) {
  std::vector<Counting*> order;
  std::vector<std::unique_ptr<Counting>> timers;
  TimerWheel wheel(kStart);
  std::mt19937 random(7);
  for (int i = 0; i < 500; ++i) {
    timers.push_back(std::make_unique<Counting>(&order));
    wheel.schedule(*timers.back(), kStart + milliseconds(random() % 100'000));
  }
  std::map<Counting*, base::TimePoint> deadlines;
  for (auto& timer : timers)
    deadlines[timer.get()] = timer->deadline();
  EXPECT_EQ(wheel.advance(kStart + seconds(200)), 500U);
  for (std::size_t i = 1; i < order.size(); ++i)
    EXPECT_LT(deadlines[order[i - 1]], deadlines[order[i]] + TimerWheel::kResolution);
}

}  // namespace
}  // namespace naru::net
