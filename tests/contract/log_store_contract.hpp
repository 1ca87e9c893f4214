// What every LogStore does. A store's test names a Traits type and instantiates the suite:
//
//   struct MemoryTraits {
//     std::unique_ptr<store::LogStore> open();         // the store under test, on `clock`
//     test::FakeClock clock;
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Memory, LogStoreContract, MemoryTraits);
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "store/errc.hpp"
#include "store/log_store.hpp"
#include "support/fake_clock.hpp"

namespace naru::test {

using namespace std::chrono_literals;

// Remembers what a log's owner was told.
class RecordedEvents final : public store::StoredLogEvents {
 public:
  void on_committed(std::uint64_t offset) override {
    const std::lock_guard lock(mutex_);
    committed_ = offset;
  }
  void on_failed(std::uint64_t from, const Error& reason) override {
    const std::lock_guard lock(mutex_);
    failures_.emplace_back(from, reason);
  }
  std::uint64_t committed() const {
    const std::lock_guard lock(mutex_);
    return committed_;
  }
  std::vector<std::pair<std::uint64_t, Error>> failures() const {
    const std::lock_guard lock(mutex_);
    return failures_;
  }

 private:
  mutable std::mutex mutex_;
  std::uint64_t committed_ = 0;
  std::vector<std::pair<std::uint64_t, Error>> failures_;
};

template <class Traits>
class LogStoreContract : public testing::Test {
 protected:
  store::StoredLogRef open(std::string_view name, store::HistoryLimits limits = {}) {
    auto log = store_->open(name, {.durability = store::Durability::power, .history = limits},
                            store::IfMissing::create);
    EXPECT_TRUE(log) << log.error().message();
    (*log)->set_events(events_);
    return *log;
  }

  channel::PublicationRef publication(const store::StoredLog& log, std::uint64_t offset,
                                      std::string_view text) {
    auto made = std::make_shared<channel::Publication>();
    made->position = {log.epoch(), offset};
    made->message.kind = channel::Kind::text;
    made->message.data = base::Frame::copy(text);
    made->appended = traits_.clock.now();
    made->wall = traits_.clock.wall();
    return made;
  }

  void append(store::StoredLog& log, std::uint64_t offset, std::string_view text, std::string key = {}) {
    const auto status = log.append(publication(log, offset, text), std::move(key));
    ASSERT_TRUE(status) << status.error().message();
  }
  // Messages "from".."to" with the numbers as texts, and all committed.
  void fill(store::StoredLog& log, std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t offset = from; offset <= to; ++offset)
      append(log, offset, std::to_string(offset));
    store_->flush();
  }

  static std::vector<std::string> forward(store::StoredLog& log, std::uint64_t after,
                                          std::size_t limit = 100) {
    std::vector<channel::PublicationRef> out(limit);
    const auto count = log.read_forward(after, out);
    EXPECT_TRUE(count);
    return texts(out, *count);
  }
  static std::vector<std::string> backward(store::StoredLog& log, std::uint64_t before,
                                           std::size_t limit = 100) {
    std::vector<channel::PublicationRef> out(limit);
    const auto count = log.read_backward(before, out);
    EXPECT_TRUE(count);
    return texts(out, *count);
  }
  static std::vector<std::string> texts(const std::vector<channel::PublicationRef>& page, std::size_t count) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i)
      texts.emplace_back(page[i]->message.data.view());
    return texts;
  }
  std::optional<std::uint64_t> find_key(store::StoredLog& log, std::string_view key) {
    const auto found = log.find_key(key);
    EXPECT_TRUE(found);
    return *found;
  }
  void remove(std::string_view name) {
    store_->remove(name, [](Result<void> done) { EXPECT_TRUE(done); });
    store_->flush();
  }
  std::vector<std::string> names(std::string_view after = {}, std::size_t limit = 100) {
    const auto names = store_->names(after, limit);
    EXPECT_TRUE(names);
    return *names;
  }

  using Texts = std::vector<std::string>;
  Traits traits_;
  std::unique_ptr<store::LogStore> store_ = traits_.open();
  std::shared_ptr<RecordedEvents> events_ = std::make_shared<RecordedEvents>();
};

