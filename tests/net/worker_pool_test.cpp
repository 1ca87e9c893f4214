#include "net/worker_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "naru/log.hpp"
#include "net/loop.hpp"

namespace naru::net {
namespace {

using std::chrono::seconds;

TEST(WorkerPool, StartsThreadsAtFirstUseAndNoMoreThanNeeded) {
  WorkerPool workers({.threads = 3});
  EXPECT_EQ(workers.thread_count(), 0U);
  std::promise<void> done;
  ASSERT_TRUE(workers.submit([&] { done.set_value(); }));
  done.get_future().wait();
  EXPECT_EQ(workers.thread_count(), 1U);
  EXPECT_TRUE(workers.stop(seconds(10)));
}

TEST(WorkerPool, RunsAsManyAtOnceAsItHasThreads) {
  WorkerPool workers({.threads = 3});
  std::latch all_run(3);
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(workers.submit([&] { all_run.arrive_and_wait(); }));
  all_run.wait();
  EXPECT_EQ(workers.thread_count(), 3U);
  EXPECT_TRUE(workers.stop(seconds(10)));
}

TEST(WorkerPool, RefusesBeyondItsQueueLimit) {
  WorkerPool workers({.threads = 1, .queue_limit = 2});
  std::promise<void> begun;
  std::promise<void> release;
  ASSERT_TRUE(workers.submit([&] {
    begun.set_value();
    release.get_future().wait();
  }));
  begun.get_future().wait();
  std::atomic<int> ran{0};
  EXPECT_TRUE(workers.submit([&] { ++ran; }));
  EXPECT_TRUE(workers.submit([&] { ++ran; }));
  auto owned = std::make_shared<int>(1);
  EXPECT_FALSE(workers.submit([&ran, owned] { ++ran; }));
  EXPECT_EQ(owned.use_count(), 1);
  EXPECT_EQ(workers.waiting(), 2U);
  release.set_value();
  EXPECT_TRUE(workers.stop(seconds(10)));
  EXPECT_EQ(ran, 2);
}

TEST(WorkerPool, StoppedTakesNothingButFinishesWhatWaits) {
  WorkerPool workers({.threads = 1});
  std::atomic<int> ran{0};
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(workers.submit([&] { ++ran; }));
  EXPECT_TRUE(workers.stop(seconds(10)));
  EXPECT_EQ(ran, 100);
  EXPECT_FALSE(workers.submit([&] { ++ran; }));
  EXPECT_TRUE(workers.stop(seconds(10)));
}

TEST(WorkerPool, NamesWhatDoesNotEndAndDropsWhatHasNotBegun) {
  std::mutex mutex;
  std::string lines;
  set_log_sink([&](Level, std::string_view, std::string_view message) {
    const std::lock_guard lock(mutex);
    lines += std::string(message) + "\n";
  });
  auto release = std::make_shared<std::promise<void>>();
  auto ended = std::make_shared<std::promise<void>>();
  auto unrun = std::make_shared<int>(1);
  auto end = ended->get_future();
  {
    WorkerPool workers({.threads = 1});
    auto begun = std::make_shared<std::promise<void>>();
    ASSERT_TRUE(workers.submit("endless query", [begun, release, ended] {
      begun->set_value();
      release->get_future().wait();
      ended->set_value();
    }));
    begun->get_future().wait();
    ASSERT_TRUE(workers.submit("never begun", [unrun] {}));
    EXPECT_FALSE(workers.stop(base::Duration::zero()));
    EXPECT_EQ(unrun.use_count(), 1);
  }
  // The pool is gone; what still runs ends in peace.
  release->set_value();
  end.wait();
  set_log_sink(nullptr);
  EXPECT_NE(lines.find("endless query still runs"), std::string::npos);
  EXPECT_EQ(lines.find("never begun"), std::string::npos);
}

TEST(WorkerPool, AnswersComeBackThroughTheLoop) {
  Loop loop;
  WorkerPool workers({.threads = 2});
  std::set<int> answers;
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(workers.submit([&, i] {
      (void)loop.post([&, i] {
        answers.insert(i);
        if (answers.size() == 50) loop.stop();
      });
    }));
  }
  loop.run();
  EXPECT_EQ(answers.size(), 50U);
  EXPECT_TRUE(workers.stop(seconds(10)));
}

}  // namespace
}  // namespace naru::net
