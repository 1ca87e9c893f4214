#include "ws/deflate_stream.hpp"

#include <gtest/gtest.h>

#include <string>

#include "ws/compression_fixture.hpp"

namespace naru::ws {
namespace {

std::string deflated(DeflateStream& stream, std::string_view text) {
  std::string payload;
  stream.compress(text, payload);
  return payload;
}

// A window of 8 bits is read by one of 8 bits: what zlib makes with 9 never looks back further.
TEST(DeflateStream, IsReadByAWindowOfTheSameSize) {
  CountingHost host;
  ZlibMemory memory(host);
  for (int bits = 8; bits <= 15; ++bits) {
    for (const int level : {1, 6, 9}) {
      DeflateStream stream(memory, bits, level);
      ClientInflate client(bits);
      for (const std::size_t size : {1, 2, 255, 256, 257, 600, 5000, 33'000, 100'000}) {
        for (const std::string& text : {words(size), noise(size), std::string(size, 'a')}) {
          EXPECT_EQ(client.message(deflated(stream, text)), text) << bits << ' ' << level << ' ' << size;
        }
      }
    }
  }
}

// Repetitions at each distance around the window of eight bits.
TEST(DeflateStream, NeverLooksBackFurtherThanASmallWindow) {
  CountingHost host;
  ZlibMemory memory(host);
  for (std::size_t distance = 240; distance <= 270; ++distance) {
    DeflateStream stream(memory, 8, 9);
    ClientInflate client(8);
    std::string text;
    for (int i = 0; i < 20; ++i)
      text += noise(distance, 5);
    EXPECT_EQ(client.message(deflated(stream, text)), text) << distance;
  }
}

TEST(DeflateStream, RefersToEarlierMessagesUntilItRestarts) {
  CountingHost host;
  ZlibMemory memory(host);
  DeflateStream stream(memory, 15, 6);
  const std::string text = words(2000);
  const std::string first = deflated(stream, text);
  const std::string second = deflated(stream, text);
  EXPECT_LT(second.size(), first.size() / 10);
  stream.restart();
  EXPECT_EQ(deflated(stream, text), first);
  ClientInflate client;
  EXPECT_EQ(client.message(first), text);
  EXPECT_EQ(client.message(second), text);
  EXPECT_EQ(client.message(first), text) << "a client with a window reads what was made without";
}

// The output's buffer may end anywhere in the mark that ends a message.
TEST(DeflateStream, EveryLengthOfOutputIsReadBack) {
  CountingHost host;
  ZlibMemory memory(host);
  DeflateStream stream(memory, 15, 1);
  ClientInflate client;
  for (std::size_t size = 16'360; size <= 16'400; ++size) {
    const std::string text = noise(size, static_cast<unsigned>(size));
    EXPECT_EQ(client.message(deflated(stream, text)), text) << size;
  }
}

TEST(DeflateStream, AppendsAndGivesAllMemoryBack) {
  CountingHost host;
  ZlibMemory memory(host);
  {
    DeflateStream stream(memory, 15, 1);
    std::string out = "before ";
    stream.compress("hello hello", out);
    EXPECT_TRUE(out.starts_with("before "));
    EXPECT_EQ(ClientInflate().message(out.substr(7)), "hello hello");
    EXPECT_GT(host.held, 200'000);
    EXPECT_LT(host.held, 280'000);
  }
  EXPECT_EQ(host.held, 0);
}

}  // namespace
}  // namespace naru::ws