TYPED_TEST_SUITE_P(LogStoreContract);

TYPED_TEST_P(LogStoreContract, LookingForALogDoesNotMakeOne) {
  const auto missing = this->store_->open("news", {}, store::IfMissing::none);
  ASSERT_TRUE(missing);
  EXPECT_EQ(*missing, nullptr);
  EXPECT_TRUE(this->names().empty());
}

TYPED_TEST_P(LogStoreContract, ALogExistsWithItsFirstMessage) {
  {
    const auto log = this->open("news");
    EXPECT_EQ(log->name(), "news");
    EXPECT_FALSE(log->epoch().empty());
    EXPECT_EQ(log->bounds(), (channel::Bounds{1, 0}));
    EXPECT_TRUE(this->forward(*log, 0).empty());
    EXPECT_TRUE(this->backward(*log, 1).empty());
    EXPECT_TRUE(this->names().empty());
    this->fill(*log, 1, 1);
  }
  EXPECT_EQ(this->names(), (std::vector<std::string>{"news"}));
  const auto found = this->store_->open("news", {}, store::IfMissing::none);
  ASSERT_TRUE(found);
  ASSERT_NE(*found, nullptr);
  EXPECT_EQ((*found)->bounds(), (channel::Bounds{1, 1}));
}

TYPED_TEST_P(LogStoreContract, OneLogPerNameWithOneEpoch) {
  const auto log = this->open("a");
  EXPECT_EQ(this->open("a"), log);
  EXPECT_NE(this->open("b")->epoch(), log->epoch());
}

TYPED_TEST_P(LogStoreContract, RefusesNamesThatAreNoNames) {
  for (const std::string& name :
       {std::string(), std::string(store::kMaxLogName + 1, 'x'), std::string("a\0b", 3)}) {
    const auto refused = this->store_->open(name, {}, store::IfMissing::create);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), store::errc::bad_name);
  }
  this->open(std::string(store::kMaxLogName, 'x'));
}

TYPED_TEST_P(LogStoreContract, TellsTheOwnerOfQueuedAppends) {
  const auto log = this->open("news");
  const auto status = log->append(this->publication(*log, 1, "1"), "");
  ASSERT_TRUE(status);
  this->store_->flush();
  EXPECT_EQ(this->events_->committed(), *status == store::AppendStatus::queued ? 1u : 0u);
  EXPECT_EQ(log->bounds(), (channel::Bounds{1, 1}));
  EXPECT_TRUE(this->events_->failures().empty());
}

TYPED_TEST_P(LogStoreContract, KeepsEveryFieldAsItWas) {
  const auto log = this->open("news");
  auto sent = std::make_shared<channel::Publication>();
  sent->position = {log->epoch(), 1};
  sent->message = {.kind = channel::Kind::binary,
                   .data = base::Frame::copy(std::string_view("\0\xFF\x01 \0", 5)),
                   .event = "골",
                   .key = std::string("k\0y", 3),
                   .type = "image/gif",
                   .sender = R"({"user":7})",
                   .headers = R"({"trace":"a1"})"};
  sent->wall = this->traits_.clock.wall();
  sent->appended = this->traits_.clock.now();
  ASSERT_TRUE(log->append(sent, "key"));
  this->store_->flush();
  std::vector<channel::PublicationRef> page(1);
  const auto count = log->read_forward(0, page);
  ASSERT_TRUE(count);
  ASSERT_EQ(*count, 1u);
  EXPECT_EQ(page[0]->position, sent->position);
  EXPECT_EQ(page[0]->message.kind, sent->message.kind);
  EXPECT_EQ(page[0]->message.data.view(), sent->message.data.view());
  EXPECT_EQ(page[0]->message.event, sent->message.event);
  EXPECT_EQ(page[0]->message.key, sent->message.key);
  EXPECT_EQ(page[0]->message.type, sent->message.type);
  EXPECT_EQ(page[0]->message.sender, sent->message.sender);
  EXPECT_EQ(page[0]->message.headers, sent->message.headers);
  EXPECT_EQ(page[0]->wall, sent->wall);
  EXPECT_EQ(page[0]->appended, sent->appended);
}

