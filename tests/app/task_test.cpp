#include "naru/task.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace naru {
namespace {

// Counts what is alive in frames, so that a leak or a double destruction shows.
class Tracked {
 public:
  explicit Tracked(int& alive) : alive_(&alive) { ++*alive_; }
  Tracked(const Tracked& other) : alive_(other.alive_) { ++*alive_; }
  Tracked& operator=(const Tracked&) = delete;
  ~Tracked() { --*alive_; }

 private:
  int* alive_;
};

class TaskTest : public testing::Test {
 protected:
  void run(Task<> task) {
    start(std::move(task), {}, [this](std::exception_ptr failure) {
      ++ended_;
      failure_ = failure;
    });
  }
  std::string failure() {
    try {
      if (failure_) std::rethrow_exception(failure_);
    } catch (const std::exception& error) {
      return error.what();
    }
    return "none";
  }
  int ended_ = 0;
  int alive_ = 0;
  std::exception_ptr failure_;
};

Task<int> give(int number) {
  co_return number;
}
Task<int> add(int a, int b) {
  int left = co_await give(a);
  int right = co_await give(b);
  co_return left + right;
}
Task<int> fail(std::string why) {
  throw std::runtime_error(why);
  co_return 0;
}
Task<std::unique_ptr<int>> give_pointer(int number) {
  co_return std::make_unique<int>(number);
}

Task<> note(std::vector<std::string>& log, std::string text) {
  log.push_back(text);
  co_return;
}

TEST_F(TaskTest, IsLazy) {
  std::vector<std::string> log;
  Task<> task = note(log, "ran");
  EXPECT_TRUE(task);
  EXPECT_TRUE(log.empty());
  run(std::move(task));
  EXPECT_FALSE(task);
  EXPECT_EQ(log.size(), 1U);
  EXPECT_EQ(ended_, 1);
}

Task<> store_sum(int& out) {
  out = co_await add(20, 22);
}
TEST_F(TaskTest, GivesValues) {
  int sum = 0;
  run(store_sum(sum));
  EXPECT_EQ(sum, 42);
  EXPECT_EQ(failure(), "none");
}

Task<> store_pointer(int& out) {
  auto pointer = co_await give_pointer(7);
  out = *pointer;
}
TEST_F(TaskTest, GivesWhatCanOnlyBeMoved) {
  int number = 0;
  run(store_pointer(number));
  EXPECT_EQ(number, 7);
}

Task<> catch_it(std::string& out) {
  try {
    co_await fail("inner");
  } catch (const std::runtime_error& error) {
    out = error.what();
  }
}
TEST_F(TaskTest, ExceptionsComeOutAtTheAwait) {
  std::string caught;
  run(catch_it(caught));
  EXPECT_EQ(caught, "inner");
  EXPECT_EQ(failure(), "none");
}

Task<> pass_it_on() {
  co_await fail("outer");
}
TEST_F(TaskTest, AnUncaughtExceptionReachesWhoStartedIt) {
  run(pass_it_on());
  EXPECT_EQ(ended_, 1);
  EXPECT_EQ(failure(), "outer");
}

Task<int> hold(Tracked tracked, int number) {
  Tracked local = tracked;
  co_return number;
}
Task<> hold_both(Tracked tracked) {
  Tracked copy = tracked;
  co_await hold(copy, 1);
  co_await hold(Tracked(tracked), 2);
}
TEST_F(TaskTest, ParametersAndLocalsAreDestroyedOnce) {
  run(hold_both(Tracked(alive_)));
  EXPECT_EQ(alive_, 0);
  { Task<> never_run = hold_both(Tracked(alive_)); }
  EXPECT_EQ(alive_, 0);
}

TEST_F(TaskTest, ItsFrameIsGoneWhenItsEndIsTold) {
  int alive_at_end = -1;
  Task<> task = hold_both(Tracked(alive_));
  start(std::move(task), {}, [&](std::exception_ptr) { alive_at_end = alive_; });
  EXPECT_EQ(alive_at_end, 0);
}

Task<> loop(int turns, int& sum) {
  for (int i = 0; i < turns; ++i)
    sum += co_await give(1);
}
TEST_F(TaskTest, ManyAwaitsInALoop) {
  int sum = 0;
  run(loop(1000, sum));
  EXPECT_EQ(sum, 1000);
}

Task<int> depth(int levels) {
  if (levels == 0) co_return 0;
  int below = co_await depth(levels - 1);
  co_return below + 1;
}
Task<> store_depth(int levels, int& out) {
  out = co_await depth(levels);
}
TEST_F(TaskTest, DeepChains) {
  int reached = 0;
  run(store_depth(500, reached));
  EXPECT_EQ(reached, 500);
}

TEST_F(TaskTest, NobodyNeedsToAskForTheEnd) {
  int sum = 0;
  start(store_sum(sum), {});
  EXPECT_EQ(sum, 42);
}

}  // namespace
}  // namespace naru
