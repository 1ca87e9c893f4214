#include "hub/loop_channels.hpp"

#include <deque>

#include "hub/following.hpp"

namespace naru::hub {
namespace {

class LoopChannelsTest : public Following {};

TEST_F(LoopChannelsTest, WhereOneStarts) {
  open(keeping(5));
  publish_numbers("news", 1, 8);
  const channel::Position at6{channels_->look("news").log->epoch(), 6};
  const struct {
    Since since;
    const char* told;
  } cases[] = {
      {{Since::Kind::first, {}}, "start 3, 4, 5, 6, 7, 8"},
      {{Since::Kind::last, {}}, "start 8"},
      {Since::after(at6), "start 6, 7, 8"},
      {Since::after({at6.epoch, 8}), "start 8"},
      {Since::after({at6.epoch, 1}), "start 3 missing 2, 4, 5, 6, 7, 8"},
      {Since::after({at6.epoch, 9}), "start 3 lost, 4, 5, 6, 7, 8"},
      {Since::after({}), "start 3 lost, 4, 5, 6, 7, 8"},
  };
  for (const auto& [since, told] : cases) {
    Listener listener(*here_);
    listener.follow("news", since);
    EXPECT_EQ(listener.told(), "") << "nothing from inside the call";
    turns();
    EXPECT_EQ(listener.told(), told);
    EXPECT_EQ(listener.pauses(), 1U) << told;
    EXPECT_EQ(listener.position(), channels_->look("news").log->position());
  }
}

TEST_F(LoopChannelsTest, WhatIsPublishedLaterComesOnceInOrder) {
  Listener listener(*here_);
  listener.follow("news", {Since::Kind::last, {}});
  turns();
  EXPECT_EQ(listener.told(), "start 0");
  publish_numbers("news", 1, 200);
  publish("other", "x");
  turns();
  EXPECT_EQ(listener.told(), numbers(1, 200));
  EXPECT_EQ(listener.pauses(), 2U) << "one before waiting, one behind all that was there";
}

// The reader's page and his following are two steps: what falls in between has a number.
TEST_F(LoopChannelsTest, APublishBetweenReadingAndFollowingIsNotLost) {
  publish("news", "1");
  channel::Page page;
  channels_->read("news", Since{}, 100, [&](Result<channel::Page> read) { page = *read; });
  ASSERT_EQ(page.messages.size(), 1U);
  publish("news", "2");
  Listener listener(*here_);
  listener.follow("news", Since::after(page.end));
  publish("news", "3");
  turns();
  EXPECT_EQ(listener.told(), "start 1, 2, 3");
}

TEST_F(LoopChannelsTest, APublishFromInsideTheStartIsNotLost) {
  struct Publishing final : Listener {
    using Listener::Listener;
    Function<void()> publish{};
    Taken on_start(const channel::Standing& standing) override {
      publish();
      return Listener::on_start(standing);
    }
  };
  Publishing listener(*here_);
  listener.publish = [&] { publish("news", "1"); };
  listener.follow("news", {Since::Kind::last, {}});
  turns();
  EXPECT_EQ(listener.told(), "start 0, 1");
}

TEST_F(LoopChannelsTest, AChannelThatNobodyHasPublishedToHasAPosition) {
  Listener waiting(*here_);
  waiting.follow("news", {Since::Kind::last, {}});
  turns();
  const channel::Position nowhere = waiting.position();
  EXPECT_EQ(nowhere, channels_->absence("news"));
  EXPECT_EQ(channels_->look("news").log, nullptr) << "following creates nothing";
  publish_numbers("news", 1, 2);
  turns();
  EXPECT_EQ(waiting.told(), "start 0, 1, 2");
  Listener later(*here_);
  later.follow("news", Since::after(nowhere));
  turns();
  EXPECT_EQ(later.told(), "start 0, 1, 2") << "before its first message";
}

TEST_F(LoopChannelsTest, WhoStoodBeforeItsFirstMessageIsToldWhatIsGone) {
  open(keeping(2));
  const channel::Position nowhere = channels_->absence("news");
  publish_numbers("news", 1, 5);
  Listener listener(*here_);
  listener.follow("news", Since::after(nowhere));
  turns();
  EXPECT_EQ(listener.told(), "start 3 missing 3, 4, 5");
}

TEST_F(LoopChannelsTest, AfterARestartAnAbsenceIsForeign) {
  const channel::Position before = channels_->absence("news");
  open();
  Listener absent(*here_);
  absent.follow("news", Since::after(before));
  turns();
  EXPECT_EQ(absent.told(), "start 0 lost");
  publish("news", "1");
  Listener present(*here_);
  present.follow("news", Since::after(before));
  turns();
  EXPECT_EQ(present.told(), "start 0 lost, 1");
}

TEST_F(LoopChannelsTest, ALogThatCameAndWentMakesAnAbsenceForeign) {
  const channel::Position before = channels_->absence("news");
  publish("news", "1");
  remove("news");
  publish("news", "2");
  Listener listener(*here_);
  listener.follow("news", Since::after(before));
  turns();
  EXPECT_EQ(listener.told(), "start 0 lost, 2") << "1 is gone, and nobody pretends";
}

TEST_F(LoopChannelsTest, RemovalIsAGapAndItGoesOnWithTheNewOne) {
  Listener listener(*here_);
  Listener full(*here_);
  full.set_room(1);
  for (Listener* one : {&listener, &full})
    one->follow("news", {Since::Kind::last, {}});
  turns();
  publish_numbers("news", 1, 2);
  turns();
  remove("news");
  turns();
  EXPECT_EQ(listener.told(), "start 0, 1, 2, gap 0 lost");
  publish_numbers("news", 3, 4);
  turns();
  EXPECT_EQ(listener.told(), "3, 4");
  EXPECT_EQ(full.told(), "start 0, 1");
  full.resume();
  turns();
  EXPECT_EQ(full.told(), "gap 0 lost, 3, 4");
}

TEST_F(LoopChannelsTest, ANewLogBeforeTheLoopHasSeenTheRemoval) {
  Listener listener(*here_);
  listener.follow("news", {Since::Kind::last, {}});
  publish("news", "1");
  turns();
  remove("news");
  publish_numbers("news", 2, 3);
  turns();
  EXPECT_EQ(listener.told(), "start 1, gap 0 lost, 2, 3");
}

TEST_F(LoopChannelsTest, ThoseWhoCameAtDifferentPlacesMeet) {
  publish_numbers("news", 1, 300);
  std::deque<Listener> listeners;
  for (const std::uint64_t at : {0U, 100U, 299U, 300U}) {
    listeners.emplace_back(*here_).follow("news", Since::after({channels_->look("news").log->epoch(), at}));
    publish("news", "x");
  }
  turns();
  publish("news", "last");
  turns();
  for (Listener& listener : listeners) {
    EXPECT_EQ(listener.position().offset, 305U);
    EXPECT_TRUE(listener.told().ends_with("x, x, last"));
  }
  EXPECT_EQ(listeners[0].message_count(), 305U);
  EXPECT_EQ(listeners[1].message_count(), 205U);
  EXPECT_EQ(here_->station_count(), 1U);
}

TEST_F(LoopChannelsTest, WhoLeavesInsideAnEventGetsNothingMore) {
  std::deque<Listener> listeners;
  for (int i = 0; i < 3; ++i)
    listeners.emplace_back(*here_).follow("news", {Since::Kind::last, {}});
  turns();
  // The first one leaves, throws out the last one, and follows something else.
  listeners[0].on_next_message([&] {
    listeners[0].unfollow();
    listeners[2].unfollow();
    listeners[0].follow("other", {Since::Kind::last, {}});
  });
  publish_numbers("news", 1, 3);
  publish("other", "later");
  turns();
  EXPECT_EQ(listeners[0].told(), "start 0, start 1");
  EXPECT_EQ(listeners[1].told(), "start 0, 1, 2, 3");
  EXPECT_EQ(listeners[2].told(), "start 0");
  EXPECT_FALSE(listeners[2].is_following());
}

TEST_F(LoopChannelsTest, WhoFollowsTheSameAgainInsideItsEventStartsAgain) {
  publish_numbers("news", 1, 3);
  Listener listener(*here_);
  listener.follow("news", Since{});
  listener.on_next_message([&] {
    listener.unfollow();
    listener.follow("news", Since::after({channels_->look("news").log->epoch(), 2}));
  });
  turns();
  EXPECT_EQ(listener.told(), "start 0, start 2, 3");
}

TEST_F(LoopChannelsTest, NothingIsLeftOfThoseWhoHaveGone) {
  {
    Listener listener(*here_);
    Listener full(*here_);
    full.set_room(0);
    listener.follow("news", {Since::Kind::last, {}});
    full.follow("news", {Since::Kind::last, {}});
    turns();
    EXPECT_EQ(here_->follower_count(), 2U);
    EXPECT_EQ(channels_->wakes().size(), 1U);
  }
  turns();
  EXPECT_EQ(here_->follower_count(), 0U);
  EXPECT_EQ(here_->station_count(), 0U);
  EXPECT_EQ(channels_->wakes().size(), 0U);
}

TEST_F(LoopChannelsTest, FollowersMayOutliveTheLoopsChannels) {
  Listener listener(*here_);
  listener.follow("news", {Since::Kind::last, {}});
  turns();
  here_.reset();
  EXPECT_FALSE(listener.is_following());
  publish("news", "1");
  turns();
}

// Ten thousand of one channel do not make a turn endless, and do not hold up another channel.
TEST_F(LoopChannelsTest, ATurnIsBoundedAndShared) {
  constexpr std::size_t kMany = 10'000;
  std::deque<Listener> many;
  for (std::size_t i = 0; i < kMany; ++i)
    many.emplace_back(*here_).follow("busy", {Since::Kind::last, {}});
  Listener one(*here_);
  one.follow("quiet", {Since::Kind::last, {}});
  turns();
  const auto delivered = [&] {
    std::size_t count = 0;
    for (const Listener& listener : many)
      count += listener.message_count();
    return count;
  };
  publish_numbers("busy", 1, 3);
  publish("quiet", "x");
  turn();
  EXPECT_EQ(one.told(), "start 0, x") << "in the first turn";
  EXPECT_GT(delivered(), 0U);
  EXPECT_LE(delivered(), LoopChannels::kTurnDeliveries + 16) << "the last one of each share gets its all";
  Listener late(*here_);
  late.follow("busy", {Since::Kind::last, {}});
  turns();
  EXPECT_EQ(delivered(), 3 * kMany);
  EXPECT_EQ(late.told(), "start 3");
  for (Listener& listener : many)
    ASSERT_EQ(listener.told(), "start 0, 1, 2, 3");
  publish("busy", "4");
  turns();
  EXPECT_EQ(late.told(), "4");
  EXPECT_EQ(delivered(), 4 * kMany);
}

TEST_F(LoopChannelsTest, AFollowerCostsLittle) {
  EXPECT_LE(sizeof(Follower), 80U);
}

TEST_F(LoopChannelsTest, MessagesThatGrewTooOldAreAGap) {
  store::LogOptions options;
  options.tail.age = std::chrono::seconds(10);
  open(options);
  Listener listener(*here_);
  listener.set_room(1);
  listener.follow("news", {Since::Kind::last, {}});
  turns();
  publish_numbers("news", 1, 3);
  turns();
  EXPECT_EQ(listener.told(), "start 0, 1");
  clock_.advance(std::chrono::seconds(20));
  channels_->sweep();
  listener.resume();
  turns();
  EXPECT_EQ(listener.told(), "gap 3 missing 2");
  publish("news", "4");
  turns();
  EXPECT_EQ(listener.told(), "4");
}

}  // namespace
}  // namespace naru::hub
