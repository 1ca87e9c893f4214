#include "hub/channels.hpp"

#include <map>
#include <stdexcept>

#include "hub/following.hpp"
#include "store/errc.hpp"
#include "support/mailbox.hpp"

namespace naru::hub {
namespace {

using namespace std::chrono_literals;

// Pages, in memory and on the disk; publishing with its order is tested through naru::Channel.
class HubChannelsTest : public Following {
 protected:
  channel::Page read(const Since& since, std::size_t limit = 100, std::string_view name = "news") {
    test::Mailbox<Result<channel::Page>> pages;
    channels_->read(name, since, limit, [&](Result<channel::Page> page) { pages.put(std::move(page)); });
    return *pages.take();
  }
  channel::Page read_before(const std::optional<channel::Position>& before, std::size_t limit) {
    test::Mailbox<Result<channel::Page>> pages;
    channels_->read_before("news", before, limit,
                           [&](Result<channel::Page> page) { pages.put(std::move(page)); });
    return *pages.take();
  }
  store::Published publish_now(channel::Message message, std::string_view key) {
    test::Mailbox<Result<store::Published>> answers;
    channels_->publish("news", std::move(message), key,
                       [&](Result<store::Published> at) { answers.put(std::move(at)); });
    return *answers.take();
  }
  static std::string texts(const channel::Page& page) {
    std::string all;
    for (const auto& message : page.messages)
      all += (all.empty() ? "" : ", ") + std::string(message->message.data.view());
    return all;
  }
};

TEST_F(HubChannelsTest, PagesGoOnWhereTheLastOneEnded) {
  for (const bool is_durable : {false, true}) {
    open(is_durable ? on_disk(10) : keeping(1000));
    for (int i = 1; i <= 250; ++i)
      publish_now({.data = base::Frame::copy(std::to_string(i))}, {});
    const channel::Page first = read(Since{});
    EXPECT_EQ(texts(first), numbers(1, 100));
    EXPECT_TRUE(first.more);
    EXPECT_EQ(first.start.position.offset, 0U);
    EXPECT_EQ(first.end.offset, 100U);
    const channel::Page rest = read(Since::after(first.end), 1000);
    EXPECT_EQ(texts(rest), numbers(101, 250));
    EXPECT_FALSE(rest.more);
    EXPECT_TRUE(rest.start.recovered);
    EXPECT_EQ(rest.start.missing, 0U);
    const channel::Page none = read(Since::after(rest.end));
    EXPECT_EQ(texts(none), "");
    EXPECT_EQ(none.end, rest.end);
    EXPECT_FALSE(none.more);
    const channel::Page last = read({Since::Kind::last, {}});
    EXPECT_EQ(texts(last), "");
    EXPECT_EQ(last.end, rest.end);
    EXPECT_EQ(texts(read_before({}, 3)), numbers(248, 250));
    const channel::Page older = read_before(first.end, 3);
    EXPECT_EQ(texts(older), numbers(97, 99));
    EXPECT_TRUE(older.more);
    remove("news");
  }
}

TEST_F(HubChannelsTest, LimitOfAPageFromBothSides) {
  publish_numbers("news", 1, 1010);
  EXPECT_EQ(read(Since{}, 0).messages.size(), 1U);
  EXPECT_EQ(read(Since{}, Channels::kMaxPage).messages.size(), Channels::kMaxPage);
  EXPECT_EQ(read(Since{}, Channels::kMaxPage + 1).messages.size(), Channels::kMaxPage);
}

TEST_F(HubChannelsTest, WhatIsMissingIsSaid) {
  open(keeping(5));
  const channel::Position absent = read(Since{}, 10, "news").end;
  EXPECT_EQ(absent, channels_->absence("news"));
  publish_numbers("news", 1, 8);
  const channel::Position at{channels_->look("news").log->epoch(), 1};
  const channel::Page old = read(Since::after(at));
  EXPECT_FALSE(old.start.recovered);
  EXPECT_EQ(old.start.missing, 2U);
  EXPECT_EQ(texts(old), numbers(4, 8));
  EXPECT_EQ(read(Since::after(absent)).start.missing, 3U);
  const channel::Page foreign = read(Since::after({}));
  EXPECT_FALSE(foreign.start.recovered);
  EXPECT_EQ(foreign.start.missing, std::nullopt);
  EXPECT_EQ(texts(foreign), numbers(4, 8));
  EXPECT_FALSE(read_before(channel::Position{}, 5).start.recovered);
}

TEST_F(HubChannelsTest, ALostLogBeginsANewEpochAndAResumeSaysSo) {
  publish_numbers("news", 1, 3);
  const channel::Position before = read(Since{}).end;
  open();  // memory only: it is gone with the process
  publish_numbers("news", 4, 7);
  const channel::Page page = read(Since::after(before));
  EXPECT_FALSE(page.start.recovered);
  EXPECT_EQ(page.start.missing, std::nullopt);
  EXPECT_EQ(texts(page), numbers(4, 7));
}

TEST_F(HubChannelsTest, KeysAndHeadersAreThereAfterARestart) {
  open(on_disk(2));
  const channel::Message message{
      .data = base::Frame::copy("1"), .event = "goal", .key = "score", .headers = R"({"trace":"a1"})"};
  const store::Published first = publish_now(message, "client/1");
  for (int i = 2; i < 9; ++i)
    publish_now({.data = base::Frame::copy(std::to_string(i))}, {});
  open(on_disk(2));
  const store::Published again = publish_now(message, "client/1");
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.position, first.position);
  const channel::Page page = read(Since{});
  ASSERT_EQ(page.messages.size(), 8U);
  EXPECT_EQ(page.messages[0]->message.headers, R"({"trace":"a1"})");
  EXPECT_EQ(page.messages[0]->message.key, "score");
  EXPECT_EQ(page.messages[0]->message.event, "goal");
}

// Count, bytes and age at once: whichever is reached first.
TEST_F(HubChannelsTest, BoundsOfALogAtOnce) {
  store::LogOptions options = keeping(10);
  options.tail.bytes = 8 * (channel::Publication::kOverhead + 1000);
  options.tail.age = 10s;
  open(options);
  const auto kept = [&] { return read(Since{}).messages.size(); };
  for (int i = 0; i < 20; ++i)
    publish("news", "x");
  EXPECT_EQ(kept(), 10U);
  for (int i = 0; i < 20; ++i)
    publish("news", std::string(1000, 'x'));
  EXPECT_EQ(kept(), 8U);
  clock_.advance(6s);
  publish("news", "x");
  clock_.advance(5s);
  channels_->sweep();
  EXPECT_EQ(kept(), 1U);
  clock_.advance(5s);
  channels_->sweep();
  EXPECT_EQ(kept(), 0U);
  EXPECT_EQ(read(Since{}).end.offset, 41U) << "the numbers go on";
}

TEST_F(HubChannelsTest, TheLongestPrefixDecides) {
  channels_->set_options("a/", keeping(2));
  channels_->set_options("a/b/", keeping(4));
  for (const char* name : {"a/x", "a/b/x", "x"}) {
    for (int i = 0; i < 9; ++i)
      publish(name, "1");
  }
  EXPECT_EQ(read(Since{}, 100, "a/x").messages.size(), 2U);
  EXPECT_EQ(read(Since{}, 100, "a/b/x").messages.size(), 4U);
  EXPECT_EQ(read(Since{}, 100, "x").messages.size(), 9U);
}

// The last one to hold the channels is a completion, on the thread that commits.
TEST_F(HubChannelsTest, MayEndInACompletion) {
  open(on_disk(10));
  publish_now({.data = base::Frame::copy("1")}, {});
  workers_->stop(10s);
  here_.reset();
  test::Mailbox<int> reached;
  test::Mailbox<int> let_go;
  channels_->publish("news", {.data = base::Frame::copy("2")}, {}, [&](Result<store::Published>) {
    reached.put(1);
    let_go.take();
  });
  channels_->publish("news", {.data = base::Frame::copy("3")}, {},
                     [kept = channels_](Result<store::Published> at) { EXPECT_TRUE(at); });
  const std::weak_ptr<Channels> watched = channels_;
  reached.take();
  channels_.reset();
  EXPECT_FALSE(watched.expired());
  let_go.put(1);
  turn_until([&] {
    try {
      open(on_disk(10));
      return true;
    } catch (const std::system_error&) {  // the file is still theirs
      return false;
    }
  });
  EXPECT_TRUE(watched.expired());
  EXPECT_EQ(texts(read(Since{})), "1, 2, 3");
}

TEST_F(HubChannelsTest, AChannelRemovedWhileItHasALineGoesOn) {
  open(on_disk(10));
  test::Mailbox<Result<store::Published>> answers;
  // What is refused is answered by whoever works the line off, while the next one stands in it.
  channels_->publish("news", {.data = base::Frame::copy("1"), .key = std::string(1000, 'x')}, {},
                     [&](Result<store::Published> at) {
                       EXPECT_FALSE(at);
                       channels_->publish("news", {.data = base::Frame::copy("2")}, {},
                                          [&](Result<store::Published> second) { answers.put(second); });
                       remove("news");
                     });
  const auto at = answers.take();
  ASSERT_TRUE(at) << at.error().message();
  EXPECT_EQ(at->position.offset, 1U);
}

TEST_F(HubChannelsTest, AMemoryChannelNeverWaitsForAWorker) {
  open(on_disk(10));
  channels_->set_options("memory/", keeping(10));
  workers_->stop(10s);
  std::optional<std::error_code> refused;
  const std::string bad_name = "memory/" + std::string(300, 'x');
  channels_->publish(bad_name, {.data = base::Frame::copy("1")}, {},
                     [&](Result<store::Published> at) { refused = at.error().code(); });
  EXPECT_EQ(refused, make_error_code(store::errc::bad_name));
  publish("memory/x", "1");
  bool is_removed = false;
  channels_->remove("memory/x", [&](Result<void> done) { is_removed = done.has_value(); });
  EXPECT_TRUE(is_removed) << "and its end not for the disk";
  EXPECT_EQ(texts(read(Since{}, 100, "memory/x")), "");
}

TEST_F(HubChannelsTest, AnExactNameDecidesForItselfAlone) {
  open(keeping(6));
  channels_->set_options("score", keeping(4));
  channels_->set_options("score", keeping(2), Channels::Scope::exact);
  channels_->set_options("live", keeping(3), Channels::Scope::exact);
  const std::map<std::string, std::size_t> cases{{"score", 2},     {"score@presence", 2}, {"scoreboard", 4},
                                                 {"live", 3},      {"live@presence", 3},  {"lives", 6},
                                                 {"live/deep", 6}, {"x@presence", 6}};
  for (const auto& [name, kept] : cases) {
    for (int i = 0; i < 9; ++i)
      publish(name, "1");
    EXPECT_EQ(read(Since{}, 100, name).messages.size(), kept) << name;
  }
}

TEST_F(HubChannelsTest, TheSameNameWithOtherOptionsIsRefused) {
  channels_->set_options("a/", keeping(2));
  EXPECT_NO_THROW(channels_->set_options("a/", keeping(2)));
  EXPECT_THROW(channels_->set_options("a/", keeping(3)), std::logic_error);
  EXPECT_NO_THROW(channels_->set_options("a/", keeping(3), Channels::Scope::exact));
  EXPECT_THROW(channels_->set_options("a/", keeping(2), Channels::Scope::exact), std::logic_error);
}

}  // namespace
}  // namespace naru::hub
