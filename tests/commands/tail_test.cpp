#include "naru/client/tail.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace apps {
namespace {

using Lines = std::vector<std::string>;

// Each read() is the next step of a script; behind the last it stops.
class ScriptedReader final : public ChannelReader {
 public:
  using Step = std::function<Ending(const std::string& since, ReaderEvents& events)>;
  ScriptedReader(std::vector<Step> steps, Lines& asked) : steps_(std::move(steps)), asked_(asked) {}

  Ending read(const std::string& since, ReaderEvents& events) override {
    asked_.push_back(since);
    if (at_ == steps_.size()) return {.kind = Ending::Kind::enough};
    return steps_[at_++](since, events);
  }

 private:
  std::vector<Step> steps_;
  std::size_t at_ = 0;
  Lines& asked_;
};

class TailTest : public testing::Test {
 protected:
  Ending run(std::vector<ScriptedReader::Step> steps, std::uint64_t count = 0) {
    TailOptions options{.since = "first", .count = count};
    options.print = [this](std::string_view json) {
      if (printed_.size() == room_) return false;
      return printed_.emplace_back(json), true;
    };
    options.say = [this](const std::string& sentence) { said_.push_back(sentence); };
    options.remember = [this](const std::string& position) { remembered_ = position; };
    options.wait = [this](std::chrono::milliseconds wait) {
      return waits_.push_back(wait), stop_.is_asked();
    };
    Tail tail(std::make_unique<ScriptedReader>(std::move(steps), asked_), options, stop_);
    const Ending ending = tail.run();
    position_ = tail.position();
    return ending;
  }

  Stop stop_;
  Lines printed_, said_, asked_;
  std::size_t room_ = 1000;  // messages that can be printed
  std::string remembered_, position_;
  std::vector<std::chrono::milliseconds> waits_;
};

TEST_F(TailTest, GoesOnAtThePositionOfTheLastMessage) {
  const Ending ending = run({[](const std::string&, ReaderEvents& events) {
                               events.on_message("one", "p1");
                               events.on_message("two", "p2");
                               return Ending{.sentence = "the connection broke"};
                             },
                             [](const std::string&, ReaderEvents& events) {
                               events.on_gap(3);
                               events.on_message("three", "p6");
                               return Ending{};
                             }});
  EXPECT_EQ(ending.kind, Ending::Kind::enough);
  EXPECT_EQ(asked_, (Lines{"first", "p2", "p6"}));
  EXPECT_EQ(printed_, (Lines{"one", "two", "three"}));
  EXPECT_EQ(said_, (Lines{"the connection broke; trying again", "gap: 3 messages are lost"}));
  EXPECT_EQ(position_, "p6");
  EXPECT_EQ(remembered_, "p6");
}

TEST_F(TailTest, EndsAfterSoManyMessages) {
  run({[](const std::string&, ReaderEvents& events) {
        EXPECT_TRUE(events.on_message("one", "p1"));
        EXPECT_FALSE(events.on_message("two", "p2"));
        return Ending{.kind = Ending::Kind::enough};
      }},
      2);
  EXPECT_EQ(printed_, (Lines{"one", "two"}));
  EXPECT_EQ(position_, "p2");
}

TEST_F(TailTest, WhatCannotBePrintedEndsItBeforeThatMessage) {
  room_ = 1;
  const Ending ending = run({[](const std::string&, ReaderEvents& events) {
    EXPECT_TRUE(events.on_message("one", "p1"));
    EXPECT_FALSE(events.on_message("two", "p2"));
    return Ending{.kind = Ending::Kind::enough};
  }});
  EXPECT_EQ(ending.kind, Ending::Kind::enough);
  EXPECT_EQ(remembered_, "p1");
}

TEST_F(TailTest, ARefusalIsTheEnd) {
  const Ending ending = run({[](const std::string&, ReaderEvents&) {
    return Ending{Ending::Kind::refused, "403: no", {}};
  }});
  EXPECT_EQ(ending.kind, Ending::Kind::refused);
  EXPECT_EQ(ending.sentence, "403: no");
  EXPECT_EQ(asked_.size(), 1U);
}

TEST_F(TailTest, AServerThatCannotBeReachedIsWorthOneLine) {
  const auto fail = [](const std::string&, ReaderEvents&) { return Ending{.sentence = "refused"}; };
  run({fail, fail});
  EXPECT_EQ(said_, (Lines{"refused; trying again"}));
}

TEST_F(TailTest, ComesNotBackBeforeTheServerSays) {
  run({[](const std::string&, ReaderEvents&) { return Ending{.wait = std::chrono::hours(1)}; }});
  EXPECT_EQ(waits_, (std::vector<std::chrono::milliseconds>{std::chrono::hours(1)}));
}

TEST_F(TailTest, StopEndsIt) {
  const Ending ending = run({[this](const std::string&, ReaderEvents&) {
    stop_.ask();
    return Ending{.sentence = "the connection broke"};
  }});
  EXPECT_EQ(ending.kind, Ending::Kind::enough);
  EXPECT_TRUE(said_.empty() && waits_.empty());
}

TEST(BackoffTest, DoublesUpToItsLimitAndDiffers) {
  Backoff backoff(1);
  auto limit = Backoff::kFirst;
  for (int times = 0; times < 20; ++times) {
    const auto wait = backoff.next();
    EXPECT_LE(wait, limit);
    EXPECT_GE(wait, limit / 4);
    limit = std::min(limit * 2, Backoff::kMost);
  }
  backoff.reset();
  EXPECT_LE(backoff.next(), Backoff::kFirst);
}

}  // namespace
}  // namespace apps