TYPED_TEST_P(LogStoreContract, KeepsAnEmptyMessage) {
  const auto log = this->open("news");
  this->append(*log, 1, "");
  this->store_->flush();
  EXPECT_EQ(this->forward(*log, 0), std::vector<std::string>{""});
}

TYPED_TEST_P(LogStoreContract, ReadsPagesInBothDirections) {
  const auto log = this->open("news");
  this->fill(*log, 1, 5);
  using Texts = std::vector<std::string>;
  EXPECT_EQ(this->forward(*log, 0), (Texts{"1", "2", "3", "4", "5"}));
  EXPECT_EQ(this->forward(*log, 1, 2), (Texts{"2", "3"}));
  EXPECT_EQ(this->forward(*log, 4, 2), (Texts{"5"}));
  EXPECT_TRUE(this->forward(*log, 5).empty());
  EXPECT_TRUE(this->forward(*log, channel::Position::kMaxOffset).empty());
  EXPECT_TRUE(this->forward(*log, ~std::uint64_t{0}).empty());
  EXPECT_EQ(this->backward(*log, 6, 2), (Texts{"4", "5"}));
  EXPECT_EQ(this->backward(*log, ~std::uint64_t{0}, 2), (Texts{"4", "5"}));
  EXPECT_EQ(this->backward(*log, 4, 2), (Texts{"2", "3"}));
  EXPECT_EQ(this->backward(*log, 2, 2), (Texts{"1"}));
  EXPECT_TRUE(this->backward(*log, 1).empty());
  EXPECT_TRUE(this->backward(*log, 0).empty());
}

TYPED_TEST_P(LogStoreContract, LogsDoNotMix) {
  const auto first = this->open("first");
  const auto second = this->open("second");
  this->append(*first, 1, "a", "key");
  this->append(*second, 1, "b");
  this->append(*first, 2, "c");
  this->store_->flush();
  using Texts = std::vector<std::string>;
  EXPECT_EQ(this->forward(*first, 0), (Texts{"a", "c"}));
  EXPECT_EQ(this->forward(*second, 0), (Texts{"b"}));
  EXPECT_EQ(this->find_key(*second, "key"), std::nullopt);
}

TYPED_TEST_P(LogStoreContract, RemembersKeys) {
  const auto log = this->open("news");
  this->append(*log, 1, "a", "key-a");
  this->append(*log, 2, "b");
  this->append(*log, 3, "c", std::string("k\0c", 3));
  this->store_->flush();
  EXPECT_EQ(this->find_key(*log, "key-a"), 1u);
  EXPECT_EQ(this->find_key(*log, std::string("k\0c", 3)), 3u);
  EXPECT_EQ(this->find_key(*log, "k"), std::nullopt);
  const auto keys = log->newest_keys(10);
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 2u);
  EXPECT_EQ((*keys)[0].key, "key-a");
  EXPECT_EQ((*keys)[0].offset, 1u);
  EXPECT_EQ((*keys)[1].offset, 3u);
  const auto wall =
      std::chrono::duration_cast<std::chrono::milliseconds>(this->traits_.clock.wall().time_since_epoch());
  EXPECT_EQ((*keys)[1].wall_ms, wall.count());
  const auto newest = log->newest_keys(1);
  ASSERT_TRUE(newest);
  ASSERT_EQ(newest->size(), 1u);
  EXPECT_EQ((*newest)[0].offset, 3u);
}

