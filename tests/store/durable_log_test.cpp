#include "store/durable_log.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <map>
#include <optional>
#include <thread>

#include "store/errc.hpp"
#include "store/memory_log_store.hpp"
#include "store/sqlite_log_store.hpp"
#include "support/fake_clock.hpp"
#include "support/scratch_directory.hpp"

namespace naru::store {
namespace {

using namespace std::chrono_literals;
using channel::Bounds;
using Texts = std::vector<std::string>;

channel::Message text_message(std::string_view text) {
  channel::Message message;
  message.kind = channel::Kind::text;
  message.data = base::Frame::copy(text);
  return message;
}

// A stored log whose commits happen when the test says so. It keeps everything.
class ManualLog final : public StoredLog {
 public:
  const std::string& name() const noexcept override { return name_; }
  const channel::Epoch& epoch() const noexcept override { return epoch_; }
  Bounds bounds() const override { return {1, committed.size()}; }
  void set_events(std::weak_ptr<StoredLogEvents> events) override { events_ = std::move(events); }
  Result<AppendStatus> append(channel::PublicationRef publication, std::string key) override {
    if (refusal) return *refusal;
    queued.push_back({std::move(publication), std::move(key)});
    return AppendStatus::queued;
  }
  Result<std::size_t> read_forward(std::uint64_t after, std::span<channel::PublicationRef> out) override {
    ++reads;
    std::size_t count = 0;
    while (after < committed.size() && count < out.size())
      out[count++] = committed[after++].first;
    return count;
  }
  Result<std::size_t> read_backward(std::uint64_t before, std::span<channel::PublicationRef> out) override {
    ++reads;
    const std::uint64_t stop = std::min<std::uint64_t>(before, committed.size() + 1);
    const std::size_t count = stop == 0 ? 0 : std::min<std::size_t>(out.size(), stop - 1);
    for (std::size_t i = 0; i < count; ++i)
      out[i] = committed[stop - 1 - count + i].first;
    return count;
  }
  Result<std::optional<std::uint64_t>> find_key(std::string_view key) override {
    ++key_lookups;
    for (const auto& [publication, known] : committed) {
      if (known == key) return std::optional(publication->position.offset);
    }
    return std::optional<std::uint64_t>();
  }
  Result<std::vector<KeptKey>> newest_keys(std::size_t limit) override {
    std::vector<KeptKey> keys;
    for (const auto& [publication, key] : committed) {
      if (!key.empty()) keys.push_back({key, publication->position.offset, 0});
    }
    if (keys.size() > limit) keys.erase(keys.begin(), keys.end() - static_cast<std::ptrdiff_t>(limit));
    return keys;
  }
  bool is_removed() const override { return false; }
  void trim() override { ++trims; }

  void commit(std::size_t count) {
    store_only(count);
    tell();
  }
  void store_only(std::size_t count) {
    for (; count > 0; --count) {
      committed.push_back(std::move(queued.front()));
      queued.pop_front();
    }
  }
  void tell() { events_.lock()->on_committed(committed.size()); }
  void fail() {
    queued.clear();
    events_.lock()->on_failed(committed.size() + 1, make_error(errc::disk_full));
  }

  std::deque<std::pair<channel::PublicationRef, std::string>> queued;
  std::vector<std::pair<channel::PublicationRef, std::string>> committed;
  std::optional<Error> refusal;
  int reads = 0;
  int key_lookups = 0;
  int trims = 0;

