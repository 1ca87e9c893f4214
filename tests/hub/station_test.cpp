#include "hub/station.hpp"

#include <deque>

#include "hub/following.hpp"

namespace naru::hub {
namespace {

using namespace std::chrono_literals;

// A follower that stops reading for a minute, then goes on: what each policy tells it.
class PolicyTest : public Following {
 protected:
  void stop_reading(SlowFollower policy) {
    listener_.emplace(*here_);
    listener_->set_room(policy == SlowFollower::latest ? 1 : 2);
    listener_->follow("news", {Since::Kind::last, {}}, {.policy = policy});
    turns();
    publish_numbers("news", 1, 2);
    turns();
    ASSERT_EQ(listener_->told(), policy == SlowFollower::latest ? "start 0, 2" : "start 0, 1, 2");
  }
  // One message a second, and what left the log is kept by nobody.
  void let_a_minute_pass() {
    std::vector<std::weak_ptr<const channel::Publication>> all;
    for (int second = 0; second < 60; ++second) {
      publish("news", std::to_string(3 + second));
      turns();
      channel::PublicationRef newest;
      channels_->read_before("news", {}, 1,
                             [&](Result<channel::Page> page) { newest = page->messages.at(0); });
      all.push_back(newest);
      clock_.advance(1s);
    }
    const auto is_alive = [](const auto& one) { return !one.expired(); };
    EXPECT_LE(std::count_if(all.begin(), all.end(), is_alive), kKept);
  }
  static constexpr int kKept = 20;

