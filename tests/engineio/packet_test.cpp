#include "engineio/packet.hpp"

#include <gtest/gtest.h>

namespace naru::engineio {
namespace {

TEST(Packet, BodyIsTheFrameWithoutItsLead) {
  const Packet packet{.frame = base::Frame::copy("\x81\x05"
                                                 "4said"),
                      .lead = 2};
  EXPECT_EQ(packet.body(), "4said");
  EXPECT_EQ(packet.size(), 5U);
}

TEST(Packet, EveryTypeHasItsDigit) {
  const std::string_view digits = "0123456";
  const PacketType types[] = {PacketType::open,    PacketType::close,   PacketType::ping, PacketType::pong,
                              PacketType::message, PacketType::upgrade, PacketType::noop};
  std::string space;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const Packet packet = make_packet(types[i], "x");
    EXPECT_EQ(packet.body(), std::string(1, digits[i]) + "x");
    const auto read = read_text_packet(packet.body(), space);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->type, types[i]);
    EXPECT_EQ(read->data, "x");
    EXPECT_FALSE(read->binary);
  }
}

TEST(Packet, BinaryGoesThroughBase64AndBack) {
  const std::string bytes(
      "\x00\x01\xFF"
      "b4",
      5);
  const Packet packet = to_base64_packet(make_binary_packet(bytes));
  EXPECT_EQ(packet.body(), "bAAH/YjQ=");
  EXPECT_FALSE(packet.binary);
  std::string space;
  const auto read = read_text_packet(packet.body(), space);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->binary);
  EXPECT_EQ(read->type, PacketType::message);
  EXPECT_EQ(read->data, bytes);
}

TEST(Packet, Base64OfNothingIsAnEmptyBinaryMessage) {
  std::string space = "left from before";
  const auto read = read_text_packet("b", space);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->binary);
  EXPECT_EQ(read->data, "");
}

TEST(Packet, MissingPaddingIsTakenAsNodeDoes) {
  std::string space;
  const auto read = read_text_packet("bAAH/YjQ", space);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->data.size(), 5U);
}

TEST(Packet, WhatIsNoPacketIsRefused) {
  std::string space;
  for (const std::string_view text : {"", "7", "a", "B", "/", ":", " 4", "b*", "bA", "bAA=A", "\x00"}) {
    EXPECT_FALSE(read_text_packet(text, space)) << text;
  }
}

}  // namespace
}  // namespace naru::engineio
