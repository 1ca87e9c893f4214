#include "base/frame.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace naru::base {
namespace {

TEST(Frame, IsEmptyByDefault) {
  const Frame frame;
  EXPECT_TRUE(frame.empty());
  EXPECT_EQ(frame.view(), "");
  EXPECT_EQ(frame.use_count(), 0U);
}

TEST(Frame, CopiesItsBytesAndSharesThem) {
  std::string text = "hello";
  const Frame frame = Frame::copy(text);
  text = "jelly";
  Frame other;
  other = frame;
  EXPECT_EQ(frame.view(), "hello");
  EXPECT_EQ(other.data(), frame.data());
  EXPECT_EQ(frame.use_count(), 2U);
}

TEST(Frame, MovedFromIsEmpty) {
  Frame frame = Frame::copy("hello");
  const Frame moved = std::move(frame);
  EXPECT_EQ(moved.use_count(), 1U);
  EXPECT_EQ(frame.view(), "");  // NOLINT(bugprone-use-after-move): promised
}

TEST(Frame, AssignmentReleasesWhatWasThere) {
  const Frame first = Frame::copy("first");
  Frame frame = first;
  frame = Frame::copy("second");
  EXPECT_EQ(first.use_count(), 1U);
  EXPECT_EQ(frame.view(), "second");
  frame = Frame(frame);
  EXPECT_EQ(frame.view(), "second");
}

TEST(Frame, OfStaticRefersToTheBytesThemselves) {
  static constexpr std::string_view kText = "embedded";
  const Frame frame = Frame::of_static(kText);
  Frame other;
  other = frame;
  EXPECT_EQ(other.data(), kText.data());
  EXPECT_EQ(other.use_count(), 0U);
  EXPECT_EQ(frame.part(2, 3).view(), "bed");
}

TEST(Frame, PartsAreClampedAndKeepTheWholeAlive) {
  Frame part;
  {
    const Frame frame = Frame::copy("0123456789");
    EXPECT_EQ(frame.part(0).view(), "0123456789");
    EXPECT_EQ(frame.part(8, 5).view(), "89");
    EXPECT_EQ(frame.part(10).view(), "");
    EXPECT_EQ(frame.part(11, 1).view(), "");
    EXPECT_EQ(frame.part(3, 0).view(), "");
    part = frame.part(2, 3).part(1);
  }
  EXPECT_EQ(part.view(), "34");
  EXPECT_EQ(part.use_count(), 1U);
}

TEST(Frame, ThreadsMayShareOne) {
  const Frame frame = Frame::copy(std::string(1000, 'x'));
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([frame] {
      for (int round = 0; round < 10000; ++round) {
        Frame mine;
        mine = frame;
        ASSERT_EQ(mine.size(), 1000U);
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(frame.use_count(), 1U);
}

TEST(FrameBuilder, GathersPieces) {
  FrameBuilder builder;
  builder.append("[\"said\",");
  builder.append('"');
  std::string expected = "[\"said\",\"";
  for (int i = 0; i < 1000; ++i) {
    builder.append(std::to_string(i));
    expected += std::to_string(i);
  }
  builder.append("");
  EXPECT_EQ(builder.view(), expected);
  EXPECT_EQ(std::move(builder).take().view(), expected);
}

TEST(FrameBuilder, PrependsIntoItsHeadroom) {
  FrameBuilder builder(10, 1);
  EXPECT_EQ(builder.headroom(), 10U);
  builder.append("body that makes it grow");
  builder.prepend("head:");
  EXPECT_EQ(builder.headroom(), 5U);
  builder.prepend("12345");
  EXPECT_EQ(builder.headroom(), 0U);
  const Frame frame = std::move(builder).take();
  EXPECT_EQ(frame.view(), "12345head:body that makes it grow");
}

TEST(FrameBuilder, UnusedHeadroomIsNotInTheFrame) {
  FrameBuilder builder(10);
  builder.append("x");
  EXPECT_EQ(builder.size(), 1U);
  EXPECT_EQ(std::move(builder).take().view(), "x");
}

TEST(FrameBuilder, IsEmptyAndUsableAfterTake) {
  FrameBuilder builder(4);
  builder.append("one");
  const Frame one = std::move(builder).take();
  EXPECT_EQ(builder.size(), 0U);  // NOLINT(bugprone-use-after-move): promised
  EXPECT_EQ(builder.view(), "");
  builder.append("two");
  EXPECT_EQ(std::move(builder).take().view(), "two");
  EXPECT_EQ(one.view(), "one");
}

TEST(FrameBuilder, AnEmptyOneGivesAnEmptyFrame) {
  FrameBuilder builder(16);
  const Frame frame = std::move(builder).take();
  EXPECT_TRUE(frame.empty());
  EXPECT_EQ(frame.use_count(), 0U);
}

TEST(FrameBuilder, GrowGivesRoomThatCounts) {
  FrameBuilder builder;
  builder.append("ab");
  std::memcpy(builder.grow(3), "cde", 3);
  builder.grow(0);
  EXPECT_EQ(builder.view(), "abcde");
}

TEST(FrameBuilder, ShrinksWhatDoublingLeftOver) {
  FrameBuilder builder(0, 1 << 20);
  builder.append("small");
  EXPECT_EQ(std::move(builder).take().view(), "small");
}

TEST(FrameBuilder, Moves) {
  FrameBuilder builder;
  builder.append("abc");
  FrameBuilder moved = std::move(builder);
  FrameBuilder assigned;
  assigned.append("gone");
  assigned = std::move(moved);
  EXPECT_EQ(assigned.view(), "abc");
}

}  // namespace
}  // namespace naru::base
