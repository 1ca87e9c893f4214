#include "hub/loop_group.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace naru::hub {
namespace {

TEST(LoopGroup, KnowsWhoseThreadThisIs) {
  net::Loop first({.index = 0});
  net::Loop second({.index = 1});
  LoopGroup group({&first, &second});
  LoopGroup other({&first});
  EXPECT_EQ(group.size(), 2U);
  EXPECT_FALSE(group.is_on_a_loop());
  group.enter(1);
  EXPECT_TRUE(group.is_on_a_loop());
  EXPECT_TRUE(group.is_here(1));
  EXPECT_FALSE(group.is_here(0));
  EXPECT_FALSE(other.is_here(1)) << "another server's loop of the same number";
  EXPECT_EQ(LoopGroup::current_loop(), 1);
  LoopGroup::leave();
  EXPECT_FALSE(group.is_here(1));
}

TEST(LoopGroup, PostsRunOnTheirLoopInOrder) {
  net::Loop loop({.index = 0});
  LoopGroup group({&loop});
  std::vector<int> order;
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(group.post(
        0, [&order, i] { order.push_back(i); }, 0, net::PostKind::event));
  loop.poll();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
  EXPECT_FALSE(group.post(
      1, [] {}, 0, net::PostKind::control))
      << "there is no such loop";
}

TEST(LoopGroup, FullInboxRefusesEventsButNoControl) {
  net::Loop loop({.index = 0, .inbox_limit = 10'000});
  LoopGroup group({&loop});
  auto kept = std::make_shared<int>();
  EXPECT_TRUE(group.post(
      0, [kept] {}, 8'000, net::PostKind::event));
  EXPECT_FALSE(group.post(
      0, [kept] {}, 8'000, net::PostKind::event));
  EXPECT_FALSE(group.post(
      0, [kept] {}, 1, net::PostKind::volatile_));
  EXPECT_TRUE(group.post(
      0, [kept] {}, 8'000, net::PostKind::control));
  EXPECT_EQ(kept.use_count(), 3) << "refused work is destroyed";
  loop.poll();
  EXPECT_EQ(kept.use_count(), 1);
}

// What it owns may want the group when it goes: an owed answer, say, that posts itself. No lock is held then.
TEST(LoopGroup, RefusedWorkIsDestroyedOutsideTheLock) {
  struct Closing {
    Closing(LoopGroup& loops, bool& done) : group(loops), is_done(done) {}
    ~Closing() {
      auto closed = std::async(std::launch::async, [this] { group.close(); });
      is_done = closed.wait_for(std::chrono::seconds(2)) == std::future_status::ready;
    }
    LoopGroup& group;
    bool& is_done;
  };
  net::Loop loop({.index = 0, .inbox_limit = 10'000});
  LoopGroup group({&loop});
  bool is_done = false;
  EXPECT_FALSE(group.post(
      0, [owned = std::make_unique<Closing>(group, is_done)] {}, 20'000, net::PostKind::event));
  EXPECT_TRUE(is_done);
}

TEST(LoopGroup, RefusesAfterClose) {
  auto loop = std::make_unique<net::Loop>(net::LoopOptions{.index = 0});
  LoopGroup group({loop.get()});
  std::atomic<int> accepted{0};
  std::atomic<int> run{0};
  std::vector<std::thread> threads;
  std::atomic<bool> over{false};
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!over) {
        if (group.post(
                0, [&] { ++run; }, 0, net::PostKind::control))
          ++accepted;
      }
    });
  }
  while (run < 100)
    loop->poll();
  group.close();
  loop->poll();
  EXPECT_FALSE(group.post(
      0, [] {}, 0, net::PostKind::control));
  EXPECT_EQ(run, accepted) << "a post that was under way is in the loop";
  loop.reset();  // posts go on, and touch nothing
  EXPECT_FALSE(group.post(
      0, [] {}, 0, net::PostKind::control));
  over = true;
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(group.size(), 1U) << "records still ask";
}

}  // namespace
}  // namespace naru::hub
