#include "ws/inflater.hpp"

#include <gtest/gtest.h>

#include <string>

#include "ws/compression_fixture.hpp"

namespace naru::ws {
namespace {

constexpr std::size_t kLimit = 1'000'000;

struct Connection {
  explicit Connection(CompressionSpace& space, const DeflateParameters& agreed) : inflater(space, agreed) {}
  std::string message(std::string_view payload) {
    std::string text;
    if (inflater.feed(payload, text, kLimit) != InflateStatus::ok) return "(broken)";
    if (inflater.finish(text, kLimit) != InflateStatus::ok) return "(unfinished)";
    return text;
  }
  Inflater inflater;
};

class InflaterTest : public ::testing::Test {
 protected:
  CountingHost host;
  CompressionSpace space{host};
};

TEST_F(InflaterTest, ReadsAClientThatKeepsItsWindow) {
  Connection connection(space, kTakeover);
  ClientDeflate client;
  for (unsigned i = 0; i < 50; ++i) {
    const std::string text = words(i * 137 + 1, i % 3);
    EXPECT_EQ(connection.message(client.message(text)), text) << i;
  }
}

TEST_F(InflaterTest, ReadsEveryWindowSize) {
  for (int bits = 8; bits <= 15; ++bits) {
    Connection connection(space, {.client_max_window_bits = bits});
    ClientDeflate client(bits == 8 ? 9 : bits);
    for (const std::size_t size : {10, 300, 40'000, 300, 300, 70'000, 10}) {
      EXPECT_EQ(connection.message(client.message(words(size, 3))), words(size, 3)) << bits << ' ' << size;
    }
    EXPECT_LE(connection.inflater.kept(), std::size_t{1} << (bits == 8 ? 9 : bits));
  }
}

TEST_F(InflaterTest, KeepsNothingWhenTheClientDoesNot) {
  Connection connection(space, kNoTakeover);
  ClientDeflate client;
  const std::size_t before = connection.inflater.kept();
  const std::string first = client.message(words(2000));
  EXPECT_EQ(connection.message(first), words(2000));
  EXPECT_EQ(connection.inflater.kept(), before);
  EXPECT_EQ(connection.message(client.message(words(2000))), "(broken)") << "the client has broken its word";
}

TEST_F(InflaterTest, KeepsOnlyWhatHasCome) {
  Connection connection(space, kTakeover);
  ClientDeflate client;
  EXPECT_EQ(connection.message(client.message(words(500))), words(500));
  EXPECT_LE(connection.inflater.kept(), 500U);
  EXPECT_EQ(connection.message(client.message(words(500))), words(500));
  EXPECT_LE(connection.inflater.kept(), 1000U);
  EXPECT_EQ(connection.message(client.message(words(200'000))), words(200'000));
  EXPECT_EQ(connection.inflater.kept(), 32'768U);
}

TEST_F(InflaterTest, MessagesOfSeveralConnectionsInterleave) {
  Connection one(space, kTakeover);
  Connection two(space, kTakeover);
  ClientDeflate client_one;
  ClientDeflate client_two;
  for (unsigned round = 0; round < 3; ++round) {
    const std::string payload_one = client_one.message(words(900, 1));
    const std::string payload_two = client_two.message(words(700, 2));
    std::string text_one;
    std::string text_two;
    for (std::size_t at = 0; at < 1000; at += 7) {
      for (auto [connection, payload, text] :
           {std::tuple(&one, &payload_one, &text_one), std::tuple(&two, &payload_two, &text_two)}) {
        if (at >= payload->size()) continue;
        ASSERT_EQ(connection->inflater.feed(payload->substr(at, 7), *text, kLimit), InflateStatus::ok);
      }
    }
    ASSERT_EQ(one.inflater.finish(text_one, kLimit), InflateStatus::ok);
    ASSERT_EQ(two.inflater.finish(text_two, kLimit), InflateStatus::ok);
    EXPECT_EQ(text_one, words(900, 1));
    EXPECT_EQ(text_two, words(700, 2));
  }
}

TEST_F(InflaterTest, AMessageThatIsAbandonedLeavesTheWindowAsItWas) {
  Connection connection(space, kTakeover);
  ClientDeflate client;
  EXPECT_EQ(connection.message(client.message(words(500))), words(500));
  std::string text;
  EXPECT_EQ(connection.inflater.feed("\xFF\xFF", text, kLimit), InflateStatus::broken);
  connection.inflater.abandon();
  EXPECT_EQ(connection.message(client.message(words(500))), words(500));
}

// Ten thousand silent connections cost no window each.
TEST_F(InflaterTest, BetweenMessagesOneSpareStreamServesAll) {
  Connection one(space, kNoTakeover);
  EXPECT_EQ(one.message(ClientDeflate().message(words(500))), words(500));
  const std::ptrdiff_t of_one = host.held;
  for (int i = 0; i < 100; ++i) {
    Connection other(space, kNoTakeover);
    EXPECT_EQ(other.message(ClientDeflate().message(words(500))), words(500));
  }
  EXPECT_EQ(host.held, of_one);
}

TEST_F(InflaterTest, WhatIsKeptIsCounted) {
  const std::ptrdiff_t before = host.held;
  {
    Connection connection(space, kTakeover);
    EXPECT_EQ(connection.message(ClientDeflate().message(words(100'000))), words(100'000));
    EXPECT_GE(host.held - before, 32'768);
  }
  space.give_back(nullptr);
  EXPECT_LE(host.held, before + 50'000) << "one spare stream is left";
}

}  // namespace
}  // namespace naru::ws
