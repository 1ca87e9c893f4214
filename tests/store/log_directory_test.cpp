#include "store/log_directory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "store/errc.hpp"
#include "store/memory_log_store.hpp"
#include "store/sqlite_log_store.hpp"
#include "support/fake_clock.hpp"
#include "support/scratch_directory.hpp"

namespace naru::store {
namespace {

using namespace std::chrono_literals;

// Names that begin with "m" live in memory only, all others in the store.
LogOptions options_of(std::string_view name) {
  LogOptions options;
  options.durability = name.starts_with("m") ? Durability::memory : Durability::power;
  options.tail.age = 1h;
  return options;
}

const auto by_name = [](std::string_view name) { return options_of(name); };

class LogDirectoryTest : public testing::Test {
 protected:
  LogDirectoryOptions options() { return {.store = &store_, .clock = &clock_, .resolve = by_name}; }

  static void publish(const Result<DurableLogRef>& log, std::string_view text = "x",
                      std::string_view key = {}) {
    ASSERT_TRUE(log);
    channel::Message message;
    message.data = base::Frame::copy(text);
    ASSERT_TRUE((*log)->publish(message, key, {}));
  }

  test::FakeClock clock_;
  MemoryLogStore store_{clock_};
};

TEST_F(LogDirectoryTest, ReadingNeverCreates) {
  LogDirectory directory(options());
  for (const char* name : {"news", "memory", ""}) {
    const auto found = directory.find(name);
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, nullptr) << name;
  }
  EXPECT_EQ(directory.size(), 0u);
}

TEST_F(LogDirectoryTest, PeekingSeesWhatIsInMemoryAndNothingElse) {
  LogDirectory directory(options());
  EXPECT_EQ(directory.peek("news"), nullptr);
  EXPECT_EQ(directory.size(), 0u);
  const auto log = directory.open("news");
  EXPECT_EQ(directory.peek("news"), *log);
  LogDirectory second(options());
  EXPECT_EQ(second.peek("news"), nullptr) << "it is in the store, but was not loaded";
  directory.remove("news", {});
  EXPECT_EQ(directory.peek("news"), nullptr);
}

TEST_F(LogDirectoryTest, OneLogPerName) {
  LogDirectory directory(options());
  for (const char* name : {"news", "memory"}) {
    const auto log = directory.open(name);
    ASSERT_TRUE(log);
    EXPECT_EQ((*log)->name(), name);
    EXPECT_EQ(*directory.open(name), *log);
    EXPECT_EQ(*directory.find(name), *log);
  }
  EXPECT_EQ(directory.size(), 2u);
}

TEST_F(LogDirectoryTest, RefusesNamesThatAreNoNames) {
  LogDirectory directory(options());
  EXPECT_EQ(directory.open("").error().code(), errc::bad_name);
  EXPECT_EQ(directory.open(std::string(kMaxLogName + 1, 'x')).error().code(), errc::bad_name);
  EXPECT_TRUE(directory.open(std::string(kMaxLogName, 'x')));
}

TEST_F(LogDirectoryTest, WithoutAStoreOnlyMemoryIsOffered) {
  LogDirectory directory({.clock = &clock_, .resolve = by_name});
  EXPECT_TRUE(directory.open("memory"));
  EXPECT_EQ(directory.open("news").error().code(), errc::no_store);
  EXPECT_EQ(*directory.find("news"), nullptr);
  EXPECT_EQ(directory.size(), 1u);
}

TEST_F(LogDirectoryTest, IdleDurableLogsMakeRoom) {
  auto limited = options();
  limited.max_logs = 2;
  LogDirectory directory(std::move(limited));
  publish(directory.open("a"), "kept");
  publish(directory.open("b"));
  publish(directory.open("c"));
  EXPECT_EQ(directory.size(), 2u);
  const auto back = directory.find("a");
  ASSERT_TRUE(back && *back != nullptr);
  EXPECT_EQ((*back)->bounds(), (channel::Bounds{1, 1}));
}

TEST_F(LogDirectoryTest, WhatIsInUseOrOnlyInMemoryStays) {
  auto limited = options();
  limited.max_logs = 2;
  LogDirectory directory(std::move(limited));
  auto held = directory.open("a");
  publish(directory.open("memory"));
  EXPECT_EQ(directory.open("b").error().code(), errc::too_many_logs);
  EXPECT_EQ(*directory.find("a"), *held);
  held = make_error(errc::closed);  // let go
  EXPECT_TRUE(directory.open("b"));
  EXPECT_NE(*directory.find("memory"), nullptr);
}

TEST_F(LogDirectoryTest, AMemoryLogMayGoWhenAllItsMessagesAndKeysHave) {
  auto limited = options();
  limited.max_logs = 1;
  LogDirectory directory(std::move(limited));
  publish(directory.open("memory"), "x", "key");
  EXPECT_FALSE(directory.open("b"));
  clock_.advance(1h);
  directory.sweep();
  EXPECT_TRUE(directory.open("b"));
}

TEST_F(LogDirectoryTest, LooksOfUnknownNamesPushNothingOut) {
  auto limited = options();
  limited.max_logs = 1;
  LogDirectory directory(std::move(limited));
  publish(directory.open("a"));
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(*directory.find("unknown" + std::to_string(i)), nullptr);
  const auto before = store_.open("a", {}, IfMissing::none)->use_count();
  EXPECT_EQ(directory.size(), 1u);
  EXPECT_GT(before, 2);  // still held by the log in the directory
}

TEST_F(LogDirectoryTest, BytesAreBoundedAtASweep) {
  auto limited = options();
  limited.max_bytes = 20'000;
  LogDirectory directory(std::move(limited));
  for (int i = 0; i < 10; ++i)
    publish(directory.open("a" + std::to_string(i)), std::string(5000, 'x'));
  EXPECT_EQ(directory.size(), 10u);
  directory.sweep();
  EXPECT_LE(directory.memory(), 20'000u);
  EXPECT_LT(directory.size(), 5u);
  EXPECT_GE(directory.size(), 1u);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ((*directory.find("a" + std::to_string(i)))->bounds().end, 1u);
}

TEST_F(LogDirectoryTest, BytesThatCannotGoRefuseNewLogs) {
  auto limited = options();
  limited.max_bytes = 20'000;
  LogDirectory directory(std::move(limited));
  for (int i = 0; i < 5; ++i)
    publish(directory.open("memory" + std::to_string(i)), std::string(5000, 'x'));
  directory.sweep();
  EXPECT_EQ(directory.open("new").error().code(), errc::too_many_logs);
  EXPECT_TRUE(directory.open("memory1"));
}

TEST_F(LogDirectoryTest, RemovesEverywhere) {
  LogDirectory directory(options());
  for (const char* name : {"news", "memory"}) {
    publish(directory.open(name), "old", "key");
    const auto old = *directory.open(name);
    int told = 0;
    directory.remove(name, [&told](Result<void> done) { told += done ? 1 : 100; });
    EXPECT_EQ(told, 1) << name;
    EXPECT_EQ(*directory.find(name), nullptr) << name;
    channel::Message message;
    EXPECT_EQ(old->publish(message, {}, {}).error().code(), errc::removed) << name;
    const auto next = directory.open(name);
    ASSERT_TRUE(next);
    EXPECT_NE((*next)->position().epoch, old->position().epoch) << name;
    publish(next, "new", "key");
    EXPECT_EQ((*next)->bounds(), (channel::Bounds{1, 1})) << name;
  }
}

TEST(LogDirectoryOnDisk, WhoeverIsToldOfARemovalFindsANewLog) {
  const test::ScratchDirectory scratch;
  auto store = SqliteLogStore::open({.file = scratch.file("naru.db")});
  ASSERT_TRUE(store);
  LogDirectory directory({.store = store->get(), .resolve = by_name});
  const auto log = directory.open("news");
  ASSERT_TRUE(log);
  ASSERT_TRUE((*log)->publish({}, {}, {}));
  int told = 0;
  directory.remove("news", [&](Result<void> done) {
    told += done ? 1 : 100;
    const auto next = directory.open("news");
    ASSERT_TRUE(next);
    EXPECT_NE((*next)->position().epoch, (*log)->position().epoch);
    EXPECT_TRUE((*next)->publish({}, {}, {}));
  });
  (*store)->flush();
  EXPECT_EQ(told, 1);
  EXPECT_TRUE((*log)->is_removed());
  (*store)->flush();
  EXPECT_EQ((*directory.find("news"))->bounds(), (channel::Bounds{1, 1}));
}

TEST(LogDirectoryOnDisk, KeysAndMessagesOutliveARestart) {
  const test::ScratchDirectory scratch;
  channel::Position first;
  for (int run = 0; run < 3; ++run) {
    auto store = SqliteLogStore::open({.file = scratch.file("naru.db")});
    ASSERT_TRUE(store);
    LogDirectory directory({.store = store->get(), .resolve = by_name});
    const auto log = directory.open("news");
    ASSERT_TRUE(log);
    const auto published = (*log)->publish({}, "key", {});
    ASSERT_TRUE(published);
    EXPECT_EQ(published->repeated, run > 0);
    if (run == 0) first = published->position;
    EXPECT_EQ(published->position, first);
    (*store)->flush();
  }
}

TEST(LogDirectoryOnDisk, ManyThreadsOpenPublishRemoveAndSweep) {
  const test::ScratchDirectory scratch;
  auto store = SqliteLogStore::open({.file = scratch.file("naru.db")});
  ASSERT_TRUE(store);
  {
    LogDirectory directory({.store = store->get(), .resolve = by_name, .max_logs = 6});
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 200; ++i) {
          const std::string name = "a" + std::to_string((i * 7 + thread) % 10);
          if (i % 50 == 49) {
            directory.remove(name, {});
          } else if (i % 20 == 19) {
            directory.sweep();
          } else if (const auto log = directory.open(name)) {
            (*log)->publish({}, {}, [](Result<Published>) {}).has_value();
            EXPECT_TRUE((*log)->page_before(channel::Position::kMaxOffset, 3));
          }
        }
      });
    }
    for (auto& thread : threads)
      thread.join();
    EXPECT_LE(directory.size(), 6u);
    (*store)->flush();
  }
  const auto names = (*store)->names("", 100);
  ASSERT_TRUE(names);
  for (const std::string& name : *names) {
    const auto log = (*store)->open(name, {}, IfMissing::none);
    ASSERT_TRUE(log && *log != nullptr);
    std::vector<channel::PublicationRef> page(1000);
    const auto count = (*log)->read_forward(0, page);
    ASSERT_TRUE(count);
    EXPECT_EQ(*count, (*log)->bounds().end);
    for (std::size_t i = 0; i < *count; ++i)
      EXPECT_EQ(page[i]->position.offset, i + 1);
  }
}

}  // namespace
}  // namespace naru::store