 private:
  const std::string name_ = "manual";
  const channel::Epoch epoch_ = new_epoch();
  std::weak_ptr<StoredLogEvents> events_;
};

class DurableLogTest : public testing::Test {
 protected:
  std::shared_ptr<DurableLog> load(LogOptions options = {}) {
    options.durability = Durability::power;
    auto log = DurableLog::load("manual", options, stored_, clock_);
    EXPECT_TRUE(log);
    return *log;
  }
  std::shared_ptr<DurableLog> load_in_memory(LogOptions options = {}) {
    auto log = DurableLog::load("memory", options, nullptr, clock_);
    EXPECT_TRUE(log);
    return *log;
  }
  // Publishes, and notes the answer under `text` when it comes.
  Result<Published> publish(DurableLog& log, const std::string& text, std::string_view key = {}) {
    return log.publish(text_message(text), key,
                       [this, text](Result<Published> answer) { answers_.emplace(text, std::move(answer)); });
  }
  static Texts texts(const Result<std::vector<channel::PublicationRef>>& page) {
    EXPECT_TRUE(page);
    Texts texts;
    for (const auto& publication : *page)
      texts.emplace_back(publication->message.data.view());
    return texts;
  }

  test::FakeClock clock_;
  std::shared_ptr<ManualLog> stored_ = std::make_shared<ManualLog>();
  std::multimap<std::string, Result<Published>> answers_;
};

TEST_F(DurableLogTest, NumbersAtOnceAndAnswersWhenCommitted) {
  const auto log = load();
  int visible = 0;
  log->set_on_visible([&visible] { ++visible; });
  const auto first = publish(*log, "a");
  const auto second = publish(*log, "b");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->position, (channel::Position{stored_->epoch(), 1}));
  EXPECT_EQ(second->position.offset, 2u);
  EXPECT_TRUE(answers_.empty());
  EXPECT_EQ(log->bounds(), (Bounds{1, 0}));
  EXPECT_TRUE(texts(log->page_after(0, 10)).empty());
  EXPECT_FALSE(log->is_idle());

  stored_->commit(1);
  EXPECT_EQ(answers_.count("a"), 1u);
  EXPECT_EQ(answers_.count("b"), 0u);
  EXPECT_EQ(visible, 1);
  EXPECT_EQ(texts(log->page_after(0, 10)), Texts{"a"});
  stored_->commit(1);
  EXPECT_EQ(answers_.find("b")->second->position, second->position);
  EXPECT_EQ(visible, 2);
  EXPECT_TRUE(log->is_idle());
  log->set_on_visible({});
  publish(*log, "c").has_value();
  stored_->commit(1);
  EXPECT_EQ(visible, 2);
}

TEST_F(DurableLogTest, OnlyWhatTheOwnerWasToldIsSeen) {
  const auto log = load({.tail = {.count = 1}});
  for (const char* text : {"a", "b", "c"})
    ASSERT_TRUE(publish(*log, text));
  stored_->commit(2);
  stored_->store_only(1);  // on disk, but its event is still on the way
  EXPECT_EQ(log->bounds(), (Bounds{1, 2}));
  EXPECT_EQ(texts(log->page_after(0, 10)), (Texts{"a", "b"}));
  EXPECT_EQ(texts(log->page_before(99, 10)), (Texts{"a", "b"}));
  stored_->tell();
  EXPECT_EQ(texts(log->page_after(0, 10)), (Texts{"a", "b", "c"}));
}

TEST_F(DurableLogTest, AFailureIsToldAndTheNumbersAreGivenAgain) {
  const auto log = load();
  ASSERT_TRUE(publish(*log, "a", "key-a"));
  ASSERT_TRUE(publish(*log, "b"));
  const auto again = publish(*log, "a again", "key-a");
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated);
  EXPECT_TRUE(answers_.empty());  // not before the first one is stored
  stored_->fail();
  for (const char* text : {"a", "b", "a again"}) {
    ASSERT_EQ(answers_.count(text), 1u) << text;
    EXPECT_EQ(answers_.find(text)->second.error().code(), errc::disk_full);
  }
  answers_.clear();
  const auto retried = publish(*log, "a", "key-a");
  ASSERT_TRUE(retried);
  EXPECT_FALSE(retried->repeated);
  EXPECT_EQ(retried->position.offset, 1u);
  stored_->commit(1);
  EXPECT_TRUE(answers_.find("a")->second);
  EXPECT_EQ(texts(log->page_after(0, 10)), Texts{"a"});
}

