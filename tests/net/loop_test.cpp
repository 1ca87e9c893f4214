#include "net/loop.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "naru/log.hpp"
#include "net/sockets.hpp"
#include "support/fake_clock.hpp"

namespace naru::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Lines of the log while it lives.
class LogCapture {
 public:
  LogCapture() {
    set_log_sink([this](Level, std::string_view component, std::string_view message) {
      const std::lock_guard lock(mutex_);
      lines_.push_back(std::string(component) + ": " + std::string(message));
    });
  }
  ~LogCapture() { set_log_sink(nullptr); }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

// Two watched ends of a pair, with what happens to them.
struct Probe final : Watcher {
  Function<void()> when_ready;
  Function<void()> when_again;
  Function<void()> when_flushed;
  int ready = 0;

 private:
  void on_events(std::uint32_t) override {
    ++ready;
    if (when_ready) when_ready();
  }
  void on_again() override { when_again(); }
  void on_flush() override { when_flushed(); }
};

TEST(Loop, RunsPostsFromOtherThreadsAndStops) {
  Loop loop({.index = 3});
  EXPECT_EQ(loop.index(), 3U);
  bool was_here = false;
  std::thread other([&] {
    EXPECT_FALSE(loop.is_here());
    EXPECT_EQ(loop.post([&] {
      was_here = loop.is_here();
      loop.stop();
    }),
              PostResult::accepted);
  });
  loop.run();
  other.join();
  EXPECT_TRUE(was_here);
  EXPECT_FALSE(loop.is_here());
}

TEST(Loop, AStopBeforeRunIsNotLost) {
  Loop loop;
  loop.stop();
  int ran = 0;
  EXPECT_EQ(loop.post([&] { ++ran; }), PostResult::accepted);
  loop.run();
  EXPECT_EQ(ran, 1);
}

TEST(Loop, PostsFromFourThreadsKeepEachOnesOrderAndNoneIsOverslept) {
  constexpr int kThreads = 4;
  constexpr int kPosts = 2000;
  Loop loop;
  std::vector<int> next(kThreads, 0);
  int total = 0;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int number = 0; number < kPosts; ++number) {
        (void)loop.post([&, thread, number] {
          EXPECT_EQ(next[static_cast<std::size_t>(thread)]++, number);
          if (++total == kThreads * kPosts) loop.stop();
        });
      }
    });
  }
  loop.run();
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(total, kThreads * kPosts);
}

// Each message is posted only after the one before was answered, so the loop is about to sleep every time.
TEST(Loop, PingPongBetweenTwoLoopsNeverOversleeps) {
  Loop left({.index = 0});
  Loop right({.index = 1});
  int left_count = 0;
  Function<void()> serve;
  serve = [&] {
    if (++left_count == 3000) {
      right.stop();
      left.stop();
      return;
    }
    (void)right.post([&] { (void)left.post([&] { serve(); }); });
  };
  std::thread other([&] { right.run(); });
  (void)left.post([&] { serve(); });
  left.run();
  other.join();
  EXPECT_EQ(left_count, 3000);
}

TEST(Loop, StageOrderIsInboxEventsAgainTimersEndOfTurnFlush) {
  test::FakeClock clock;
  Loop loop({.clock = &clock});
  auto [near, far] = unix_pair();
  std::string order;
  Probe probe;
  probe.when_ready = [&] { order += "events "; };
  probe.when_again = [&] { order += "again "; };
  probe.when_flushed = [&] { order += "flush "; };
  ASSERT_FALSE(loop.watch(near.get(), EPOLLIN | EPOLLET, probe));
  FunctionTimer timer([&] { order += "timer "; });
  loop.timers().schedule(timer, clock.now() + milliseconds(10));
  clock.advance(milliseconds(20));
  struct Mark {
    std::string& order;
    ~Mark() { order += "freed "; }
  };
  loop.flush_later(probe);
  loop.run_again(probe);
  loop.at_end_of_turn([&] { order += "end "; });
  loop.dispose(std::make_unique<Mark>(Mark{order}));
  order.clear();
  (void)loop.post([&] { order += "post "; });
  send_all(far, "x");
  loop.poll();
  EXPECT_EQ(order, "post events again timer end flush freed ");
  loop.unwatch(near.get(), probe);
}

