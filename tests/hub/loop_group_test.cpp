#include "hub/loop_group.hpp"

#include <gtest/gtest.h>

#include <atomic>
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
