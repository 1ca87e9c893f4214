#include "naru/channel.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "naru/server.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"
#include "support/scratch_directory.hpp"

namespace naru {
namespace {

using test::ask;
using test::Mailbox;
using test::RunningServer;
using test::ScratchDirectory;

// What the callbacks bring, waited for. A server that does not run has channels all the same.
Published publish(Channel channel, int number, const PublishOptions& options = {}) {
  Mailbox<Result<Published>> answers;
  channel.publish(number, options, [&](Result<Published> published) { answers.put(std::move(published)); });
  Result<Published> published = answers.take();
  if (!published) throw std::runtime_error(published.error().message());
  return *published;
}
HistoryPage history(Channel channel, const HistoryQuery& query = {}) {
  Mailbox<Result<HistoryPage>> answers;
  channel.history(query, [&](Result<HistoryPage> page) { answers.put(std::move(page)); });
  Result<HistoryPage> page = answers.take();
  if (!page) throw std::runtime_error(page.error().message());
  return *page;
}
std::vector<int> numbers(const HistoryPage& page) {
  std::vector<int> all;
  for (const ChannelMessage& message : page.messages)
    all.push_back(message.data.get<int>().value_or(-1));
  return all;
}

// Memory, and SQLite in a folder of its own.
class ChannelsTest : public testing::TestWithParam<Durability> {
 protected:
  void open() {
    server_ = std::make_unique<Server>();
    server_->channels("", {.max_messages = 100, .durability = GetParam()});
    if (GetParam() != Durability::memory) server_->data(scratch_.path() / "data");
  }
  void SetUp() override {
    set_log_level(Level::off);
    open();
  }
  Channel channel(std::string name = "news") { return server_->channel(std::move(name)); }