TEST_F(DurableLogTest, ARefusedAppendLeavesNothing) {
  const auto log = load();
  stored_->refusal = make_error(errc::busy);
  const auto refused = publish(*log, "a", "key");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), errc::busy);
  EXPECT_TRUE(log->is_idle());
  stored_->refusal.reset();
  const auto accepted = publish(*log, "a", "key");
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->position.offset, 1u);
  EXPECT_FALSE(accepted->repeated);
  stored_->commit(1);
  EXPECT_EQ(answers_.size(), 1u);  // the refused one is not answered a second way
}

TEST_F(DurableLogTest, ARepeatIsAnsweredWithTheFirstOnesPosition) {
  const auto log = load();
  ASSERT_TRUE(publish(*log, "a", "key"));
  stored_->commit(1);
  const auto repeat = publish(*log, "again", "key");
  ASSERT_TRUE(repeat);
  EXPECT_TRUE(repeat->repeated);
  EXPECT_EQ(repeat->position.offset, 1u);
  ASSERT_EQ(answers_.count("again"), 1u);
  EXPECT_TRUE(answers_.find("again")->second->repeated);
  EXPECT_TRUE(stored_->queued.empty());
}

TEST_F(DurableLogTest, KeysThatLeftMemoryAreLookedUpInTheStore) {
  const auto log = load({.tail = {.count = 2, .keys = 2}});
  for (int i = 1; i <= 2; ++i)
    ASSERT_TRUE(publish(*log, "x", "key" + std::to_string(i)));
  stored_->commit(2);
  EXPECT_EQ(stored_->key_lookups, 0);  // memory still knew all
  ASSERT_TRUE(publish(*log, "x", "key3"));
  stored_->commit(1);
  const auto repeat = publish(*log, "again", "key1");
  ASSERT_TRUE(repeat);
  EXPECT_TRUE(repeat->repeated);
  EXPECT_EQ(repeat->position.offset, 1u);
  EXPECT_EQ(stored_->key_lookups, 1);
  const auto fresh = publish(*log, "fresh", "key4");
  ASSERT_TRUE(fresh);
  EXPECT_FALSE(fresh->repeated);
}

TEST_F(DurableLogTest, ReadsAcrossMemoryAndStore) {
  const auto log = load({.tail = {.count = 3}});
  Texts all;
  for (int i = 1; i <= 10; ++i) {
    all.push_back(std::to_string(i));
    ASSERT_TRUE(publish(*log, all.back()));
  }
  stored_->commit(10);
  const auto part = [&all](std::size_t from, std::size_t to) {
    return Texts(all.begin() + static_cast<std::ptrdiff_t>(from - 1),
                 all.begin() + static_cast<std::ptrdiff_t>(to));
  };
  EXPECT_EQ(log->bounds(), (Bounds{1, 10}));
  EXPECT_TRUE(log->is_in_memory_after(7));
  EXPECT_FALSE(log->is_in_memory_after(6));
  stored_->reads = 0;
  EXPECT_EQ(texts(log->page_after(7, 100)), part(8, 10));
  EXPECT_EQ(texts(log->page_before(11, 3)), part(8, 10));
  EXPECT_EQ(stored_->reads, 0);
  EXPECT_EQ(texts(log->page_after(0, 100)), all);
  EXPECT_EQ(texts(log->page_after(4, 4)), part(5, 8));
  EXPECT_EQ(texts(log->page_before(99, 100)), all);
  EXPECT_EQ(texts(log->page_before(10, 4)), part(6, 9));
  EXPECT_EQ(texts(log->page_before(3, 100)), part(1, 2));
  EXPECT_TRUE(texts(log->page_before(1, 100)).empty());
  EXPECT_GT(stored_->reads, 0);
  EXPECT_EQ(log->resume({stored_->epoch(), 0}), (channel::Recovery{true, 0, 0}));
}

