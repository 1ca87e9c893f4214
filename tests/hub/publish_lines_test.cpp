#include "hub/publish_lines.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace naru::hub {
namespace {

using Joined = PublishLines::Joined;

LatePublish numbered(int number) {
  return {.message = {.data = base::Frame::copy(std::to_string(number))}};
}

std::string text_of(const std::optional<LatePublish>& publish) {
  return publish ? std::string(publish->message.data.view()) : std::string();
}

TEST(PublishLines, KeepTheOrderOfEachChannel) {
  PublishLines lines;
  EXPECT_FALSE(lines.has_line("a"));
  LatePublish first = numbered(1);
  EXPECT_EQ(lines.join("a", first), Joined::first);
  LatePublish second = numbered(2);
  EXPECT_EQ(lines.join("a", second), Joined::behind);
  LatePublish other = numbered(3);
  EXPECT_EQ(lines.join("b", other), Joined::first);
  EXPECT_EQ(text_of(lines.next("a")), "1");
  EXPECT_TRUE(lines.has_line("a")) << "also while the last one is being made";
  EXPECT_EQ(text_of(lines.next("a")), "2");
  EXPECT_TRUE(lines.has_line("a"));
  EXPECT_FALSE(lines.next("a"));
  EXPECT_FALSE(lines.has_line("a"));
  EXPECT_EQ(text_of(lines.next("b")), "3");
}

TEST(PublishLines, BytesFromBothSides) {
  const std::size_t size = numbered(1).memory();
  PublishLines lines(2 * size);
  LatePublish a = numbered(1);
  LatePublish b = numbered(2);
  LatePublish c = numbered(3);
  EXPECT_EQ(lines.join("a", a), Joined::first);
  EXPECT_EQ(lines.join("b", b), Joined::first);
  EXPECT_EQ(lines.join("a", c), Joined::full);
  EXPECT_EQ(c.message.data.view(), "3") << "it stays with the caller, who tells so";
  EXPECT_TRUE(lines.next("a"));
  EXPECT_EQ(lines.join("a", c), Joined::behind);
}

TEST(PublishLines, NobodyIsForgottenWhenALineEndsWhileOthersJoin) {
  constexpr int kPublishes = 20'000;
  PublishLines lines;
  std::vector<int> made;
  std::atomic<int> left{kPublishes};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 2; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = thread; i < kPublishes; i += 2) {
        LatePublish publish = numbered(i);
        if (lines.join("a", publish) != Joined::first) continue;
        while (auto next = lines.next("a")) {
          made.push_back(std::stoi(text_of(next)));  // one at a time: whoever was first works it off
          --left;
        }
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(left, 0);
  int even = 0;
  int odd = 1;
  for (const int number : made) {
    int& expected = number % 2 == 0 ? even : odd;
    ASSERT_EQ(number, expected);
    expected += 2;
  }
}

}  // namespace
}  // namespace naru::hub