TYPED_TEST_P(LogStoreContract, KeepsAtMostCount) {
  const auto log = this->open("news", {.count = 3});
  this->fill(*log, 1, 3);
  EXPECT_EQ(log->bounds(), (channel::Bounds{1, 3}));
  this->fill(*log, 4, 5);
  EXPECT_EQ(log->bounds(), (channel::Bounds{3, 5}));
  EXPECT_EQ(this->forward(*log, 0), (std::vector<std::string>{"3", "4", "5"}));
}

TYPED_TEST_P(LogStoreContract, KeepsAtMostBytes) {
  const std::uint64_t cost = channel::Publication::kOverhead + 1;
  const auto log = this->open("news", {.bytes = 2 * cost});
  this->fill(*log, 1, 2);
  EXPECT_EQ(log->bounds(), (channel::Bounds{1, 2}));
  this->fill(*log, 3, 3);
  EXPECT_EQ(log->bounds(), (channel::Bounds{2, 3}));
}

TYPED_TEST_P(LogStoreContract, KeepsNothingOlderThanAge) {
  const auto log = this->open("news", {.age = 10s});
  this->fill(*log, 1, 1);
  this->traits_.clock.advance(9s);
  this->fill(*log, 2, 2);
  EXPECT_EQ(log->bounds(), (channel::Bounds{1, 2}));
  this->traits_.clock.advance(1s);
  log->trim();
  this->store_->flush();
  EXPECT_EQ(log->bounds(), (channel::Bounds{2, 2}));
  this->traits_.clock.advance(10s);
  log->trim();
  this->store_->flush();
  EXPECT_EQ(log->bounds(), (channel::Bounds{3, 2}));
  this->fill(*log, 3, 3);
  EXPECT_EQ(this->forward(*log, 0), std::vector<std::string>{"3"});
}

TYPED_TEST_P(LogStoreContract, AKeyLivesAsLongAsItsMessageAndFiveMinutes) {
  const auto log = this->open("news", {.count = 1});
  this->append(*log, 1, "a", "key");
  this->store_->flush();
  this->traits_.clock.advance(1h);
  log->trim();
  this->store_->flush();
  EXPECT_EQ(this->find_key(*log, "key"), 1u);  // its message is kept
  this->append(*log, 2, "b", "young");
  this->store_->flush();
  EXPECT_EQ(this->find_key(*log, "key"), std::nullopt);
  this->traits_.clock.advance(5min - 1s);
  this->append(*log, 3, "c");
  this->store_->flush();
  EXPECT_EQ(this->find_key(*log, "young"), 2u);  // its message has gone, its time has not
  this->traits_.clock.advance(1s);
  this->append(*log, 4, "d");
  this->store_->flush();
  EXPECT_EQ(this->find_key(*log, "young"), std::nullopt);
}

TYPED_TEST_P(LogStoreContract, KeysOfGoneMessagesAreBounded) {
  const auto log = this->open("news", {.count = 1, .keys = 4});
  for (std::uint64_t offset = 1; offset <= 6; ++offset)
    this->append(*log, offset, "x", "key" + std::to_string(offset));
  this->store_->flush();
  EXPECT_EQ(this->find_key(*log, "key2"), std::nullopt);
  EXPECT_EQ(this->find_key(*log, "key3"), 3u);
}

TYPED_TEST_P(LogStoreContract, ARemovedLogIsGoneAndTheNextIsAnother) {
  const auto log = this->open("news");
  this->append(*log, 1, "a", "key");
  this->store_->flush();
  this->remove("news");
  EXPECT_TRUE(this->names().empty());
  const auto refused = log->append(this->publication(*log, 2, "b"), "");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store::errc::removed);
  const auto none = this->store_->open("news", {}, store::IfMissing::none);
  ASSERT_TRUE(none);
  EXPECT_EQ(*none, nullptr);
  const auto next = this->open("news");
  EXPECT_NE(next->epoch(), log->epoch());
  this->append(*next, 1, "new");
  this->store_->flush();
  EXPECT_EQ(this->forward(*next, 0), std::vector<std::string>{"new"});
  EXPECT_EQ(this->find_key(*next, "key"), std::nullopt);
}

