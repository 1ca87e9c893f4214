// One loop with channels, by hand: turns are made with turn(), time by a fake clock.
//
//   class MyTest : public Following {};
//   Listener listener(channels_on_loop());  listener.follow("news", Since{});  publish("news", "1"); turns();
//   EXPECT_EQ(listener.told(), "start 0, 1");
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "hub/channels.hpp"
#include "hub/loop_channels.hpp"
#include "net/loop.hpp"
#include "support/scratch_directory.hpp"

namespace naru::hub {

using channel::Since;
using channel::SlowFollower;

// Writes down what it is told: "start 3", a message's text, "gap 7 missing 2", "end too_slow 7".
class Listener : public FollowerEvents {
 public:
  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

  explicit Listener(LoopChannels& channels) : channels_(channels) {}

  void follow(std::string_view name, const Since& since, const FollowSettings& settings = {}) {
    channels_.follow(follower_, name, since, settings);
  }
  void unfollow() { channels_.unfollow(follower_); }
  void resume(std::size_t room = kAll) {
    room_ = room;
    channels_.resume(follower_);
  }
  // Is full after so many messages.
  void set_room(std::size_t room) { room_ = room; }
  // The next message does this instead of being written down.
  void on_next_message(Function<void()> act) { act_ = std::move(act); }

  // What it was told since this was asked last.
  std::string told() { return std::exchange(told_, {}); }
  std::size_t message_count() const { return messages_; }
  std::size_t pauses() { return std::exchange(pauses_, 0); }
  const channel::Position& position() const { return follower_.position(); }
  bool is_following() const { return follower_.is_following(); }

  Taken on_start(const channel::Standing& standing) override { return tell("start", standing); }
  Taken on_message(const channel::PublicationRef& message) override {
    ++messages_;
    if (act_) {
      std::exchange(act_, {})();
    } else {
      write(std::string(message->message.data.view()));
    }
    return --room_ == 0 ? Taken::full : Taken::more;
  }
  Taken on_gap(const channel::Standing& standing) override { return tell("gap", standing); }
  void on_pause() override { ++pauses_; }
  void on_end(FollowEnd reason, const channel::Position& position) override {
    write((reason == FollowEnd::too_slow ? "end too_slow " : "end failed ") +
          std::to_string(position.offset));
  }

 private:
  Taken tell(std::string_view what, const channel::Standing& standing) {
    std::string line = std::string(what) + " " + std::to_string(standing.position.offset);
    if (!standing.recovered)
      line += standing.missing ? " missing " + std::to_string(*standing.missing) : " lost";
    write(line);
    return room_ == 0 ? Taken::full : Taken::more;
  }
  void write(const std::string& what) { told_ += (told_.empty() ? "" : ", ") + what; }

  LoopChannels& channels_;
  Follower follower_{*this};
  std::string told_;
  std::size_t room_ = kAll;
  std::size_t messages_ = 0;
  std::size_t pauses_ = 0;
  Function<void()> act_;
};

// Moved by the test while workers and the store's writer look at it.
class SharedClock final : public base::Clock {
 public:
  base::TimePoint now() const override { return base::TimePoint(std::chrono::hours(1)) + elapsed(); }
  std::chrono::system_clock::time_point wall() const override {
    return std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000)) + elapsed();
  }
  void advance(std::chrono::milliseconds by) { elapsed_ += by.count(); }

 private:
  std::chrono::milliseconds elapsed() const { return std::chrono::milliseconds(elapsed_.load()); }
  std::atomic<std::int64_t> elapsed_{0};
};

class Following : public testing::Test {
 protected:
  Following() { open(); }
  ~Following() override {
    workers_->stop(std::chrono::seconds(10));
    here_.reset();
    loops_->close();
  }

  // A process that begins anew, on the same disk.
  void open(const store::LogOptions& options = {}) {
    workers_->stop(std::chrono::seconds(10));  // what they still do keeps the old ones
    workers_ = std::make_shared<net::WorkerPool>();
    here_.reset();
    channels_.reset();
    channels_ = std::make_shared<Channels>(workers_, loops_, clock_);
    channels_->set_options("", options);
    if (options.durability != store::Durability::memory) channels_->open_store(scratch_.path() / "data");
    here_ = std::make_unique<LoopChannels>(loop_, channels_);
  }
  static store::LogOptions keeping(std::size_t count) {
    store::LogOptions options;
    options.tail.count = count;
    return options;
  }
  static store::LogOptions on_disk(std::size_t in_memory) {
    store::LogOptions options = keeping(in_memory);
    options.durability = store::Durability::process;
    return options;
  }

  void publish(std::string_view name, std::string_view text, std::string_view key = {}) {
    channel::Message message{.data = base::Frame::copy(text), .key = std::string(key)};
    channels_->publish(name, std::move(message), {}, [](Result<store::Published> at) { ASSERT_TRUE(at); });
  }
  void publish_numbers(std::string_view name, int first, int last) {
    for (int i = first; i <= last; ++i)
      publish(name, std::to_string(i));
  }
  // Everything that was published is committed: so many messages.
  void wait_for(std::string_view name, std::uint64_t end) {
    turn_until([&] {
      const store::DurableLogRef log = channels_->look(name).log;
      return log != nullptr && log->position().offset == end;
    });
  }
  void turn() { loop_.poll(); }
  // Enough for everything that needs no disk.
  void turns() {
    for (int i = 0; i < 10; ++i)
      turn();
  }
  template <class Condition>
  void turn_until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      turn();
      std::this_thread::yield();
    }
  }
  void remove(std::string_view name) {
    channels_->remove(name, [](Result<void>) {});
  }

  SharedClock clock_;
  test::ScratchDirectory scratch_;
  net::Loop loop_{{.clock = &clock_}};
  std::shared_ptr<LoopGroup> loops_ = std::make_shared<LoopGroup>(std::vector<net::Loop*>{&loop_});
  std::shared_ptr<net::WorkerPool> workers_ = std::make_shared<net::WorkerPool>();
  std::shared_ptr<Channels> channels_;
  std::unique_ptr<LoopChannels> here_;
};

// "1, 2, 3"
inline std::string numbers(int first, int last) {
  std::string text;
  for (int i = first; i <= last; ++i)
    text += (text.empty() ? "" : ", ") + std::to_string(i);
  return text;
}

}  // namespace naru::hub
