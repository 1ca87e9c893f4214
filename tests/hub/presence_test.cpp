#include "hub/presence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/fake_clock.hpp"

namespace naru::hub {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A stream as a list of "event data".
class ListedStream : public PresenceStream {
 public:
  void announce(const std::string& stream, channel::Message change) override {
    const std::lock_guard lock(mutex_);
    streams_[stream].push_back(change.event + " " + std::string(change.data.view()));
  }
  channel::Position position(const std::string& stream) override {
    const std::lock_guard lock(mutex_);
    return {channel::Epoch(), streams_[stream].size()};
  }
  std::vector<std::string> changes(const std::string& stream) {
    const std::lock_guard lock(mutex_);
    return streams_[stream];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<std::string>> streams_;
};

using Changes = std::vector<std::string>;
const std::string kJoinAda = R"(join {"id":"ada","identity":"ada"})";
const std::string kLeaveAda = R"(leave {"id":"ada","identity":"ada"})";
const PresentAs kAda{.id = "ada", .is_identity = true};

class PresenceTest : public testing::Test {
 protected:
  void wait(base::Duration time) {
    clock.advance(time);
    presence.sweep();
  }
  Changes changes() { return stream.changes("news@presence"); }

  test::FakeClock clock;
  ListedStream stream;
  Presence presence{clock, stream, {.grace = seconds(20), .max_followers = 3, .max_channels = 4}};
};

TEST_F(PresenceTest, JoinsAtOnceAndLeavesAfterTheGrace) {
  PresenceTicket ticket = presence.enter("news", kAda);
  EXPECT_TRUE(ticket.is_valid());
  EXPECT_EQ(changes(), Changes{kJoinAda});
  ticket.leave();
  EXPECT_FALSE(ticket.is_valid());
  EXPECT_EQ(presence.sweep(), clock.now() + seconds(20));
  wait(seconds(20) - milliseconds(1));
  EXPECT_EQ(changes(), Changes{kJoinAda});
  EXPECT_EQ(presence.snapshot("news").count, 1U);
  wait(milliseconds(1));
  EXPECT_EQ(changes(), (Changes{kJoinAda, kLeaveAda}));
  EXPECT_EQ(presence.snapshot("news").count, 0U);
  EXPECT_EQ(presence.sweep(), base::kNever);
}

TEST_F(PresenceTest, PollGapsAreNoLeaves) {
  for (int poll = 0; poll < 100; ++poll) {
    { const PresenceTicket ticket = presence.enter("news", kAda); }
    wait(seconds(19));
  }
  EXPECT_EQ(changes(), Changes{kJoinAda});
}

TEST_F(PresenceTest, AReloadAndASecondConnectionAreNoJoins) {
  PresenceTicket first = presence.enter("news", kAda);
  PresenceTicket second = presence.enter("news", kAda);
  first.leave();
  wait(seconds(60));
  EXPECT_EQ(presence.snapshot("news").followers.at(0).connections, 1U);
  first = presence.enter("news", kAda);
  second.leave();
  wait(seconds(60));
  EXPECT_EQ(changes(), Changes{kJoinAda});
  first.leave();
  wait(seconds(60));
  EXPECT_EQ(changes(), (Changes{kJoinAda, kLeaveAda}));
  first = presence.enter("news", kAda);
  EXPECT_EQ(changes(), (Changes{kJoinAda, kLeaveAda, kJoinAda}));
}

TEST_F(PresenceTest, ASnapshotTellsWhoInTheOrderTheyCame) {
  const PresenceTicket first = presence.enter("news", {.id = "tab-1"});
  clock.advance(milliseconds(5));
  PresenceTicket second = presence.enter("news", kAda);
  const PresenceTicket third = presence.enter("news", kAda);
  const PresenceSnapshot all = presence.snapshot("news");
  ASSERT_EQ(all.followers.size(), 2U);
  EXPECT_EQ(all.count, 2U);
  EXPECT_EQ(all.position.offset, 2U);
  EXPECT_EQ(all.followers[0].id, "tab-1");
  EXPECT_FALSE(all.followers[0].is_identity);
  EXPECT_EQ(all.followers[0].connections, 1U);
  EXPECT_EQ(all.followers[0].since_ms, 1'700'000'000'000);
  EXPECT_EQ(all.followers[1].id, "ada");
  EXPECT_TRUE(all.followers[1].is_identity);
  EXPECT_EQ(all.followers[1].connections, 2U);
  EXPECT_EQ(all.followers[1].since_ms, 1'700'000'000'005);
  EXPECT_EQ(changes()[0], R"(join {"id":"tab-1"})");

  const PresenceSnapshot none = presence.snapshot("olds");
  EXPECT_EQ(none.count, 0U);
  EXPECT_TRUE(none.followers.empty());
}

TEST_F(PresenceTest, NobodyBecomesAnIdentityBySayingSo) {
  const PresenceTicket ada = presence.enter("news", kAda);
  const PresenceTicket claims = presence.enter("news", {.id = "ada", .is_identity = false});
  EXPECT_EQ(changes(), (Changes{kJoinAda, R"(join {"id":"ada"})"}));
  EXPECT_EQ(presence.snapshot("news").count, 2U);
}

TEST_F(PresenceTest, BeyondTheLimitFollowersOnlyCount) {
  std::vector<PresenceTicket> tickets;
  for (int i = 0; i < 5; ++i)
    tickets.push_back(presence.enter("news", {.id = std::to_string(i)}));
  EXPECT_EQ(changes().size(), 3U);
  EXPECT_EQ(presence.snapshot("news").count, 5U);
  EXPECT_EQ(presence.snapshot("news").followers.size(), 3U);
  tickets.pop_back();
  EXPECT_EQ(presence.snapshot("news").count, 4U);
  tickets.clear();
  EXPECT_EQ(presence.snapshot("news").count, 3U) << "away, for less than the grace";
  wait(seconds(20));
  EXPECT_EQ(presence.snapshot("news").count, 0U);
  EXPECT_EQ(changes().size(), 6U);
}

TEST_F(PresenceTest, BeyondTheLimitOfChannelsNobodyIsSeen) {
  std::vector<PresenceTicket> tickets;
  for (const char* name : {"a", "b", "c", "d"})
    tickets.push_back(presence.enter(name, kAda));
  EXPECT_EQ(presence.channel_count(), 4U);
  EXPECT_FALSE(presence.enter("e", kAda).is_valid());
  EXPECT_EQ(stream.changes("e@presence"), Changes());
  EXPECT_TRUE(presence.enter("d", {.id = "bob"}).is_valid()) << "the channel is there already";
  tickets.clear();
  wait(seconds(20));
  EXPECT_EQ(presence.channel_count(), 0U) << "gone when empty";
  EXPECT_TRUE(presence.enter("e", kAda).is_valid());
}

TEST_F(PresenceTest, ASweepTellsAllWhoseTimeIsOver) {
  Presence wide(clock, stream, {.grace = seconds(20), .max_followers = 1000});
  for (int i = 0; i < 1000; ++i)
    wide.enter("news", {.id = std::to_string(i)}).leave();
  clock.advance(seconds(20));
  EXPECT_EQ(wide.sweep(), base::kNever);
  EXPECT_EQ(changes().size(), 2000U);
  EXPECT_EQ(wide.channel_count(), 0U);
}

// What a stream says up to a position: who is there.
std::multiset<std::string> replay(const Changes& changes, std::size_t end) {
  std::multiset<std::string> present;
  for (std::size_t i = 0; i < end; ++i) {
    const std::string who = changes[i].substr(changes[i].find(' ') + 1);
    if (changes[i].starts_with("join")) {
      present.insert(who);
    } else {
      EXPECT_EQ(present.erase(who), 1U) << "leaves who has not joined: " << who;
    }
  }
  return present;
}

TEST(PresenceThreads, TheStreamBehindASnapshotIsWhatChangedAfterIt) {
  constexpr int kThreads = 3;
  constexpr int kRounds = 1500;
  ListedStream stream;
  Presence presence(base::system_clock(), stream, {.grace = {}});
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      std::mt19937 random(static_cast<unsigned>(thread));
      std::vector<PresenceTicket> tickets(8);
      for (int i = 0; i < kRounds; ++i) {
        const std::string channel = random() % 4 == 0 ? "olds" : "news";
        tickets[random() % tickets.size()] = presence.enter(channel, {.id = std::to_string(random() % 12)});
        if (random() % 3 == 0) tickets[random() % tickets.size()].leave();
        if (random() % 2 == 0) presence.sweep();
      }
      tickets.clear();
      --running;
    });
  }
  do {
    const PresenceSnapshot snapshot = presence.snapshot("news");
    std::multiset<std::string> seen;
    for (const auto& follower : snapshot.followers)
      seen.insert("{\"id\":\"" + follower.id + "\"}");
    EXPECT_EQ(replay(stream.changes("news@presence"), snapshot.position.offset), seen);
  } while (running.load() > 0);
  for (std::thread& thread : threads)
    thread.join();
  presence.sweep();
  for (const char* name : {"news", "olds"}) {
    const Changes changes = stream.changes(std::string(name) + "@presence");
    EXPECT_EQ(replay(changes, changes.size()).size(), 0U);
    EXPECT_EQ(presence.snapshot(name).count, 0U);
  }
  EXPECT_EQ(presence.channel_count(), 0U);
}

}  // namespace
}  // namespace naru::hub
