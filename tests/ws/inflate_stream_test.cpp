#include "ws/inflate_stream.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "support/split_everywhere.hpp"
#include "ws/compression_fixture.hpp"

namespace naru::ws {
namespace {

using namespace std::string_literals;

constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

std::string inflated(test::Pieces pieces, std::size_t limit = kUnlimited) {
  CountingHost host;
  ZlibMemory memory(host);
  InflateStream stream(memory);
  std::string text;
  InflateStatus status = InflateStatus::ok;
  for (std::size_t i = 0; i < pieces.size() && status == InflateStatus::ok; ++i)
    status = stream.feed({pieces[i].data(), pieces[i].size()}, text, limit);
  if (status == InflateStatus::ok) status = stream.finish(text, limit);
  EXPECT_LE(text.size(), limit);
  switch (status) {
    case InflateStatus::ok:
      return text;
    case InflateStatus::too_large:
      return "(too large)";
    case InflateStatus::broken:
      return "(broken)";
  }
  return {};
}

std::string inflated(std::string_view payload, std::size_t limit = kUnlimited) {
  return test::expect_same_when_split(payload, [&](test::Pieces pieces) { return inflated(pieces, limit); });
}

// RFC 7692 7.2.3.
TEST(InflateStream, ReadsTheSpecificationsExamples) {
  EXPECT_EQ(inflated("\xF2\x48\xCD\xC9\xC9\x07\x00"s), "Hello");
  EXPECT_EQ(inflated("\x00\x05\x00\xFA\xFFHello\x00"s), "Hello") << "a block that is stored";
  EXPECT_EQ(inflated("\xF3\x48\xCD\xC9\xC9\x07\x00\x00"s), "Hello") << "a block that calls itself the last";
  EXPECT_EQ(inflated("\xF2\x48\x05\x00\x00\x00\xFF\xFF\xCA\xC9\xC9\x07\x00"s), "Hello") << "two blocks";
  EXPECT_EQ(inflated("\x00"s), "") << "an empty message";
}

TEST(InflateStream, ReadsWhatZlibMakesOfAnySize) {
  for (const std::size_t size : {1, 100, 5000, 16'383, 16'384, 16'385, 70'000}) {
    for (const std::string& text : {words(size), noise(size), std::string(size, 'a')}) {
      const std::string payload = ClientDeflate().message(text);
      EXPECT_EQ(inflated(test::whole(payload).pieces()), text) << size;
      EXPECT_EQ(inflated(test::cut_every(payload, 1000).pieces()), text) << size;
    }
  }
  EXPECT_EQ(inflated(ClientDeflate().message(words(300))), words(300));
}

TEST(InflateStream, ReadsOnBehindBlocksThatCallThemselvesTheLast) {
  const std::string one = ClientDeflate().flushed(words(300, 1), Z_FINISH);
  const std::string two = ClientDeflate().flushed(words(200, 2), Z_FINISH);
  EXPECT_EQ(inflated(one + two + '\0'), words(300, 1) + words(200, 2));
  EXPECT_EQ(inflated(one + ClientDeflate().message(words(200, 2))), words(300, 1) + words(200, 2));
  EXPECT_EQ(inflated(one), words(300, 1)) << "no empty block behind it, as a plain finish leaves it";
}

// The window goes on behind such a block: "Hello" once more, by a match that lies five bytes back.
TEST(InflateStream, KeepsTheWindowBehindABlockThatCallsItselfTheLast) {
  CountingHost host;
  ZlibMemory memory(host);
  InflateStream stream(memory);
  std::string text;
  ASSERT_EQ(stream.feed("\xF3\x48\xCD\xC9\xC9\x07\x00\xF2\x00\x11\x00\x00"s, text, 100), InflateStatus::ok);
  ASSERT_EQ(stream.finish(text, 100), InflateStatus::ok);
  EXPECT_EQ(text, "HelloHello");
}

TEST(InflateStream, ManyEmptyLastBlocksAreReadOn) {
  std::string payload;
  for (int i = 0; i < 100'000; ++i)
    payload.append("\x03\x00", 2);
  EXPECT_EQ(inflated(test::whole(payload + '\0').pieces()), "");
}

TEST(InflateStream, WhatIsBrokenIsSaidToBe) {
  const std::string good = ClientDeflate().message(words(100));
  for (const std::string& payload : std::vector<std::string>{
           "\xFF\xFF"s,                       // a block type that does not exist
           "\x06"s,                           // the same
           "\x00\x05\x00\x00\x00Hello\x00"s,  // a stored block whose length is not confirmed
           "\xF2\x00\x11\x00\x00"s,           // a match in front of the beginning
           ""s,                               // nothing at all: the tail is not a block by itself
           good.substr(0, good.size() - 1), good.substr(0, good.size() / 2), good + good + "\x01"s,
           "\x04\x00\xFE\xFF"s}) {
    EXPECT_EQ(inflated(payload), "(broken)") << ::testing::PrintToString(payload);
  }
}

TEST(InflateStream, TextMayBeExactlyAsLargeAsTheLimit) {
  const std::string payload = ClientDeflate().message(std::string(1000, 'x'));
  EXPECT_EQ(inflated(payload, 1000), std::string(1000, 'x'));
  EXPECT_EQ(inflated(payload, 999), "(too large)");
  EXPECT_EQ(inflated("\x00"s, 0), "");
  EXPECT_EQ(inflated("\xF2\x48\xCD\xC9\xC9\x07\x00"s, 0), "(too large)");
}

TEST(InflateStream, ABombIsRefusedBeforeMemoryGrows) {
  const std::string payload = ClientDeflate().message(std::string(64 << 20, '\0'));
  CountingHost host;
  ZlibMemory memory(host);
  InflateStream stream(memory);
  std::string text;
  EXPECT_EQ(stream.feed(payload, text, 100'000), InflateStatus::too_large);
  EXPECT_LE(text.capacity(), 200'000U);
  EXPECT_LE(host.held, 50'000);
}

TEST(InflateStream, RestartForgetsTheLastMessageAlsoABrokenOne) {
  CountingHost host;
  ZlibMemory memory(host);
  InflateStream stream(memory);
  std::string text;
  ASSERT_EQ(stream.feed("\xFF\xFF"s, text, 100), InflateStatus::broken);
  stream.restart();
  ASSERT_EQ(stream.feed("\xF2\x48\xCD\xC9\xC9\x07\x00"s, text, 100), InflateStatus::ok);
  ASSERT_EQ(stream.finish(text, 100), InflateStatus::ok);
  EXPECT_EQ(text, "Hello");
  stream.restart();
  EXPECT_EQ(stream.feed("\xF2\x00\x11\x00\x00"s, text, 100), InflateStatus::broken) << "there is no window";
  stream.restart("Hello");
  text.clear();
  ASSERT_EQ(stream.feed("\xF2\x00\x11\x00\x00"s, text, 100), InflateStatus::ok);
  EXPECT_EQ(stream.finish(text, 100), InflateStatus::ok);
  EXPECT_EQ(text, "Hello");
}

TEST(InflateStream, GivesAllMemoryBack) {
  CountingHost host;
  ZlibMemory memory(host);
  {
    InflateStream stream(memory);
    std::string text;
    EXPECT_EQ(stream.feed(ClientDeflate().message(words(100)), text, 100), InflateStatus::ok);
    EXPECT_GT(host.held, 32'768);
    EXPECT_EQ(static_cast<std::ptrdiff_t>(memory.bytes()), host.held);
  }
  EXPECT_EQ(host.held, 0);
}

}  // namespace
}  // namespace naru::ws
