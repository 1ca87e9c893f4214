// Publishers on four threads, followers on two loops who join, leave and are full at random: each sees each
// message exactly once and in order.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <deque>
#include <random>
#include <thread>

#include "hub/channels.hpp"
#include "hub/loop_channels.hpp"
#include "net/loop.hpp"
#include "net/timer_wheel.hpp"

namespace naru::hub {
namespace {

constexpr int kPublishers = 4;
constexpr std::uint64_t kMessages = 4000;  // of each publisher
constexpr std::uint64_t kAll = kPublishers * kMessages;
constexpr int kFollowers = 8;  // of each loop
constexpr auto kPatience = std::chrono::seconds(60);

class Wanderer final : public FollowerEvents {
 public:
  Wanderer(net::Loop& loop, LoopChannels& channels, unsigned seed, std::atomic<int>& done)
      : loop_(loop), channels_(channels), random_(seed), done_(done) {}

  void begin() { channels_.follow(follower_, "news", since_, {}); }
  std::uint64_t seen() const { return seen_; }
  bool has_failed() const { return has_failed_; }

  Taken on_start(const channel::Standing& standing) override {
    if (!standing.recovered || standing.position.offset != seen_) has_failed_ = true;
    return Taken::more;
  }
  Taken on_message(const channel::PublicationRef& message) override {
    if (message->position.offset != ++seen_) has_failed_ = true;
    since_ = channel::Since::after(message->position);
    if (seen_ == kAll) ++done_;
    switch (random_() % 64) {
      case 0:
        channels_.unfollow(follower_);
        later([this] { begin(); });
        return Taken::more;
      case 1:
        later([this] { channels_.resume(follower_); });
        return Taken::full;
      default:
        return Taken::more;
    }
  }
  Taken on_gap(const channel::Standing&) override {
    has_failed_ = true;
    return Taken::more;
  }
  void on_end(FollowEnd, const channel::Position&) override { has_failed_ = true; }

 private:
  void later(Function<void()> work) {
    timer_.emplace(std::move(work));
    loop_.timers().schedule(*timer_, loop_.now() + std::chrono::milliseconds(random_() % 3));
  }

  net::Loop& loop_;
  LoopChannels& channels_;
  std::minstd_rand random_;
  std::atomic<int>& done_;
  Follower follower_{*this};
  channel::Since since_{};
  std::uint64_t seen_ = 0;
  bool has_failed_ = false;
  std::optional<net::FunctionTimer> timer_;
};

TEST(FollowersStress, EachSeesEachMessageOnceAndInOrder) {
  std::array<net::Loop, 2> loops{net::Loop({.index = 0}), net::Loop({.index = 1})};
  auto group = std::make_shared<LoopGroup>(std::vector<net::Loop*>{&loops[0], &loops[1]});
  auto channels = std::make_shared<Channels>(std::make_shared<net::WorkerPool>(), group);
  store::LogOptions options;
  options.tail.count = kAll;
  options.tail.bytes = std::size_t{64} << 20;
  channels->set_options("", options);
  std::atomic<int> done{0};
  std::atomic<int> failed{0};

  const auto run_loop = [&](unsigned index) {
    net::Loop& loop = loops[index];
    LoopChannels here(loop, channels);
    std::deque<Wanderer> wanderers;
    for (unsigned i = 0; i < kFollowers; ++i)
      wanderers.emplace_back(loop, here, index * 100 + i, done).begin();
    loop.run();
    for (const Wanderer& wanderer : wanderers)
      failed += wanderer.has_failed() || wanderer.seen() != kAll;
  };
  std::vector<std::thread> threads;
  for (unsigned index = 0; index < 2; ++index)
    threads.emplace_back(run_loop, index);
  std::vector<std::thread> publishers;
  for (int publisher = 0; publisher < kPublishers; ++publisher) {
    publishers.emplace_back([&] {
      for (std::uint64_t i = 0; i < kMessages; ++i)
        channels->publish("news", {.data = base::Frame::copy("1")}, {}, [](Result<store::Published>) {});
    });
  }
  for (std::thread& publisher : publishers)
    publisher.join();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (done < 2 * kFollowers && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  for (net::Loop& loop : loops)
    loop.stop();
  for (std::thread& thread : threads)
    thread.join();
  group->close();
  EXPECT_EQ(done, 2 * kFollowers);
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(channels->wakes().size(), 0U);
}

}  // namespace
}  // namespace naru::hub