TEST(Loop, WhatAStageAddsToItselfRunsInTheNextTurnWithoutWaiting) {
  Loop loop;
  int again = 0;
  int ends = 0;
  int posts = 0;
  Probe probe;
  probe.when_again = [&] {
    if (++again < 3) loop.run_again(probe);
  };
  Function<void()> end;
  end = [&] {
    if (++ends < 3) loop.at_end_of_turn([&] { end(); });
  };
  Function<void()> post;
  post = [&] {
    if (++posts < 3) (void)loop.post([&] { post(); });
  };
  loop.run_again(probe);
  loop.at_end_of_turn([&] { end(); });
  (void)loop.post([&] { post(); });
  for (int turn = 1; turn <= 3; ++turn) {
    loop.poll();
    EXPECT_EQ(again, turn);
    EXPECT_EQ(ends, turn);
    EXPECT_EQ(posts, turn);
  }
}

TEST(Loop, AWatcherTakenOffInItsOwnBatchIsNotCalled) {
  Loop loop;
  auto [near1, far1] = unix_pair();
  auto [near2, far2] = unix_pair();
  auto first = std::make_unique<Probe>();
  auto second = std::make_unique<Probe>();
  const int descriptor1 = near1.get();
  const int descriptor2 = near2.get();
  // Whichever comes first frees the other one on the spot.
  first->when_ready = [&] {
    loop.unwatch(descriptor2, *second);
    second.reset();
  };
  second->when_ready = [&] {
    loop.unwatch(descriptor1, *first);
    first.reset();
  };
  ASSERT_FALSE(loop.watch(descriptor1, EPOLLIN | EPOLLET, *first));
  ASSERT_FALSE(loop.watch(descriptor2, EPOLLIN | EPOLLET, *second));
  send_all(far1, "x");
  send_all(far2, "x");
  turn_few(loop);
  EXPECT_NE(first == nullptr, second == nullptr);
  EXPECT_EQ((first != nullptr ? first : second)->ready, 1);
}

TEST(Loop, WatchingABadDescriptorIsAnError) {
  Loop loop;
  Probe probe;
  EXPECT_EQ(loop.watch(-1, EPOLLIN, probe), std::errc::bad_file_descriptor);
}

TEST(Loop, DisposedObjectsMayDisposeOthers) {
  Loop loop;
  int freed = 0;
  struct Chain {
    Loop& loop;
    int& freed;
    std::unique_ptr<Chain> next;
    Chain(Loop& on, int& count, std::unique_ptr<Chain> after)
        : loop(on), freed(count), next(std::move(after)) {}
    ~Chain() {
      ++freed;
      loop.dispose(std::move(next));
    }
  };
  auto chain = std::make_unique<Chain>(loop, freed, nullptr);
  chain = std::make_unique<Chain>(loop, freed, std::move(chain));
  loop.dispose(std::move(chain));
  EXPECT_EQ(freed, 0);
  loop.poll();
  EXPECT_EQ(freed, 2);
}

