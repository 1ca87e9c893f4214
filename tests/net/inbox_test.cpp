#include "net/inbox.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace naru::net {
namespace {

constexpr std::size_t kLimit = 10'000;

struct Fixture {
  Ledger ledger;
  Wakeup wakeup;
  Inbox inbox{kLimit, ledger, wakeup};
  std::size_t run() {
    return inbox.run_all([] {});
  }
  PostResult post(std::size_t bytes, PostKind kind) {
    return inbox.post([] {}, bytes, kind);
  }
};

TEST(Inbox, EventsPassUpToTheLimitAndNotOneByteBeyond) {
  Fixture at_limit;
  EXPECT_EQ(at_limit.post(kLimit - Inbox::kPostCost, PostKind::event), PostResult::accepted);
  EXPECT_EQ(at_limit.ledger.bytes(Account::inbox), kLimit);
  Fixture beyond;
  EXPECT_EQ(beyond.post(kLimit - Inbox::kPostCost + 1, PostKind::event), PostResult::refused);
  EXPECT_EQ(beyond.inbox.refused_events(), 1U);
  EXPECT_EQ(beyond.ledger.bytes(Account::inbox), 0U);
}

TEST(Inbox, VolatilePassesUpToHalfTheLimit) {
  Fixture fixture;
  EXPECT_EQ(fixture.post(kLimit / 2 - Inbox::kPostCost, PostKind::volatile_), PostResult::accepted);
  EXPECT_EQ(fixture.post(0, PostKind::volatile_), PostResult::refused);
  EXPECT_EQ(fixture.inbox.refused_volatile(), 1U);
  EXPECT_EQ(fixture.post(0, PostKind::event), PostResult::accepted);
}

TEST(Inbox, ControlAlwaysPasses) {
  Fixture fixture;
  EXPECT_EQ(fixture.post(kLimit - Inbox::kPostCost, PostKind::event), PostResult::accepted);
  EXPECT_EQ(fixture.post(0, PostKind::event), PostResult::refused);
  EXPECT_EQ(fixture.post(static_cast<std::size_t>(-1), PostKind::control), PostResult::accepted);
  EXPECT_EQ(fixture.run(), 2U);
  EXPECT_EQ(fixture.ledger.bytes(Account::inbox), 0U);
}

// What users order passes where events are refused already, and has a limit of its own.
TEST(Inbox, OrdersPassUpToTwiceTheLimit) {
  Fixture fixture;
  EXPECT_EQ(fixture.post(kLimit - Inbox::kPostCost, PostKind::event), PostResult::accepted);
  EXPECT_EQ(fixture.post(0, PostKind::event), PostResult::refused);
  EXPECT_EQ(fixture.post(kLimit - Inbox::kPostCost, PostKind::order), PostResult::accepted);
  EXPECT_EQ(fixture.ledger.bytes(Account::inbox), 2 * kLimit);
  EXPECT_EQ(fixture.post(0, PostKind::order), PostResult::refused);
  EXPECT_EQ(fixture.inbox.refused_orders(), 1U);
  EXPECT_EQ(fixture.post(0, PostKind::control), PostResult::accepted);
  fixture.run();
  EXPECT_EQ(fixture.post(2 * kLimit, PostKind::order), PostResult::accepted) << "counted as one limit";
}

TEST(Inbox, RefusedWorkMayStayWithTheCaller) {
  Fixture fixture;
  auto owned = std::make_shared<int>(1);
  Function<void()> work = [owned] {};
  EXPECT_EQ(fixture.inbox.try_post(work, kLimit + 1, PostKind::event), PostResult::refused);
  EXPECT_EQ(owned.use_count(), 2);
  EXPECT_EQ(fixture.inbox.try_post(work, 0, PostKind::event), PostResult::accepted);
  EXPECT_FALSE(work);
}

TEST(Inbox, EmptyPostsAreBoundedToo) {
  Fixture fixture;
  std::size_t accepted = 0;
  while (fixture.post(0, PostKind::event) == PostResult::accepted)
    ++accepted;
  EXPECT_EQ(accepted, kLimit / Inbox::kPostCost);
  fixture.run();
  EXPECT_EQ(fixture.post(0, PostKind::event), PostResult::accepted);
}

TEST(Inbox, WhatIsPostedWhileRunningWaits) {
  Fixture fixture;
  std::vector<int> ran;
  ASSERT_EQ(fixture.inbox.post(
                [&] {
                  ran.push_back(1);
                  (void)fixture.inbox.post([&] { ran.push_back(2); }, 0, PostKind::event);
                },
                0, PostKind::event),
            PostResult::accepted);
  EXPECT_EQ(fixture.run(), 1U);
  EXPECT_EQ(ran, std::vector<int>{1});
  EXPECT_TRUE(fixture.inbox.has_work());
  EXPECT_EQ(fixture.run(), 1U);
  EXPECT_EQ(ran, (std::vector<int>{1, 2}));
  EXPECT_FALSE(fixture.inbox.has_work());
}

TEST(Inbox, RefusedAndDroppedWorkIsDestroyed) {
  Fixture fixture;
  auto refused = std::make_shared<int>(1);
  EXPECT_EQ(fixture.inbox.post([refused] {}, kLimit + 1, PostKind::event), PostResult::refused);
  EXPECT_EQ(refused.use_count(), 1);
  auto dropped = std::make_shared<int>(1);
  EXPECT_EQ(fixture.inbox.post([dropped] {}, 5, PostKind::event), PostResult::accepted);
  EXPECT_TRUE(fixture.inbox.drop_all());
  EXPECT_EQ(dropped.use_count(), 1);
  EXPECT_EQ(fixture.ledger.bytes(Account::inbox), 0U);
}

TEST(Inbox, KeepsTheOrderOfEachOfFourProducers) {
  constexpr int kProducers = 4;
  constexpr int kPosts = 5000;
  Ledger ledger;
  Wakeup wakeup;
  Inbox inbox(std::size_t{1} << 30, ledger, wakeup);
  std::vector<std::pair<int, int>> ran;
  std::vector<std::thread> producers;
  producers.reserve(kProducers);
  for (int producer = 0; producer < kProducers; ++producer) {
    producers.emplace_back([&, producer] {
      for (int number = 0; number < kPosts; ++number) {
        EXPECT_EQ(
            inbox.post([&ran, producer, number] { ran.emplace_back(producer, number); }, 0, PostKind::event),
            PostResult::accepted);
      }
    });
  }
  while (ran.size() < std::size_t{kProducers} * kPosts)
    inbox.run_all([] {});
  for (std::thread& producer : producers)
    producer.join();
  std::vector<int> next(kProducers, 0);
  for (const auto& [producer, number] : ran)
    ASSERT_EQ(number, next[static_cast<std::size_t>(producer)]++);
}

}  // namespace
}  // namespace naru::net