TEST_F(DurableLogTest, ComesBackWithItsTailAndKeys) {
  {
    const auto log = load();
    for (int i = 1; i <= 5; ++i)
      ASSERT_TRUE(publish(*log, std::to_string(i), "key" + std::to_string(i)));
    stored_->commit(5);
  }
  const auto log = load({.tail = {.count = 2, .keys = 2}});
  EXPECT_EQ(log->position(), (channel::Position{stored_->epoch(), 5}));
  EXPECT_TRUE(log->is_in_memory_after(3));
  EXPECT_FALSE(log->is_in_memory_after(2));
  EXPECT_EQ(texts(log->page_after(0, 10)), (Texts{"1", "2", "3", "4", "5"}));
  stored_->key_lookups = 0;
  EXPECT_TRUE(publish(*log, "again", "key5")->repeated);
  EXPECT_EQ(stored_->key_lookups, 0);
  EXPECT_TRUE(publish(*log, "again", "key1")->repeated);
  EXPECT_EQ(stored_->key_lookups, 1);
  EXPECT_EQ(publish(*log, "6")->position.offset, 6u);
}

TEST_F(DurableLogTest, LimitsOfMessagesAreClearErrors) {
  const auto log = load({.tail = {.bytes = 1000}});
  const auto long_key = publish(*log, "a", std::string(channel::kMaxIdempotencyKeySize + 1, 'k'));
  ASSERT_FALSE(long_key);
  EXPECT_EQ(long_key.error().code(), errc::bad_message);
  EXPECT_TRUE(publish(*log, "a", std::string(channel::kMaxIdempotencyKeySize, 'k')));
  const auto too_large = publish(*log, std::string(1000, 'x'));
  ASSERT_FALSE(too_large);
  EXPECT_EQ(too_large.error().code(), errc::bad_message);
  channel::Message message;
  message.event = std::string(channel::kMaxEventSize + 1, 'e');
  EXPECT_EQ(log->publish(message, {}, {}).error().code(), errc::bad_message);
  EXPECT_EQ(publish(*log, "b")->position.offset, 2u);
}

TEST_F(DurableLogTest, PublishersThatWaitAreBounded) {
  const auto log = load({.tail = {.count = DurableLog::kMaxWaiting + 1}});
  for (std::size_t i = 0; i < DurableLog::kMaxWaiting; ++i)
    ASSERT_TRUE(log->publish({}, {}, [](Result<Published>) {}));
  EXPECT_EQ(log->publish({}, {}, [](Result<Published>) {}).error().code(), errc::busy);
  stored_->commit(1);
  EXPECT_TRUE(log->publish({}, {}, [](Result<Published>) {}));
}

TEST_F(DurableLogTest, WhoWaitsWhenTheLogGoesIsTold) {
  {
    const auto log = load();
    ASSERT_TRUE(publish(*log, "a"));
  }
  ASSERT_EQ(answers_.count("a"), 1u);
  EXPECT_EQ(answers_.find("a")->second.error().code(), errc::closed);
}

TEST_F(DurableLogTest, InMemoryItIsCommittedAtOnce) {
  const auto log = load_in_memory({.tail = {.count = 2}});
  int visible = 0;
  log->set_on_visible([&] {
    ++visible;
    EXPECT_EQ(log->position().offset, static_cast<std::uint64_t>(visible));  // no lock is held
  });
  for (const char* text : {"a", "b", "c"}) {
    ASSERT_TRUE(publish(*log, text, text));
    EXPECT_EQ(answers_.count(text), 1u);
  }
  EXPECT_EQ(visible, 3);
  EXPECT_EQ(log->bounds(), (Bounds{2, 3}));
  EXPECT_EQ(texts(log->page_after(0, 10)), (Texts{"b", "c"}));
  EXPECT_TRUE(log->is_in_memory_after(0));
  EXPECT_TRUE(publish(*log, "again", "a")->repeated);
  EXPECT_EQ(log->resume({log->position().epoch, 0}), (channel::Recovery{false, 1, 1}));
  EXPECT_NE(load_in_memory()->position().epoch, log->position().epoch);
}