TYPED_TEST_P(LogStoreContract, RemovingAndMakingAgainAtOnceKeepsTheOrder) {
  const auto log = this->open("news");
  this->append(*log, 1, "old");
  this->store_->remove("news", [](Result<void> done) { EXPECT_TRUE(done); });
  const auto next = this->open("news");
  this->append(*next, 1, "new");
  this->store_->flush();
  EXPECT_NE(next, log);
  EXPECT_EQ(this->forward(*next, 0), std::vector<std::string>{"new"});
  EXPECT_EQ(this->names(), std::vector<std::string>{"news"});
}

TYPED_TEST_P(LogStoreContract, RemovingWhatIsNotThereIsDone) {
  bool told = false;
  this->store_->remove("nothing", [&told](Result<void> done) { told = done.has_value(); });
  this->store_->flush();
  EXPECT_TRUE(told);
}

TYPED_TEST_P(LogStoreContract, ListsNamesInPages) {
  for (const char* name : {"b", "a", "c/1", "c"})
    this->fill(*this->open(name), 1, 1);
  using Names = std::vector<std::string>;
  EXPECT_EQ(this->names(), (Names{"a", "b", "c", "c/1"}));
  EXPECT_EQ(this->names("", 2), (Names{"a", "b"}));
  EXPECT_EQ(this->names("b", 2), (Names{"c", "c/1"}));
  EXPECT_TRUE(this->names("c/1").empty());
}

TYPED_TEST_P(LogStoreContract, ManyThreadsKeepEachLogsOrder) {
  constexpr std::uint64_t kThreads = 4;
  constexpr std::uint64_t kEach = 200;
  const auto shared = this->open("shared");
  std::mutex numbering;
  std::uint64_t last = 0;
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      const auto mine = this->open("log" + std::to_string(thread));
      for (std::uint64_t i = 1; i <= kEach; ++i) {
        EXPECT_TRUE(mine->append(this->publication(*mine, i, std::to_string(i)), ""));
        const std::lock_guard lock(numbering);
        ++last;
        EXPECT_TRUE(shared->append(this->publication(*shared, last, std::to_string(last)), ""));
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  this->store_->flush();
  EXPECT_EQ(shared->bounds(), (channel::Bounds{1, kThreads * kEach}));
  std::vector<std::string> expected;
  for (std::uint64_t i = 1; i <= kThreads * kEach; ++i)
    expected.push_back(std::to_string(i));
  EXPECT_EQ(this->forward(*shared, 0, 2000), expected);
  expected.resize(kEach);
  for (std::uint64_t thread = 0; thread < kThreads; ++thread) {
    EXPECT_EQ(this->forward(*this->open("log" + std::to_string(thread)), 0, 2000), expected);
  }
}

REGISTER_TYPED_TEST_SUITE_P(LogStoreContract, LookingForALogDoesNotMakeOne, ALogExistsWithItsFirstMessage,
                            OneLogPerNameWithOneEpoch, RefusesNamesThatAreNoNames,
                            TellsTheOwnerOfQueuedAppends, KeepsEveryFieldAsItWas, KeepsAnEmptyMessage,
                            ReadsPagesInBothDirections, LogsDoNotMix, RemembersKeys, KeepsAtMostCount,
                            KeepsAtMostBytes, KeepsNothingOlderThanAge,
                            AKeyLivesAsLongAsItsMessageAndFiveMinutes, KeysOfGoneMessagesAreBounded,
                            ARemovedLogIsGoneAndTheNextIsAnother, RemovingAndMakingAgainAtOnceKeepsTheOrder,
                            RemovingWhatIsNotThereIsDone, ListsNamesInPages, ManyThreadsKeepEachLogsOrder);

}  // namespace naru::test
