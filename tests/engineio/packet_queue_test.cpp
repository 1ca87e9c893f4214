#include "engineio/packet_queue.hpp"

#include <gtest/gtest.h>

#include <string>

namespace naru::engineio {
namespace {

Packet text(std::string_view payload) {
  return make_packet(PacketType::message, payload);
}

TEST(PacketQueue, CountsBytesAndWhatEachPacketCosts) {
  PacketQueue queue;
  EXPECT_EQ(queue.memory(), 0U);
  queue.push(text("ab"));
  queue.push(make_binary_packet("\x01"));
  EXPECT_EQ(queue.bytes(), 4U);
  EXPECT_EQ(queue.memory(), 4U + 2 * PacketQueue::kPacketCost);
  queue.take_payload(3);
  EXPECT_EQ(queue.bytes(), 1U);
  EXPECT_EQ(queue.memory(), 1U + PacketQueue::kPacketCost);
  queue.clear();
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.memory(), 0U);
}

// "4aa", a separator and "4bb" are seven bytes.
TEST(PacketQueue, OneAnswerHoldsAtMostTheLimit) {
  struct Case {
    std::size_t limit;
    std::string first;
  };
  for (const Case& expected : {Case{6, "4aa"},
                               Case{7,
                                    "4aa\x1e"
                                    "4bb"},
                               Case{8,
                                    "4aa\x1e"
                                    "4bb"}}) {
    PacketQueue queue;
    queue.push(text("aa"));
    queue.push(text("bb"));
    queue.push(text("a last one that does not fit"));
    EXPECT_EQ(queue.take_payload(expected.limit).bytes.view(), expected.first) << expected.limit;
  }
}

TEST(PacketQueue, PacketLargerThanAnAnswerGoesAlone) {
  PacketQueue queue;
  queue.push(text("larger than five"));
  queue.push(text("x"));
  EXPECT_EQ(queue.take_payload(5).bytes.view(), "4larger than five");
  EXPECT_EQ(queue.take_payload(5).bytes.view(), "4x");
}

TEST(PacketQueue, GoodbyeHasAnAnswerOfItsOwn) {
  PacketQueue queue;
  queue.push(text("x"));
  queue.push(make_packet(PacketType::close));
  EXPECT_EQ(queue.take_payload(100).bytes.view(), "4x");
  EXPECT_EQ(queue.take_payload(100).bytes.view(), "1");
  EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace naru::engineio