  std::optional<Listener> listener_;
};

TEST_F(PolicyTest, ResumeGoesOnWhereItWas) {
  open(keeping(100));
  stop_reading(SlowFollower::resume);
  publish_numbers("news", 3, 50);
  turns();
  EXPECT_EQ(listener_->told(), "");
  listener_->resume(10);
  turns();
  EXPECT_EQ(listener_->told(), numbers(3, 12)) << "full again";
  listener_->resume();
  turns();
  EXPECT_EQ(listener_->told(), numbers(13, 50));
}

TEST_F(PolicyTest, ResumeIsToldWhatHasLeftTheLog) {
  open(keeping(kKept));
  stop_reading(SlowFollower::resume);
  let_a_minute_pass();
  EXPECT_EQ(listener_->told(), "");
  listener_->resume();
  turns();
  EXPECT_EQ(listener_->told(), "gap 42 missing 40, " + numbers(43, 62));
}

TEST_F(PolicyTest, DropOldestGoesOnWithTheNewest) {
  open(keeping(kKept));
  stop_reading(SlowFollower::drop_oldest);
  let_a_minute_pass();
  EXPECT_EQ(listener_->told(), "");
  listener_->resume();
  turns();
  EXPECT_EQ(listener_->told(), "gap 61 missing 59, 62");
  publish("news", "63");
  turns();
  EXPECT_EQ(listener_->told(), "63");
}

TEST_F(PolicyTest, DropOldestWithOneNewMessageHasNoGap) {
  stop_reading(SlowFollower::drop_oldest);
  publish("news", "3");
  turns();
  listener_->resume();
  turns();
  EXPECT_EQ(listener_->told(), "3");
}

TEST_F(PolicyTest, DropOldestDoesNotDropTheHistoryThatWasAskedFor) {
  publish_numbers("news", 1, 10);
  Listener listener(*here_);
  listener.set_room(4);
  listener.follow("news", Since{}, {.policy = SlowFollower::drop_oldest});
  turns();
  publish_numbers("news", 11, 20);
  turns();
  listener.resume();
  turns();
  EXPECT_EQ(listener.told(), "start 0, " + numbers(1, 20));
}

TEST_F(PolicyTest, DisconnectTellsWhereItStood) {
  open(keeping(kKept));
  stop_reading(SlowFollower::disconnect);
  clock_.advance(1min);
  turns();
  EXPECT_TRUE(listener_->is_following()) << "nothing new: it is not slow";
  publish("news", "3");
  turns();
  EXPECT_EQ(listener_->told(), "end too_slow 2");
  EXPECT_FALSE(listener_->is_following());
}

TEST_F(PolicyTest, DisconnectDoesNotEndWhoReadsHistory) {
  publish_numbers("news", 1, 10);
  Listener listener(*here_);
  listener.set_room(4);
  listener.follow("news", Since{}, {.policy = SlowFollower::disconnect});
  turns();
  publish("news", "11");
  turns();
  EXPECT_EQ(listener.told(), "start 0, 1, 2, 3, 4");
  listener.resume(7);
  turns();
  EXPECT_EQ(listener.told(), numbers(5, 11));
  publish("news", "12");
  turns();
  EXPECT_EQ(listener.told(), "end too_slow 11");
}

// As a connection with several channels is, until all of them have started.
TEST_F(PolicyTest, WhoIsFullAtItsStartIsNotSlow) {
  for (const SlowFollower policy : {SlowFollower::disconnect, SlowFollower::drop_oldest}) {
    open();
    Listener listener(*here_);
    listener.set_room(0);
    listener.follow("news", {Since::Kind::last, {}}, {.policy = policy});
    turns();
    publish_numbers("news", 1, 3);
    turns();
    EXPECT_EQ(listener.told(), "start 0");
    listener.resume(3);
    turns();
    EXPECT_EQ(listener.told(), "1, 2, 3");
    publish_numbers("news", 4, 6);
    turns();
    listener.resume();
    turns();
    EXPECT_EQ(listener.told(), policy == SlowFollower::disconnect ? "end too_slow 3" : "gap 5 missing 2, 6");
  }
}

TEST_F(PolicyTest, LatestGivesTheNewestOfEachKeyOnceAnInterval) {
  Listener listener(*here_);
  listener.follow("news", {Since::Kind::last, {}},
                  {.policy = SlowFollower::latest, .latest_interval = 100ms});
  turns();
  publish("news", "a1", "a");
  turns();
  EXPECT_EQ(listener.told(), "start 0, a1") << "the first one at once";
  for (int i = 2; i < 6; ++i) {
    publish("news", "a" + std::to_string(i), "a");
    publish("news", "b" + std::to_string(i), "b");
    publish("news", "none" + std::to_string(i));
    turns();
  }
  publish("news", "a6", "a");
  turns();
  EXPECT_EQ(listener.told(), "");
  clock_.advance(50ms);
  turns();
  EXPECT_EQ(listener.told(), "") << "not before the interval is over";
  clock_.advance(60ms);
  turns();
  EXPECT_EQ(listener.told(), "b5, none5, a6") << "in the channel's order, and no gap";
  clock_.advance(1s);
  turns();
  EXPECT_EQ(listener.told(), "");
}

TEST_F(PolicyTest, LatestAfterAMinuteHasTheNewestOnly) {
  open(keeping(kKept));
  stop_reading(SlowFollower::latest);
  let_a_minute_pass();
  EXPECT_EQ(listener_->told(), "");
  publish("news", "x", "key");
  listener_->resume();
  clock_.advance(1s);
  turns();
  EXPECT_EQ(listener_->told(), "gap 43 missing 41, 62, x")
      << "what has left the log is a gap under every policy";
}

TEST_F(PolicyTest, LatestGivesHistoryByKeyToo) {
  for (int i = 0; i < 200; ++i)
    publish("news", std::to_string(i), i % 2 == 0 ? "even" : "odd");
  Listener listener(*here_);
  listener.follow("news", Since{}, {.policy = SlowFollower::latest});
  turns();
  EXPECT_EQ(listener.told(), "start 0, 198, 199");
}

// Stopped in the middle of what one interval brings: the rest is given later, with what is newer by then.
TEST_F(PolicyTest, LatestGoesOnInTheMiddle) {
  Listener listener(*here_);
  listener.follow("news", {Since::Kind::last, {}},
                  {.policy = SlowFollower::latest, .latest_interval = 100ms});
  turns();
  publish("news", "first");
  turns();
  listener.set_room(1);
  for (const char* key : {"a", "b", "c"})
    publish("news", key + std::string("1"), key);
  clock_.advance(110ms);
  turns();
  EXPECT_EQ(listener.told(), "start 0, first, a1");
  publish("news", "b2", "b");
  clock_.advance(1s);
  turns();
  listener.resume();
  clock_.advance(110ms);
  turns();
  EXPECT_EQ(listener.told(), "c1, b2");
}

// The group has more to do in every interval than one visit may.
TEST_F(PolicyTest, LatestOnABusyChannelServesWhoIsBehind) {
  constexpr int kKeys = 60;
  const FollowSettings settings{.policy = SlowFollower::latest, .latest_interval = 100ms};
  std::deque<Listener> group;
  for (std::size_t i = 0; i < 2 * LoopChannels::kStationDeliveries / kKeys; ++i)
    group.emplace_back(*here_).follow("news", {Since::Kind::last, {}}, settings);
  Listener behind(*here_);
  behind.set_room(1);
  behind.follow("news", {Since::Kind::last, {}}, settings);
  turns();
  const auto interval = [&] {
    for (int key = 0; key < kKeys; ++key)
      publish("news", "x", std::to_string(key));
    clock_.advance(110ms);
    turns();
  };
  interval();
  ASSERT_EQ(behind.message_count(), 1U);
  behind.resume();
  for (int i = 0; i < 3; ++i)
    interval();
  EXPECT_EQ(group.back().position().offset, 4U * kKeys);
  EXPECT_GE(behind.position().offset, 3U * kKeys);
}

// All that a visit may deliver goes to the group, every time.
TEST_F(PolicyTest, OnABusyChannelTheGroupLeavesSomeForWhoIsBehind) {
  constexpr std::size_t kGroup = LoopChannels::kStationDeliveries / Station::kPiece;
  std::deque<Listener> group;
  for (std::size_t i = 0; i < kGroup; ++i)
    group.emplace_back(*here_).follow("news", {Since::Kind::last, {}});
  Listener behind(*here_);
  behind.set_room(1);
  behind.follow("news", {Since::Kind::last, {}});
  turns();
  publish("news", "1");
  turns();
  ASSERT_EQ(behind.message_count(), 1U);
  constexpr std::size_t kEnd = 1 + 10 * Station::kPiece;
  publish_numbers("news", 2, kEnd);
  behind.resume();
  turn_until([&] { return group.back().position().offset > 1; });
  ASSERT_LT(group.back().position().offset, kEnd);
  EXPECT_GT(behind.message_count(), 1U);
}

TEST_F(PolicyTest, DifferentSettingsOfOneChannelDoNotMix) {
  Listener all(*here_);
  Listener newest(*here_);
  all.follow("news", {Since::Kind::last, {}});
  newest.follow("news", {Since::Kind::last, {}}, {.policy = SlowFollower::latest});
  turns();
  publish_numbers("news", 1, 3);
  turns();
  EXPECT_EQ(all.told(), "start 0, 1, 2, 3");
  EXPECT_EQ(newest.told(), "start 0, 3");
  EXPECT_EQ(here_->station_count(), 2U);
}

}  // namespace
}  // namespace naru::hub
