#include "hub/disk_reads.hpp"

#include <SQLiteCpp/Database.h>

#include <deque>

#include "hub/following.hpp"

namespace naru::hub {
namespace {

using namespace std::chrono_literals;

// Ten messages in memory, the rest on the disk.
class DiskReadsTest : public Following {
 protected:
  DiskReadsTest() { open(on_disk(10)); }
};

TEST_F(DiskReadsTest, HistoryOnTheDiskThenWhatComes) {
  for (int i = 1; i <= 200; ++i)
    publish("news", std::to_string(i));
  Listener listener(*here_);
  listener.follow("news", Since{});
  turn_until([&] { return listener.message_count() == 200; });
  EXPECT_EQ(listener.told(), "start 0, " + numbers(1, 200));
  publish_numbers("news", 201, 400);
  turn_until([&] { return listener.message_count() == 400; });
  EXPECT_EQ(listener.told(), numbers(201, 400)) << "a loop that is late reads what memory has lost";
}

TEST_F(DiskReadsTest, TheLoopThatIsLateReadsOnceForAll) {
  std::deque<Listener> listeners;
  for (int i = 0; i < 100; ++i)
    listeners.emplace_back(*here_).follow("news", {Since::Kind::last, {}});
  turn_until([&] { return listeners.back().pauses() == 1; });
  publish_numbers("news", 1, 300);
  turn_until([&] { return listeners.back().message_count() == 300; });
  turns();
  for (Listener& listener : listeners)
    EXPECT_EQ(listener.told(), "start 0, " + numbers(1, 300));
}

TEST_F(DiskReadsTest, ASlowOneIsReadForAgain) {
  Listener slow(*here_);
  Listener quick(*here_);
  slow.set_room(1);
  for (Listener* one : {&slow, &quick})
    one->follow("news", {Since::Kind::last, {}});
  turn_until([&] { return slow.told() == "start 0"; });
  publish_numbers("news", 1, 100);
  turn_until([&] { return quick.message_count() == 100; });
  EXPECT_EQ(slow.told(), "1");
  int next = 2;
  for (const std::size_t room : {1U, 3U, 7U, 20U}) {
    slow.resume(room);
    const std::size_t before = slow.message_count();
    turn_until([&] { return slow.message_count() == before + room; });
    turns();
    EXPECT_EQ(slow.told(), numbers(next, next + static_cast<int>(room) - 1));
    next += static_cast<int>(room);
  }
  slow.resume();
  turn_until([&] { return slow.message_count() == 100; });
  EXPECT_EQ(slow.told(), numbers(next, 100));
}

TEST_F(DiskReadsTest, WhatTheDiskHasDroppedIsAGap) {
  store::LogOptions options = on_disk(10);
  options.history.count = 50;
  open(options);
  Listener listener(*here_);
  listener.set_room(1);
  listener.follow("news", {Since::Kind::last, {}});
  turn_until([&] { return listener.told() == "start 0"; });
  publish("news", "1");
  turn_until([&] { return listener.message_count() == 1; });
  publish_numbers("news", 2, 200);
  turn_until([&] { return channels_->look("news").log->bounds() == channel::Bounds{151, 200}; });
  listener.resume();
  turn_until([&] { return listener.message_count() == 51; });
  EXPECT_EQ(listener.told(), "1, gap 150 missing 149, " + numbers(151, 200));
}

TEST_F(DiskReadsTest, TheNewestOfEachKeyFromTheDisk) {
  for (int i = 1; i <= 2500; ++i)
    publish("news", std::to_string(i), i < 100 ? "rare" : i % 2 == 0 ? "even" : "odd");
  wait_for("news", 2500);
  Listener listener(*here_);
  listener.follow("news", Since{}, {.policy = SlowFollower::latest, .latest_interval = 100ms});
  turn_until([&] { return listener.position().offset == 2500; });
  EXPECT_EQ(listener.told(), "start 0, 99, 999, 1000, 1999, 2000, 2499, 2500")
      << "a thousand at a time, and no interval in between";
}

TEST_F(DiskReadsTest, NoIntervalBetweenPagesOfTheDiskForTheGroupEither) {
  Listener listener(*here_);
  listener.follow("news", {Since::Kind::last, {}},
                  {.policy = SlowFollower::latest, .latest_interval = 100ms});
  turn_until([&] { return listener.pauses() == 1; });
  for (int i = 1; i <= 2500; ++i)
    publish("news", std::to_string(i), "key");
  while (channels_->look("news").log == nullptr)
    std::this_thread::yield();  // the loop is late
  const store::DurableLogRef log = channels_->look("news").log;
  while (log->position().offset < 2500)
    std::this_thread::yield();
  turn_until([&] { return listener.position().offset == 2500; });
  EXPECT_EQ(listener.told(), "start 0, 1000, 2000, 2500");
  publish("news", "2501", "key");
  while (log->position().offset < 2501)
    std::this_thread::yield();
  turns();
  EXPECT_EQ(listener.told(), "") << "at the end the interval counts";
  clock_.advance(110ms);
  turn_until([&] { return listener.position().offset == 2501; });
}

TEST_F(DiskReadsTest, AHoleOnTheDiskIsAGapUnderEveryPolicy) {
  publish_numbers("news", 1, 100);
  wait_for("news", 100);
  SQLite::Database(scratch_.file("data/naru.db"), SQLite::OPEN_READWRITE)
      .exec("DELETE FROM message WHERE offset BETWEEN 40 AND 49");
  Listener all(*here_);
  all.follow("news", Since{});
  turn_until([&] { return all.position().offset == 100; });
  EXPECT_EQ(all.told(), "start 0, " + numbers(1, 39) + ", gap 49 missing 10, " + numbers(50, 100));
  Listener newest(*here_);
  newest.follow("news", Since{}, {.policy = SlowFollower::latest});
  turn_until([&] { return newest.position().offset == 100; });
  EXPECT_EQ(newest.told(), "start 0, 39, gap 49 missing 10, 100");
}

TEST_F(DiskReadsTest, AfterARestartItGoesOnWhereItWas) {
  publish_numbers("news", 1, 30);
  wait_for("news", 30);
  const channel::Position at{channels_->look("news").log->epoch(), 5};
  open(on_disk(10));
  Listener listener(*here_);
  listener.follow("news", Since::after(at));
  turn_until([&] { return listener.message_count() == 25; });
  EXPECT_EQ(listener.told(), "start 5, " + numbers(6, 30));
}

TEST_F(DiskReadsTest, AChannelThatIsNotOnTheDiskIsWaitedFor) {
  Listener listener(*here_);
  listener.follow("news", Since{});
  turn_until([&] { return listener.pauses() == 1; });
  publish("news", "1");
  turn_until([&] { return listener.message_count() == 1; });
  EXPECT_EQ(listener.told(), "start 0, 1");
}

TEST_F(DiskReadsTest, OneThatGoesWhileItIsReadForIsForgotten) {
  publish_numbers("news", 1, 500);
  wait_for("news", 500);
  for (int i = 0; i < 50; ++i) {
    Listener listener(*here_);
    listener.follow("news", Since{});
    for (int turns = 0; turns < i % 5; ++turns)
      turn();
  }
  turn_until([&] { return here_->station_count() == 0; });
  Listener listener(*here_);
  listener.follow("news", Since{});
  turn_until([&] { return listener.message_count() == 500; });
}

TEST_F(DiskReadsTest, WhatCannotBeReadEndsItsFollower) {
  set_log_level(Level::off);
  publish_numbers("news", 1, 100);
  wait_for("news", 100);
  SQLite::Database(scratch_.file("data/naru.db"), SQLite::OPEN_READWRITE).exec("DROP TABLE message");
  Listener listener(*here_);
  listener.follow("news", Since{});
  turn_until([&] { return !listener.is_following(); });
  EXPECT_EQ(listener.told(), "start 0, end failed 0");
  set_log_level(Level::info);
}

TEST_F(DiskReadsTest, RemovedWhileItIsReadFor) {
  publish_numbers("news", 1, 100);
  wait_for("news", 100);
  Listener listener(*here_);
  listener.set_room(50);
  listener.follow("news", Since{});
  turn_until([&] { return listener.message_count() == 50; });
  listener.told();
  listener.resume();
  turn();  // a worker reads now, or has been asked to
  remove("news");
  publish("news", "new");
  std::string told;
  turn_until([&] {
    told += listener.told();
    return told.ends_with("new");
  });
  EXPECT_TRUE(told.find("gap 0 lost") != told.npos) << told;
}

}  // namespace
}  // namespace naru::hub