TEST(Loop, WhatWaitsIsDestroyedWithTheLoop) {
  auto owned = std::make_shared<int>(1);
  {
    Loop loop;
    (void)loop.post([owned] {});
    loop.at_end_of_turn([owned] {});
    loop.dispose(std::make_unique<std::shared_ptr<int>>(owned));
    EXPECT_EQ(owned.use_count(), 4);
  }
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(Loop, TimersRunOnTheTurnsTime) {
  test::FakeClock clock;
  Loop loop({.clock = &clock});
  base::TimePoint fired_at{};
  FunctionTimer timer([&] { fired_at = loop.now(); });
  loop.timers().schedule(timer, loop.now() + seconds(25));
  clock.advance(seconds(25) - milliseconds(1));
  loop.poll();
  EXPECT_EQ(fired_at, base::TimePoint{});
  clock.advance(milliseconds(5));
  loop.poll();
  EXPECT_EQ(fired_at, clock.now());
  EXPECT_EQ(loop.metrics().timers_fired.value(), 1U);
}

TEST(Loop, RunWakesForItsTimers) {
  Loop loop;
  FunctionTimer timer([&] { loop.stop(); });
  const base::TimePoint deadline = loop.now() + milliseconds(20);
  loop.timers().schedule(timer, deadline);
  loop.run();
  EXPECT_GE(loop.now(), deadline);
  // It slept: turns are few.
  EXPECT_LT(loop.metrics().turns.value(), 10U);
}

bool is_readable(int descriptor, int milliseconds_to_wait) {
  pollfd waiting{descriptor, POLLIN, 0};
  return ::poll(&waiting, 1, milliseconds_to_wait) == 1;
}

TEST(Loop, EmbeddedItsDescriptorSaysWhenToPoll) {
  Loop loop;
  const int descriptor = loop.poll_fd();
  turn_few(loop);
  ASSERT_FALSE(is_readable(descriptor, 0));

  bool ran = false;
  std::thread other([&] { (void)loop.post([&] { ran = true; }); });
  EXPECT_TRUE(is_readable(descriptor, 2000));
  other.join();
  EXPECT_EQ(loop.poll(), 2);  // the wake and the post
  EXPECT_TRUE(ran);
  EXPECT_FALSE(is_readable(descriptor, 0));

  FunctionTimer timer([] {});
  loop.timers().schedule(timer, loop.now() + milliseconds(15));
  loop.poll();
  EXPECT_TRUE(is_readable(descriptor, 2000));
  EXPECT_TRUE(turn_until(loop, [&] { return !timer.is_scheduled(); }));
  turn_few(loop);
  EXPECT_FALSE(is_readable(descriptor, 0));
}

TEST(Loop, EmbeddedItAsksAgainForWorkThatATurnLeaves) {
  Loop loop;
  const int descriptor = loop.poll_fd();
  turn_few(loop);
  Probe probe;
  probe.when_again = [] {};
  loop.at_end_of_turn([&] { loop.run_again(probe); });
  loop.poll();
  EXPECT_TRUE(is_readable(descriptor, 0));
  loop.poll();
  loop.poll();
  EXPECT_FALSE(is_readable(descriptor, 0));
}

// What an embedding program calls between two polls, in its own callbacks.
TEST(Loop, EmbeddedCallsBetweenPollsMakeATurnCome) {
  Loop loop;
  const int descriptor = loop.poll_fd();
  Probe probe;
  probe.when_again = [] {};
  probe.when_flushed = [] {};
  FunctionTimer timer([] {});
  const std::vector<Function<void()>> calls = [&] {
    std::vector<Function<void()>> list;
    list.emplace_back([&] { loop.run_again(probe); });
    list.emplace_back([&] { loop.flush_later(probe); });
    list.emplace_back([&] { loop.at_end_of_turn([] {}); });
    list.emplace_back([&] { (void)loop.post([] {}); });
    list.emplace_back([&] { loop.timers().schedule(timer, loop.now() + milliseconds(1)); });
    return list;
  }();
  for (std::size_t i = 0; i < calls.size(); ++i) {
    turn_few(loop);
    ASSERT_FALSE(is_readable(descriptor, 0)) << i;
    calls[i]();
    EXPECT_TRUE(is_readable(descriptor, 0)) << i;
  }
  EXPECT_TRUE(turn_until(loop, [&] { return !timer.is_scheduled(); }));
}

Loop* signalled_loop = nullptr;

TEST(Loop, StopsFromASignalHandler) {
  Loop loop;
  signalled_loop = &loop;
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) { signalled_loop->stop(); };
  ASSERT_EQ(::sigaction(SIGUSR1, &action, &before), 0);
  std::thread other([target = ::pthread_self()] { ::pthread_kill(target, SIGUSR1); });
  loop.run();
  other.join();
  ::sigaction(SIGUSR1, &before, nullptr);
  SUCCEED();
}

TEST(Loop, LogsACallbackThatHoldsItAndNoOther) {
  LogCapture capture;
  test::FakeClock clock;
  Loop loop({.index = 7, .clock = &clock, .slow_callback = milliseconds(50)});
  (void)loop.post([&] { clock.advance(milliseconds(50)); });
  loop.poll();
  EXPECT_TRUE(capture.lines().empty());
  (void)loop.post([&] { clock.advance(milliseconds(51)); });
  (void)loop.post([] {});
  loop.poll();
  ASSERT_EQ(capture.lines().size(), 1U);
  EXPECT_NE(capture.lines()[0].find("(posted work) held loop 7 for 51 ms"), std::string::npos);
  EXPECT_EQ(loop.metrics().slow_callbacks.value(), 1U);
}

TEST(Loop, LogsRefusalsOnceASecond) {
  LogCapture capture;
  test::FakeClock clock;
  Loop loop({.clock = &clock, .inbox_limit = 100});
  clock.advance(seconds(5));
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(loop.post([] {}, 101), PostResult::refused);
  loop.poll();
  EXPECT_EQ(loop.post([] {}, 101), PostResult::refused);
  loop.poll();
  ASSERT_EQ(capture.lines().size(), 1U);
  EXPECT_NE(capture.lines()[0].find("10 posts were refused"), std::string::npos);
  clock.advance(seconds(1));
  loop.poll();
  ASSERT_EQ(capture.lines().size(), 2U);
  EXPECT_NE(capture.lines()[1].find("1 posts were refused"), std::string::npos);
}

}  // namespace
}  // namespace naru::net
