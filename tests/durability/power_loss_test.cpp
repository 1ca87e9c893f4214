// Senders publish through the real store onto a disk that loses power at a moment chosen by the seed; what is
// there afterwards is checked against what they were told, and what they repeat must be recognised.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <sstream>
#include <thread>

#include "durability/history_checker.hpp"
#include "store/errc.hpp"
#include "store/log_directory.hpp"
#include "store/sqlite_log_store.hpp"
#include "support/power_loss_vfs.hpp"
#include "support/scratch_directory.hpp"

namespace naru::test {
namespace {

using store::Published;

constexpr int kSenders = 4;
constexpr std::uint64_t kMessagesEach = 150;

std::uint64_t seeds() {
  return std::getenv("NARU_LONG") != nullptr ? 500 : 20;
}

class PowerLoss {
 public:
  explicit PowerLoss(std::uint64_t seed) : random_(seed) {}

  void run() {
    for (int round = 0; round < 3 && !testing::Test::HasFailure(); ++round) {
      round_ = round;
      start();
      if (testing::Test::HasFailure()) return;
      check_repeats();
      if (testing::Test::HasFailure()) return;
      plan_loss();
      publish_from_all();
      vfs_.cut_power();
      stop();
      vfs_.set_on_log_sync(nullptr);  // a moment that never came must not come while the store is opened
      vfs_.restore_power(random_() % 2 == 0 ? Unsynced::forgotten : Unsynced::some, random_());
    }
    start();
    if (!testing::Test::HasFailure()) check_repeats();
    stop();
  }

 private:
  void start() {
    auto opened = store::SqliteLogStore::open({.file = scratch_.file("naru.db"),
                                               .batch_records = 1 + random_() % 64,
                                               .checkpoint_pages = 10,
                                               .vfs = "lossy",
                                               .boot_id = std::to_string(round_)});
    ASSERT_TRUE(opened) << opened.error().message();
    store_ = std::move(*opened);
    store::LogOptions options;
    options.durability = store::Durability::power;
    options.tail = {.count = 16, .keys = 16};
    directory_ = std::make_unique<store::LogDirectory>(store::LogDirectoryOptions{
        .store = store_.get(), .resolve = [options](std::string_view) { return options; }});
    auto log = directory_->open("news");
    ASSERT_TRUE(log) << log.error().message();
    log_ = *log;
    check_history();
  }

  void stop() {
    log_.reset();
    directory_.reset();
    store_.reset();
  }

  // At a sync of the log, in the middle of writing, after an answer, or when all is said.
  void plan_loss() {
    answers_until_loss_ = 0;
    switch (random_() % 4) {
      case 0: {
        const auto left = std::make_shared<std::atomic<std::int64_t>>(1 + random_() % 20);
        vfs_.set_on_log_sync([this, left] {
          if (left->fetch_sub(1) == 1) vfs_.cut_power();
        });
        break;
      }
      case 1:
        vfs_.cut_power_after_writes(1 + random_() % 400);
        break;
      case 2:
        answers_until_loss_ = static_cast<std::int64_t>(1 + random_() % 300);
        break;
      case 3:
        break;
    }
  }

  void publish_from_all() {
    std::vector<std::thread> senders;
    senders.reserve(kSenders);
    for (int sender = 0; sender < kSenders; ++sender) {
      senders.emplace_back([this, sender, seed = random_()] { publish_as(sender, seed); });
    }
    for (auto& sender : senders)
      sender.join();
  }

  // A sender stops at the first failure: what it would send behind it has no order to keep.
  void publish_as(int sender, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto failed = std::make_shared<std::atomic<bool>>(false);
    const std::string name = "r" + std::to_string(round_) + "s" + std::to_string(sender);
    for (std::uint64_t number = 1; number <= kMessagesEach && !*failed; ++number) {
      {
        const std::lock_guard lock(mutex_);
        checker_.sent(name, number);
      }
      const std::string text = name + " " + std::to_string(number);
      const auto published =
          log_->publish(message(text, random() % 3000), text, [this, name, number, failed](auto answer) {
            if (answer) {
              acknowledge(name, number, *answer);
            } else {
              *failed = true;
            }
          });
      if (!published) *failed = true;
      if (random() % 8 == 0) std::this_thread::yield();
    }
  }

  void acknowledge(const std::string& sender, std::uint64_t number, const Published& published) {
    std::int64_t left = 0;
    {
      const std::lock_guard lock(mutex_);
      checker_.acknowledged(sender, number);
      positions_[{sender, number}] = published.position;
      left = --answers_until_loss_;
    }
    if (left == 0) vfs_.cut_power();
  }

  static channel::Message message(const std::string& text, std::size_t padding) {
    channel::Message message;
    message.kind = channel::Kind::text;
    message.data = base::Frame::copy(text + "\n" + std::string(padding, '.'));
    return message;
  }

  std::vector<Line> read_history() {
    std::vector<Line> history;
    for (std::uint64_t after = 0;;) {
      const auto page = log_->page_after(after, 1000);
      EXPECT_TRUE(page) << page.error().message();
      if (!page || page->empty()) return history;
      for (const auto& publication : *page) {
        EXPECT_EQ(publication->position.offset, after + 1);
        after = publication->position.offset;
        std::istringstream words{std::string(publication->message.data.view())};
        Line line;
        words >> line.sender >> line.number;
        const auto known = positions_.find(line);
        if (known != positions_.end()) {
          EXPECT_EQ(known->second, publication->position);
        }
        history.push_back(line);
      }
    }
  }

  void check_history() {
    const auto faults = checker_.check(read_history());
    ASSERT_TRUE(faults.empty()) << faults.size() << " faults after round " << round_
                                << ", the first: " << faults[0];
  }

  // Whoever was answered and asks again gets the same answer.
  void check_repeats() {
    std::uint64_t repeats = 0;
    for (const auto& [line, position] : positions_) {
      if (random_() % 16 != 0) continue;
      const std::string text = line.sender + " " + std::to_string(line.number);
      const auto again = log_->publish(message(text, 0), text, {});
      ASSERT_TRUE(again) << again.error().message();
      EXPECT_TRUE(again->repeated) << text;
      EXPECT_EQ(again->position, position) << text;
      ++repeats;
    }
    if (repeats > 0) check_history();
  }

  std::mt19937_64 random_;
  int round_ = 0;
  const ScratchDirectory scratch_;
  PowerLossVfs vfs_{"lossy"};
  std::unique_ptr<store::SqliteLogStore> store_;
  std::unique_ptr<store::LogDirectory> directory_;
  store::DurableLogRef log_;

  std::mutex mutex_;
  HistoryChecker checker_;  // guarded by mutex_ while senders run, as is what follows
  std::map<Line, channel::Position> positions_;
  std::int64_t answers_until_loss_ = 0;
};

TEST(PowerLoss, WhatWasAcknowledgedIsThereExactlyOnceAndInOrder) {
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    PowerLoss(seed).run();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace naru::test
