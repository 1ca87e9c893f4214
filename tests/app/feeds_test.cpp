#include "app/feeds.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/context.hpp"
#include "app/feed_settings.hpp"
#include "naru/completion.hpp"
#include "net/loop.hpp"

namespace naru::app {
namespace {

using namespace std::chrono_literals;
using serve::FeedAction;

// The feeds of a server with one loop, which is this thread's.
struct AFeed : testing::Test {
  net::Loop loop{{.index = 0}};
  std::shared_ptr<hub::LoopGroup> loops = std::make_shared<hub::LoopGroup>(std::vector<net::Loop*>{&loop});
  Feeds feeds{loops};
  serve::FeedHooks::Scope scope = std::make_shared<CancelScope>();

  AFeed() {
    loops->enter(0);
    thread_context() = {nullptr, std::make_shared<LoopExecutor>(loops, 0)};
  }
  ~AFeed() override {
    loops->close();
    thread_context() = {};
    hub::LoopGroup::leave();
  }

  std::optional<Verdict> ask(std::uint32_t feed, std::vector<Feeds::Part> parts) {
    auto answer = std::make_shared<std::optional<Verdict>>();
    feeds.ask(feed, std::move(parts), Handshake(nullptr), scope,
              Decision([answer](Verdict verdict) { *answer = std::move(verdict); }));
    for (int turn = 0; turn < 100 && !*answer; ++turn) {
      loop.stop();
      loop.run();
      std::this_thread::yield();
    }
    return *answer;
  }
  std::string refusal(std::uint32_t feed, std::vector<Feeds::Part> parts) {
    const auto verdict = ask(feed, std::move(parts));
    return !verdict ? "no answer" : verdict->is_allowed() ? "allowed" : verdict->sentence();
  }
};

TEST_F(AFeed, WithoutGateIsReadByEverybodyAndWrittenByNobody) {
  const auto feed = feeds.add({});
  EXPECT_EQ(refusal(feed, {{FeedAction::follow, "a"}, {FeedAction::presence, "a"}}), "allowed");
  EXPECT_EQ(refusal(feed, {{FeedAction::follow, "a"}, {FeedAction::publish, "a"}}),
            "nobody may publish here: the server has no gate that allows it");
  const auto open = feeds.add({.prefix = "wall:", .open_publish = true});
  EXPECT_EQ(refusal(open, {{FeedAction::publish, "wall:a"}}), "allowed");
}

TEST_F(AFeed, NobodyPublishesWhoIsPresent) {
  const auto feed = feeds.add({.authorize = [](const Access&) { return allow; }});
  EXPECT_EQ(refusal(feed, {{FeedAction::publish, "a@presence"}}),
            "nobody but the server publishes who is present");
}

TEST_F(AFeed, AsksItsGateAboutEverything) {
  std::vector<std::pair<Action, std::string>> asked;
  const auto feed = feeds.add({.prefix = "lab:", .authorize = [&](const Access& access) -> Verdict {
                                 asked.emplace_back(access.action, access.channel);
                                 return access.action == Action::publish ? refuse("read only") : allow;
                               }});
  EXPECT_EQ(refusal(feed, {{FeedAction::follow, "lab:a"}, {FeedAction::presence, "lab:b"}}), "allowed");
  EXPECT_EQ(refusal(feed, {{FeedAction::publish, "lab:a"}, {FeedAction::follow, "lab:c"}}), "read only");
  EXPECT_EQ(asked, (std::vector<std::pair<Action, std::string>>{
                       {Action::follow, "lab:a"}, {Action::presence, "lab:b"}, {Action::publish, "lab:a"}}));
}

TEST_F(AFeed, TheFirstIdentityAndTheEarliestEndCount) {
  const Verdict::Time noon{12h};
  const auto feed = feeds.add({.authorize = [&](const Access& access) -> Verdict {
    if (access.channel == "a") return allow.until(noon + 2h);
    if (access.channel == "b") return allow.as("ann").until(noon + 1h);
    return allow.as("bob");
  }});
  const auto verdict =
      ask(feed, {{FeedAction::follow, "a"}, {FeedAction::follow, "b"}, {FeedAction::follow, "c"}});
  ASSERT_TRUE(verdict && verdict->is_allowed());
  EXPECT_EQ(verdict->identity(), "ann");
  EXPECT_EQ(verdict->expires(), noon + 1h);
}

TEST_F(AFeed, AGateMayAnswerFromAnotherThread) {
  std::thread other;
  const auto feed = feeds.add({.authorize = [&](const Access&, Decision decide) {
    if (other.joinable()) other.join();
    other = std::thread([decide = std::move(decide)]() mutable { decide(allow.as("ann")); });
  }});
  auto answer = std::make_shared<std::optional<Verdict>>();
  feeds.ask(feed, {{FeedAction::follow, "a"}, {FeedAction::follow, "b"}}, Handshake(nullptr), scope,
            Decision([&, answer](Verdict verdict) {
              EXPECT_TRUE(loops->is_here(0));
              *answer = std::move(verdict);
              loop.stop();
            }));
  loop.run();
  ASSERT_TRUE(*answer);
  EXPECT_EQ((*answer)->identity(), "ann");
  other.join();
}

Task<Verdict> wait_and_allow(Later<int> later) {
  Result<int> value = co_await std::move(later);
  if (!value) co_return refuse("nobody waited");
  co_return allow.as("ann");
}

TEST_F(AFeed, AGateMayAwait) {
  Completion<int> completion;
  const auto feed =
      feeds.add({.authorize = [&](const Access&) { return wait_and_allow(completion.later()); }});
  auto answer = std::make_shared<std::optional<Verdict>>();
  feeds.ask(feed, {{FeedAction::follow, "a"}}, Handshake(nullptr), scope,
            Decision([answer](Verdict verdict) { *answer = std::move(verdict); }));
  EXPECT_FALSE(*answer);
  completion.complete(1);
  loop.stop();
  loop.run();
  ASSERT_TRUE(*answer);
  EXPECT_EQ((*answer)->identity(), "ann");
}

TEST_F(AFeed, WhatIsThrownOrDroppedRefuses) {
  const auto throws = feeds.add({.authorize = [](const Access&) -> Verdict { throw 1; }});
  EXPECT_EQ(refusal(throws, {{FeedAction::follow, "a"}}), "no decision was made");
  const auto drops = feeds.add({.authorize = [](const Access&, Decision) {}});
  EXPECT_EQ(refusal(drops, {{FeedAction::follow, "a"}}), "no decision was made");
}

TEST_F(AFeed, ManyChannelsCostNoStack) {
  const auto feed = feeds.add({.authorize = [](const Access&) { return allow; }});
  EXPECT_EQ(refusal(feed, std::vector<Feeds::Part>(100'000, {FeedAction::follow, "a"})), "allowed");
}

// Or the closed one could be read through the open one.
TEST_F(AFeed, ServesNoChannelOfALongerPrefix) {
  const auto all = feeds.add({});
  const auto closed =
      feeds.add({.prefix = "staff:", .authorize = [](const Access&) { return refuse("no"); }});
  const auto again =
      feeds.add({.prefix = "staff:", .authorize = [](const Access&) { return allow; }, .socketio = false});
  EXPECT_EQ(refusal(all, {{FeedAction::follow, "news"}}), "allowed");
  EXPECT_EQ(refusal(all, {{FeedAction::follow, "staff:pay"}}), "this channel is not served here");
  EXPECT_EQ(refusal(closed, {{FeedAction::follow, "staff:pay"}}), "no");
  EXPECT_EQ(refusal(closed, {{FeedAction::follow, "news"}}), "this channel is not served here");
  EXPECT_EQ(refusal(again, {{FeedAction::follow, "staff:pay"}}), "allowed");
  EXPECT_EQ(feeds.find_socketio("staff:pay"), closed);
  EXPECT_EQ(feeds.find_socketio("news"), all);
}

TEST_F(AFeed, OfOneChannelHasItAlone) {
  feeds.add({});
  const auto only = feeds.add({.prefix = "live.", .channel = "scores"});
  const auto again = feeds.add({.prefix = "live.", .channel = "scores", .query = "as=sse"});
  for (const auto feed : {only, again}) {
    EXPECT_TRUE(feeds.serves(feed, "live.scores"));
    EXPECT_TRUE(feeds.serves(feed, "live.scores@presence"));
    EXPECT_FALSE(feeds.serves(feed, "live.scores2"));
    EXPECT_FALSE(feeds.serves(feed, "news"));
  }
  EXPECT_FALSE(feeds.serves(0, "live.scores"));
  EXPECT_FALSE(feeds.serves(0, "live.scores@presence"));
  EXPECT_TRUE(feeds.serves(0, "live.scores2"));
}

// Or one of them would be a way round the other's gate.
TEST_F(AFeed, OfTheSameChannelsHasAGateWhereTheOtherOneHas) {
  const auto gated = [] { return AccessGate([](const Access&) { return allow; }); };
  feeds.add({.prefix = "a:", .authorize = gated()});
  EXPECT_NO_THROW(feeds.add({.prefix = "a:", .authorize = gated()}));
  EXPECT_THROW(feeds.add({.prefix = "a:"}), std::logic_error);
  EXPECT_THROW(feeds.add({.prefix = "a:", .open_publish = true}), std::logic_error);
  feeds.add({.channel = "a:b"});
  EXPECT_NO_THROW(feeds.add({.channel = "a:b"}));
  EXPECT_THROW(feeds.add({.prefix = "a:", .channel = "b", .authorize = gated()}), std::logic_error);
  EXPECT_THROW(feeds.add({.channel = "a:b", .open_publish = true}), std::logic_error);
  EXPECT_EQ(feeds.size(), 4U) << "what is refused is not there";
}

TEST_F(AFeed, OfOneChannelGoesBeforeAPrefixOfTheSameLength) {
  const auto prefix = feeds.add({.prefix = "score", .authorize = [](const Access&) { return allow; }});
  const auto only = feeds.add({.channel = "score"});
  for (const char* name : {"score", "score@presence"}) {
    EXPECT_TRUE(feeds.serves(only, name)) << name;
    EXPECT_FALSE(feeds.serves(prefix, name)) << name;
    EXPECT_EQ(feeds.find_socketio(name), only) << name;
  }
  EXPECT_TRUE(feeds.serves(prefix, "scoreboard"));
}

TEST(FeedSettings, ThePatternSaysWhereSeveralChannelsAre) {
  EXPECT_TRUE(has_named_part("/channels/:channel"));
  EXPECT_TRUE(has_named_part("/a/*channel"));
  EXPECT_FALSE(has_named_part("/scores"));
  EXPECT_EQ(base_of_pattern("/channels/:channel"), "/channels");
  EXPECT_EQ(base_of_pattern("/a/b/*channel"), "/a/b");
  EXPECT_EQ(base_of_pattern("/:channel"), "");
  for (const char* bad : {"", "/", "/channels", "/channels/:", "/:a/:b", "/channels/:channel/who"})
    EXPECT_THROW(base_of_pattern(bad), std::logic_error) << bad;
}

TEST(FeedSettings, WhatCannotBeIsRefused) {
  EXPECT_NO_THROW(settings_of({}));
  EXPECT_NO_THROW(settings_of({.max_message = 16 << 20, .max_channels = 32}));
  EXPECT_THROW(settings_of({.max_channels = 33}), std::logic_error);
  EXPECT_THROW(settings_of({.max_channels = 0}), std::logic_error);
  EXPECT_THROW(settings_of({.max_message = (16 << 20) + 1}), std::logic_error);
  EXPECT_THROW(settings_of({.history = {.size = 0}}), std::logic_error);
  EXPECT_THROW(settings_of({.latest_per_second = 0}), std::logic_error);
  EXPECT_THROW(settings_of({.heartbeat = 0ms}), std::logic_error);
  EXPECT_THROW(settings_of({.authorize = [](const Access&) { return allow; }, .open_publish = true}),
               std::logic_error);
}

}  // namespace
}  // namespace naru::app
