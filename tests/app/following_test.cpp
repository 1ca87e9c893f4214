#include "naru/following.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "naru/server.hpp"
#include "support/mailbox.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"
#include "support/scratch_directory.hpp"

namespace naru {
namespace {

using namespace std::chrono_literals;
using test::Mailbox;
using test::RunningServer;

FollowOptions into(Mailbox<int>& numbers, std::optional<Position> since = {}) {
  return {.since = std::move(since), .on_message = [&numbers](const ChannelMessage& message) {
            numbers.put(message.data.get<int>().value_or(-1));
          }};
}

Position publish(Channel channel, int number) {
  Mailbox<Result<Published>> answers;
  channel.publish(number, {}, [&](Result<Published> at) { answers.put(std::move(at)); });
  return answers.take()->position;
}

TEST(Following, BeginsNowAndKeepsTheOrder) {
  RunningServer running({.loops = 2});
  Mailbox<int> numbers;
  Channel channel = running->channel("news");
  publish(channel, 0);
  const Following following = channel.follow(into(numbers));  // before the server runs
  publish(channel, 1);
  const auto serving = running.start();
  for (int n = 2; n <= 200; ++n)
    publish(channel, n);
  for (int n = 1; n <= 200; ++n)
    ASSERT_EQ(numbers.take(), n);
}

TEST(Following, BeginsAtAPositionOrAtTheOldestKept) {
  RunningServer running;
  Mailbox<int> all;
  Mailbox<int> rest;
  Mailbox<ChannelGap> gaps;
  const auto serving = running.start();
  Channel channel = running->channel("news");
  publish(channel, 1);
  const Position second = publish(channel, 2);
  publish(channel, 3);
  const Following oldest = channel.follow(into(all, Position()));
  const Following after = channel.follow(into(rest, second));
  const Following foreign = channel.follow(
      {.since = Position("nonsense"), .on_gap = [&](const ChannelGap& gap) { gaps.put(gap); }});
  for (int n = 1; n <= 3; ++n)
    EXPECT_EQ(all.take(), n);
  EXPECT_EQ(rest.take(), 3);
  EXPECT_EQ(gaps.take().missing, std::nullopt);
}

TEST(Following, EndsWhenItIsToldToAndWhenItIsDropped) {
  RunningServer running;
  Mailbox<int> numbers;
  Mailbox<int> others;
  const auto serving = running.start();
  Channel channel = running->channel("news");
  const Following other = channel.follow(into(others));
  Following following = channel.follow(into(numbers));
  publish(channel, 1);
  EXPECT_EQ(numbers.take(), 1);
  following.stop();
  following.stop();
  publish(channel, 2);
  following = channel.follow(into(numbers));
  publish(channel, 3);
  EXPECT_EQ(numbers.take(), 3);
  { const Following dropped = channel.follow(into(numbers)); }
  following = Following();
  publish(channel, 4);
  for (int n = 1; n <= 4; ++n)
    EXPECT_EQ(others.take(), n);
  EXPECT_TRUE(numbers.empty());
}

TEST(Following, AHandlerMayEndItself) {
  RunningServer running;
  Mailbox<int> numbers;
  Following following;
  const auto serving = running.start();
  Channel channel = running->channel("news");
  Mailbox<bool> set_up;
  running->defer([&] {
    following = channel.follow({.on_message = [&](const ChannelMessage& message) {
      numbers.put(message.data.get<int>().value_or(-1));
      following.stop();
    }});
    set_up.put(true);
  });
  set_up.take();
  publish(channel, 1);
  publish(channel, 2);
  EXPECT_EQ(numbers.take(), 1);
  running.stop();
  EXPECT_TRUE(numbers.empty());
}

TEST(Following, WhatAHandlerThrowsEndsNothing) {
  RunningServer running;
  Mailbox<int> numbers;
  const auto serving = running.start();
  Channel channel = running->channel("news");
  const Following following = channel.follow({.on_message = [&](const ChannelMessage& message) {
    numbers.put(message.data.get<int>().value_or(-1));
    throw 1;
  }});
  publish(channel, 1);
  publish(channel, 2);
  EXPECT_EQ(numbers.take(), 1);
  EXPECT_EQ(numbers.take(), 2);
}

TEST(Following, OutlivesItsServer) {
  RunningServer running;
  Mailbox<int> numbers;
  Following following;
  {
    const auto serving = running.start();
    following = running->channel("news").follow(into(numbers));
  }
  running.destroy();
  following.stop();
}

// Design, program 3.
TEST(Feed, IsSetUpAsTheProgramsOfTheDesignAre) {
  RunningServer running;
  Server& server = *running;
  server.feed("/channels/:channel", {
                                        .history = {.size = 1000, .ttl = 10min},
                                        .authorize = [](const naru::Access& access) -> naru::Verdict {
                                          if (access.action == naru::Action::follow) return naru::allow;
                                          return naru::refuse("read only");
                                        },
                                    });
  const std::string story = "goal!";
  const std::string id = "42";
  auto at = server.channel("news").publish(story, {.event = "goal", .key = id});
  const auto serving = running.start();
  const std::string page = test::ask(running.port(), "GET", "/channels/news").body;
  EXPECT_NE(page.find(R"("event":"goal","key":"42","data":"goal!")"), std::string::npos) << page;
}

TEST(Feed, TellsWhoFollows) {
  RunningServer running;
  running->feed("/channels/:channel", {.presence = {.enabled = true}});
  running->feed("/quiet/:channel", {.prefix = "quiet:"});
  const auto serving = running.start();
  EXPECT_EQ(running->channel("news").presence().count, 0U);
  EXPECT_FALSE(running->channel("news").presence().position.empty());
  test::RawClient client(running.port());
  client.send("GET /channels/news?client=tab-1 HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n");
  client.read_until("retry:");
  const Presence presence = running->channel("news").presence();
  ASSERT_EQ(presence.count, 1U);
  EXPECT_EQ(presence.followers[0].id, "tab-1");
  EXPECT_FALSE(presence.followers[0].is_identity);
  EXPECT_EQ(presence.followers[0].connections, 1U);
}

TEST(Feed, SaysWhereMessagesAreToBeKept) {
  RunningServer running;
  running->feed("/channels/:channel", {.durability = Durability::power});
  EXPECT_THROW(running->run(), std::logic_error);
}

}  // namespace
}  // namespace naru