  ScratchDirectory scratch_;
  std::unique_ptr<Server> server_;
};
INSTANTIATE_TEST_SUITE_P(Durabilities, ChannelsTest,
                         testing::Values(Durability::memory, Durability::process, Durability::power));

TEST_P(ChannelsTest, NewestFirstThenBackwards) {
  for (int i = 1; i <= 10; ++i)
    publish(channel(), i);
  const HistoryPage newest = history(channel(), {.limit = 3});
  EXPECT_EQ(numbers(newest), (std::vector<int>{8, 9, 10}));
  EXPECT_TRUE(newest.more);
  const HistoryPage older = history(channel(), {.before = newest.messages.front().position, .limit = 5});
  EXPECT_EQ(numbers(older), (std::vector<int>{3, 4, 5, 6, 7}));
  EXPECT_TRUE(older.more);
  const HistoryPage oldest = history(channel(), {.before = older.messages.front().position, .limit = 5});
  EXPECT_EQ(numbers(oldest), (std::vector<int>{1, 2}));
  EXPECT_FALSE(oldest.more);
}

TEST_P(ChannelsTest, KeepsEveryKindOfMessageWithItsMarks) {
  Mailbox<std::vector<Result<Published>>> answers;
  std::vector<Draft> drafts;
  drafts.push_back(Draft::json(std::map<std::string, int>{{"n", 1}},
                               {.event = "goal", .key = "ann", .headers = {{"Trace-Id", "41"}}}));
  drafts.push_back(Draft::text("žluť"));
  drafts.push_back(Draft::text("<b>", {.type = "text/html"}));
  drafts.push_back(Draft::binary(std::string("\0\xff", 2), {.type = "image/png"}));
  drafts.push_back(Draft::binary("x"));
  channel().publish_all(std::move(drafts),
                        [&](std::vector<Result<Published>> all) { answers.put(std::move(all)); });
  const std::vector<Result<Published>> all = answers.take();
  ASSERT_EQ(all.size(), 5U);
  server_.reset();
  if (GetParam() == Durability::memory) return;
  open();
  const HistoryPage page = history(channel(), {.since = Position()});
  ASSERT_EQ(page.messages.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(page.messages[i].position, all[i]->position);
  const ChannelMessage& json = page.messages[0];
  EXPECT_EQ(json.content, Content::json);
  EXPECT_EQ(json.data.get<int>("n"), 1);
  EXPECT_EQ(json.event, "goal");
  EXPECT_EQ(json.key, "ann");
  EXPECT_EQ(json.headers, (std::map<std::string, std::string>{{"trace-id", "41"}}));
  EXPECT_EQ(page.messages[1].body, "žluť");
  EXPECT_EQ(page.messages[1].type, "");
  EXPECT_TRUE(page.messages[1].data.is_null());
  EXPECT_EQ(page.messages[2].type, "text/html");
  EXPECT_EQ(page.messages[3].content, Content::binary);
  EXPECT_EQ(page.messages[3].body, std::string("\0\xff", 2));
  EXPECT_EQ(page.messages[3].type, "image/png");
  EXPECT_EQ(page.messages[4].type, "application/octet-stream");
}

TEST_P(ChannelsTest, WhatCannotBePublishedSaysWhy) {
  const std::vector<std::pair<Draft, std::string>> cases = {
      {Draft::text("\xff"), "a text is UTF-8; publish other bytes as binary"},
      {Draft::json(1, {.event = "a\nb"}), "the event name is UTF-8 without control characters"},
      {Draft::json(1, {.event = std::string(257, 'x')}), "the event name is longer than 256 bytes"},
      {Draft::json(1, {.key = std::string(257, 'x')}), "the message key is longer than 256 bytes"},
      {Draft::json(1, {.idempotency_key = std::string(201, 'x')}),
       "the idempotency key is longer than 200 bytes"},
      {Draft::binary("x", {.type = "png"}), "a media type looks like image/png"},
  };
  for (const auto& [draft, sentence] : cases) {
    Mailbox<Result<Published>> answers;
    channel().publish_draft(draft, [&](Result<Published> at) { answers.put(std::move(at)); });
    const Result<Published> answer = answers.take();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().message(), sentence);
  }
  Mailbox<std::vector<Result<Published>>> batches;
  channel().publish_all({Draft::json(1), Draft::text("\xff"), Draft::json(2)},
                        [&](std::vector<Result<Published>> all) { batches.put(std::move(all)); });
  const auto all = batches.take();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_TRUE(all[0] && !all[1] && all[2]);
  EXPECT_EQ(numbers(history(channel())), (std::vector<int>{1, 2}));
}

// A log that is not in memory is opened by a worker: those who publish meanwhile keep their order, also when
// it is there before the last of them.
TEST_P(ChannelsTest, PublishesThatWaitForTheDiskKeepTheirOrder) {
  publish(channel(), 0);
  server_.reset();
  open();
  constexpr int kPublishes = 200;
  Mailbox<Result<Published>> answers;
  for (int i = 1; i <= kPublishes; ++i) {
    PublishOptions options;
    if (i % 3 == 0) options.idempotency_key = "key-" + std::to_string(i);
    channel().publish(i, options, [&](Result<Published> published) { answers.put(std::move(published)); });
  }
  for (int i = 1; i <= kPublishes; ++i)
    ASSERT_TRUE(answers.take());
  const std::vector<int> seen = numbers(history(channel(), {.limit = 100}));
  ASSERT_EQ(seen.size(), 100U);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(seen[static_cast<std::size_t>(i)], kPublishes - 99 + i);
}

TEST_P(ChannelsTest, SinceGoesForwardAndOn) {
  const Position first = publish(channel(), 1).position;
  for (int i = 2; i <= 6; ++i)
    publish(channel(), i);
  const HistoryPage page = history(channel(), {.since = first, .limit = 2});
  EXPECT_EQ(numbers(page), (std::vector<int>{2, 3}));
  EXPECT_TRUE(page.more);
  EXPECT_TRUE(page.recovered);
  const HistoryPage rest = history(channel(), {.since = page.position});
  EXPECT_EQ(numbers(rest), (std::vector<int>{4, 5, 6}));
  EXPECT_FALSE(rest.more);
  const HistoryPage nothing = history(channel(), {.since = rest.position});
  EXPECT_TRUE(nothing.messages.empty());
  EXPECT_TRUE(nothing.recovered);
  EXPECT_EQ(nothing.position, rest.position);
  publish(channel(), 7);
  EXPECT_EQ(numbers(history(channel(), {.since = nothing.position})), std::vector<int>{7});
}

TEST_P(ChannelsTest, UnknownPositionsSaySo) {
  publish(channel(), 1);
  for (const char* text : {"nonsense", "", "AAAAAAAAAAAAAAAA.7"}) {
    const HistoryPage page = history(channel(), {.since = Position(text)});
    EXPECT_EQ(page.recovered, *text == '\0') << text;
    EXPECT_EQ(numbers(page), std::vector<int>{1}) << text;
  }
  const HistoryPage never = history(channel("never"));
  EXPECT_TRUE(never.messages.empty());
  EXPECT_TRUE(never.recovered);
  EXPECT_FALSE(history(channel("never"), {.since = Position("nonsense")}).recovered);
}

TEST_P(ChannelsTest, LimitOfAPageFromBothSides) {
  for (int i = 0; i < 60; ++i)
    publish(channel(), i);
  EXPECT_EQ(history(channel()).messages.size(), 50U);
  EXPECT_EQ(history(channel(), {.limit = 1000}).messages.size(), 60U);
  EXPECT_EQ(history(channel(), {.limit = 100'000}).messages.size(), 60U);
  EXPECT_EQ(history(channel(), {.limit = 0}).messages.size(), 1U);
}

TEST_P(ChannelsTest, KeepsTheNewestMessages) {
  const Position first = publish(channel(), 0).position;
  for (int i = 1; i <= 300; ++i)
    publish(channel(), i);
  if (GetParam() != Durability::memory) return;  // the disk drops old ones now and then
  const HistoryPage page = history(channel(), {.since = first, .limit = 1000});
  EXPECT_EQ(page.messages.size(), 100U);
  EXPECT_EQ(page.messages.front().data.get<int>(), 201);
  EXPECT_FALSE(page.recovered);
  EXPECT_EQ(page.missing, 200U);
}

TEST_P(ChannelsTest, TheSameKeyIsTheSameMessage) {
  const Published first = publish(channel(), 1, {.event = "goal", .key = "score", .idempotency_key = "k"});
  EXPECT_FALSE(first.repeated);
  const Published again = publish(channel(), 2, {.idempotency_key = "k"});
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.position, first.position);
  EXPECT_FALSE(publish(channel(), 3, {.idempotency_key = "other"}).repeated);
  EXPECT_FALSE(publish(channel("elsewhere"), 4, {.idempotency_key = "k"}).repeated);
  const HistoryPage page = history(channel());
  EXPECT_EQ(numbers(page), (std::vector<int>{1, 3}));
  EXPECT_EQ(page.messages[0].event, "goal");
  EXPECT_EQ(page.messages[0].key, "score");
}

TEST_P(ChannelsTest, RemovedChannelIsForgotten) {
  RunningServer running;
  running->channels("", {.durability = GetParam()});
  if (GetParam() != Durability::memory) running->data(scratch_.path() / "other");
  running->del("/", [&](Request, Response response) -> Task<> {
    const Result<void> removed = co_await running->channel("news").remove();
    response.end(removed ? "removed" : removed.error().message());
  });
  const auto serving = running.start();
  const Position old = publish(running->channel("news"), 1).position;
  EXPECT_EQ(ask(running.port(), "DELETE", "/").body, "removed");
  EXPECT_TRUE(history(running->channel("news")).messages.empty());
  publish(running->channel("news"), 2);
  const HistoryPage page = history(running->channel("news"), {.since = old});
  EXPECT_EQ(numbers(page), std::vector<int>{2});
  EXPECT_FALSE(page.recovered) << "a new epoch";
}

TEST_P(ChannelsTest, DurableOnesAreThereAfterReopening) {
  const Position first = publish(channel(), 1).position;
  publish(channel(), 2, {.idempotency_key = "k"});
  server_.reset();
  open();
  const HistoryPage page = history(channel(), {.since = first});
  if (GetParam() == Durability::memory) {
    EXPECT_TRUE(page.messages.empty());
    EXPECT_FALSE(page.recovered) << "it cannot know, so it does not pretend";
    return;
  }
  EXPECT_TRUE(page.recovered);
  EXPECT_EQ(numbers(page), std::vector<int>{2});
  EXPECT_TRUE(publish(channel(), 3, {.idempotency_key = "k"}).repeated);
  publish(channel(), 4);
  EXPECT_EQ(numbers(history(channel())), (std::vector<int>{1, 2, 4}));
}

TEST_P(ChannelsTest, PublishersOnManyThreadsSeeOneOrder) {
  std::vector<std::thread> publishers;
  for (int number = 0; number < 4; ++number) {
    publishers.emplace_back([&, number] {
      for (int i = 0; i < 20; ++i)
        publish(channel("many"), number * 100 + i);
    });
  }
  for (auto& publisher : publishers)
    publisher.join();
  const HistoryPage page = history(channel("many"), {.limit = 1000});
  ASSERT_EQ(page.messages.size(), 80U);
  std::map<int, int> next;
  for (const int number : numbers(page))
    EXPECT_EQ(number % 100, next[number / 100]++) << "each publisher's own order";
  EXPECT_EQ(numbers(history(channel("many"), {.limit = 1000})), numbers(page));
}

TEST_P(ChannelsTest, PublishInTasksOnTwoLoops) {
  RunningServer running({.loops = 2});
  running->channels("", {.durability = GetParam()});
  if (GetParam() != Durability::memory) running->data(scratch_.path() / "tasks");
  running->post("/:number", [&](Request request, Response response) -> Task<> {
    Channel to = running->channel("news");
    const int number = std::stoi(std::string(request.param("number")));
    const Result<Published> at = co_await to.publish(number);
    const Result<HistoryPage> page = co_await to.history();
    response.end(at && page && page->position == at->position ? "newest" : "other");
  });
  const auto serving = running.start();
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(ask(running.port(), "POST", "/" + std::to_string(i)).body, "newest");
}

TEST_P(ChannelsTest, RefusesWhatIsNoMessage) {
  Mailbox<Result<Published>> answers;
  channel().publish(1, {.idempotency_key = std::string(100'000, 'k')},
                    [&](Result<Published> published) { answers.put(std::move(published)); });
  EXPECT_FALSE(answers.take());
  EXPECT_TRUE(history(channel()).messages.empty());
}

TEST(ChannelSetupTest, TheLongestPrefixDecides) {
  Server server;
  server.channels("", {.max_messages = 10});
  server.channels("small/", {.max_messages = 2});
  server.channels("small/but/", {.max_messages = 5});
  for (const auto& [name, kept] :
       std::map<std::string, std::size_t>{{"x", 10}, {"small/x", 2}, {"small/but/x", 5}}) {
    for (int i = 0; i < 20; ++i)
      publish(server.channel(name), i);
    EXPECT_EQ(history(server.channel(name)).messages.size(), kept) << name;
  }
}

TEST(ChannelSetupTest, DurableChannelsNeedAFolder) {
  Server server;
  server.channels("kept/", {.durability = Durability::power});
  EXPECT_THROW(publish(server.channel("kept/x"), 1), std::runtime_error);
  EXPECT_THROW(server.data("/proc/nowhere/to/write"), std::system_error);
}

}  // namespace
}  // namespace naru
