#include "naru/completion.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <thread>
#include <vector>

namespace naru {
namespace {

// Runs what was posted when the test says so.
class TurnExecutor : public Executor {
 public:
  void post(Function<void()> work) override {
    std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
  }
  bool turn() {
    std::unique_lock lock(mutex_);
    if (work_.empty()) return false;
    Function<void()> work = std::move(work_.front());
    work_.pop_front();
    lock.unlock();
    work();
    return true;
  }

 private:
  std::mutex mutex_;
  std::deque<Function<void()>> work_;
};

class CompletionTest : public testing::Test {
 protected:
  TaskContext context() { return {executor_, scope_}; }
  void run(Task<> task) {
    start(std::move(task), context(), [this](std::exception_ptr) { ++ended_; });
  }
  void run_all() {
    while (executor_->turn()) {
    }
  }
  std::shared_ptr<TurnExecutor> executor_ = std::make_shared<TurnExecutor>();
  std::shared_ptr<CancelScope> scope_ = std::make_shared<CancelScope>();
  int ended_ = 0;
  std::string got_;
};

std::string show(const Result<int>& result) {
  return result ? std::to_string(*result) : result.error().message();
}
Task<> wait_for(Later<int> later, std::string& out) {
  Result<int> result = co_await std::move(later);
  out = show(result);
}
Task<Result<int>> wait_inside(Later<int> later) {
  Result<int> result = co_await std::move(later);
  co_return result;
}
Task<> wait_twice(Later<int> first, Later<int> second, std::string& out) {
  Result<int> one = co_await wait_inside(std::move(first));
  Result<int> two = co_await wait_inside(std::move(second));
  out = show(one) + ", " + show(two);
}

TEST_F(CompletionTest, GoesOnInALaterTurn) {
  Completion<int> completion;
  run(wait_for(completion.later(), got_));
  EXPECT_FALSE(executor_->turn());
  EXPECT_TRUE(completion.complete(7));
  EXPECT_EQ(got_, "") << "never inside of complete()";
  run_all();
  EXPECT_EQ(got_, "7");
  EXPECT_EQ(ended_, 1);
}

TEST_F(CompletionTest, WhatIsCompleteDoesNotWait) {
  Completion<int> completion;
  completion.complete(7);
  run(wait_for(completion.later(), got_));
  EXPECT_EQ(got_, "7");
}

TEST_F(CompletionTest, TheFirstAnswerCounts) {
  Completion<int> completion;
  run(wait_for(completion.later(), got_));
  EXPECT_TRUE(completion.complete(1));
  EXPECT_FALSE(completion.complete(2));
  run_all();
  EXPECT_EQ(got_, "1");
}

TEST_F(CompletionTest, DroppedItIsAbandoned) {
  {
    Completion<int> completion;
    run(wait_for(completion.later(), got_));
    Completion<int> moved = std::move(completion);
    run_all();
    EXPECT_EQ(ended_, 0);
  }
  run_all();
  EXPECT_EQ(got_, "the question was given up unanswered");
}

TEST_F(CompletionTest, CancellingEndsWaitsAndLaterOnes) {
  Completion<int> first, second;
  run(wait_twice(first.later(), second.later(), got_));
  scope_->cancel(errc::disconnected);
  scope_->cancel(errc::timed_out);
  EXPECT_EQ(ended_, 0);
  run_all();
  EXPECT_EQ(got_, "socket has been disconnected, socket has been disconnected");
  EXPECT_EQ(ended_, 1);
  EXPECT_FALSE(first.complete(1));
}

TEST_F(CompletionTest, CancellingComesTooLateForAnAnswer) {
  Completion<int> completion;
  run(wait_for(completion.later(), got_));
  completion.complete(7);
  scope_->cancel(errc::disconnected);
  run_all();
  EXPECT_EQ(got_, "7");
}

TEST_F(CompletionTest, SomeWaitsCannotBeCancelled) {
  Completion<int> completion;
  run(wait_for(completion.later(Cancelling::forbidden), got_));
  scope_->cancel(errc::disconnected);
  run_all();
  EXPECT_EQ(ended_, 0);
  completion.complete(7);
  run_all();
  EXPECT_EQ(got_, "7");
}

TEST_F(CompletionTest, AScopeForgetsWhatHasEnded) {
  Completion<int> completion;
  run(wait_for(completion.later(), got_));
  completion.complete(7);
  run_all();
  scope_->cancel(errc::disconnected);
  EXPECT_EQ(got_, "7");
  EXPECT_TRUE(scope_->is_cancelled());
}

TEST_F(CompletionTest, WithoutAnExecutorItGoesOnWhereItWasCompleted) {
  Completion<int> completion;
  start(wait_for(completion.later(), got_), {}, [this](std::exception_ptr) { ++ended_; });
  completion.complete(7);
  EXPECT_EQ(got_, "7");
  EXPECT_EQ(ended_, 1);
}

Task<> wait_for_nothing(Later<void> later, bool& good) {
  Result<void> result = co_await std::move(later);
  good = result.has_value();
}
TEST_F(CompletionTest, OfNothing) {
  Completion<void> completion;
  bool good = false;
  run(wait_for_nothing(completion.later(), good));
  completion.complete({});
  run_all();
  EXPECT_TRUE(good);
}

// Both ends race: exactly one of them resumes the task, on the executor.
TEST_F(CompletionTest, CompletedAndCancelledFromOtherThreads) {
  for (int round = 0; round < 500; ++round) {
    scope_ = std::make_shared<CancelScope>();
    ended_ = 0;
    auto completion = std::make_unique<Completion<int>>();
    Later<int> later = completion->later();
    std::thread completing([&] { completion->complete(7); });
    std::thread cancelling([&] { scope_->cancel(errc::disconnected); });
    run(wait_for(std::move(later), got_));
    completing.join();
    cancelling.join();
    run_all();
    ASSERT_EQ(ended_, 1);
    ASSERT_TRUE(got_ == "7" || got_ == "socket has been disconnected") << got_;
  }
}

}  // namespace
}  // namespace naru