TEST_F(DurableLogTest, AgesInMemoryAndAsksTheStoreToTrim) {
  const auto log = load({.tail = {.age = 10s}});
  ASSERT_TRUE(publish(*log, "a"));
  stored_->commit(1);
  clock_.advance(10s);
  log->expire();
  EXPECT_FALSE(log->is_in_memory_after(0));
  EXPECT_EQ(stored_->trims, 1);
}

TEST_F(DurableLogTest, ARemovedLogTakesNothingMore) {
  const auto log = load_in_memory();
  ASSERT_TRUE(publish(*log, "a"));
  log->mark_removed();
  EXPECT_EQ(publish(*log, "b").error().code(), errc::removed);
  EXPECT_EQ(texts(log->page_after(0, 10)), Texts{"a"});
}

// Many publishers and a follower on real stores: one total order, every answer once, nothing seen before it
// is kept.
class ManyPublishers : public testing::TestWithParam<Durability> {};

TEST_P(ManyPublishers, AgreeOnOneOrder) {
  constexpr std::uint64_t kThreads = 4;
  constexpr std::uint64_t kEach = 300;
  const test::ScratchDirectory scratch;
  const LogOptions options{.durability = GetParam(), .tail = {.count = 50, .keys = 50}};
  std::unique_ptr<SqliteLogStore> store;
  StoredLogRef stored;
  if (GetParam() != Durability::memory) {
    auto opened = SqliteLogStore::open({.file = scratch.file("naru.db")});
    ASSERT_TRUE(opened);
    store = std::move(*opened);
    stored = *store->open("news", {.durability = GetParam(), .history = {}}, IfMissing::create);
  }
  const auto loaded = DurableLog::load("news", options, stored, base::system_clock());
  ASSERT_TRUE(loaded);
  const auto& log = *loaded;

  std::atomic<std::uint64_t> wakes{0};
  log->set_on_visible([&wakes] {
    wakes.fetch_add(1);
    wakes.notify_one();
  });
  std::vector<std::uint64_t> followed;
  std::thread follower([&] {
    std::array<channel::PublicationRef, channel::Log::kMaxRead> page;
    std::uint64_t at = 0;
    std::uint64_t woken = 0;
    while (at < kThreads * kEach) {
      const auto count = log->read_forward(at, page);
      ASSERT_TRUE(count);
      for (std::size_t i = 0; i < *count; ++i)
        followed.push_back(page[i]->position.offset);
      if (*count > 0) {
        at = followed.back();
        continue;
      }
      wakes.wait(woken);
      woken = wakes.load();
    }
  });
  std::atomic<std::uint64_t> answers{0};
  std::vector<std::thread> publishers;
  for (std::uint64_t thread = 0; thread < kThreads; ++thread) {
    publishers.emplace_back([&, thread] {
      for (std::uint64_t i = 0; i < kEach; ++i) {
        const std::string key = std::to_string(thread) + "/" + std::to_string(i);
        ASSERT_TRUE(log->publish(text_message(key), key, [&](Result<Published> answer) {
          ASSERT_TRUE(answer);
          EXPECT_LE(answer->position.offset, log->position().offset);
          answers.fetch_add(1);
        }));
      }
    });
  }
  for (auto& publisher : publishers)
    publisher.join();
  if (store != nullptr) store->flush();
  follower.join();
  EXPECT_EQ(answers.load(), kThreads * kEach);
  if (GetParam() == Durability::memory) return;  // a slow follower may have missed what the tail dropped
  ASSERT_EQ(followed.size(), kThreads * kEach);
  for (std::uint64_t i = 0; i < followed.size(); ++i)
    ASSERT_EQ(followed[i], i + 1);
  EXPECT_TRUE(log->publish(text_message("again"), "0/0", {})->repeated);
  log->set_on_visible({});
}

INSTANTIATE_TEST_SUITE_P(Each, ManyPublishers,
                         testing::Values(Durability::memory, Durability::process, Durability::power),
                         [](const auto& level) {
                           return std::string(level.param == Durability::memory    ? "memory"
                                              : level.param == Durability::process ? "process"
                                                                                   : "power");
                         });

}  // namespace
}  // namespace naru::store
