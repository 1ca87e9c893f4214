#include "engineio/payload.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace naru::engineio {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Packet text(std::string_view payload) {
  return make_packet(PacketType::message, payload);
}

std::vector<std::string> read_all(std::string_view payload) {
  std::vector<std::string> out;
  PayloadReader reader(payload);
  while (const auto packet = reader.next()) {
    out.push_back((packet->binary ? "binary:" : std::string(1, static_cast<char>(packet->type)) + ":") +
                  std::string(packet->data));
  }
  if (reader.failed()) out.emplace_back("failed");
  EXPECT_FALSE(reader.next()) << "the end is the end";
  return out;
}

TEST(EncodePayload, JoinsPacketsWithTheSeparator) {
  const std::vector<Packet> packets = {text("one"), make_packet(PacketType::ping),
                                       make_binary_packet("\x01\x02"), text("")};
  const EncodedPayload payload = encode_payload(packets, 1000);
  EXPECT_EQ(payload.packets, 4U);
  EXPECT_EQ(payload.bytes.view(),
            "4one\x1e"
            "2\x1e"
            "bAQI=\x1e"
            "4");
}

TEST(EncodePayload, LeavesOutTheReadyWebSocketHeader) {
  const std::vector<Packet> packets = {{.frame = base::Frame::copy("\x81\x02"
                                                                   "4a"),
                                        .lead = 2},
                                       text("b")};
  EXPECT_EQ(encode_payload({packets.data(), 1}, 1000).bytes.view(), "4a");
  EXPECT_EQ(encode_payload(packets, 1000).bytes.view(),
            "4a\x1e"
            "4b");
}

TEST(EncodePayload, ExactlyTheLimitFitsAndOneByteLessDoesNot) {
  const std::vector<Packet> packets = {text("one"), make_binary_packet("abc"), text("x")};
  const std::size_t two = 4 + 1 + 5;
  EXPECT_EQ(encode_payload(packets, two).packets, 2U);
  EXPECT_EQ(encode_payload(packets, two).bytes.size(), two);
  EXPECT_EQ(encode_payload(packets, two - 1).packets, 1U);
  EXPECT_EQ(encode_payload(packets, two + 3).packets, 3U);
  EXPECT_EQ(encode_payload(packets, two + 2).packets, 2U);
}

TEST(EncodePayload, TheFirstPacketGoesWhateverItsSize) {
  const std::vector<Packet> packets = {text(std::string(100, 'x')), text("y")};
  const EncodedPayload payload = encode_payload(packets, 10);
  EXPECT_EQ(payload.packets, 1U);
  EXPECT_EQ(payload.bytes.size(), 101U);
}

TEST(EncodePayload, OneTextPacketIsNotCopied) {
  const std::vector<Packet> packets = {text("shared")};
  EXPECT_EQ(encode_payload(packets, 10).bytes.data(), packets.front().frame.data());
}

TEST(PayloadReader, ReadsPacketsInOrder) {
  EXPECT_THAT(read_all("4one\x1e"
                       "3\x1e"
                       "bAQI=\x1e"
                       "4"),
              ElementsAre("4:one", "3:", "binary:\x01\x02", "4:"));
  EXPECT_THAT(read_all("4\xE2\x82\xAC"), ElementsAre("4:\xE2\x82\xAC"));
}

TEST(PayloadReader, StopsAtTheFirstBadPacketAndThoseBeforeStand) {
  EXPECT_THAT(read_all(""), ElementsAre("failed"));
  EXPECT_THAT(read_all("4a\x1e"), ElementsAre("4:a", "failed"));
  EXPECT_THAT(read_all("\x1e"
                       "4a"),
              ElementsAre("failed"));
  EXPECT_THAT(read_all("4a\x1e"
                       "9\x1e"
                       "4b"),
              ElementsAre("4:a", "failed"));
  EXPECT_THAT(read_all("4a\x1e"
                       "b!\x1e"
                       "4b"),
              ElementsAre("4:a", "failed"));
  EXPECT_THAT(read_all("4a\x1e"
                       "4\xE2\x82\x1e"
                       "4b"),
              ElementsAre("4:a", "failed"))
      << "UTF-8 cut short";
  EXPECT_THAT(read_all("4\xED\xA0\x80"), ElementsAre("failed")) << "a surrogate";
}

TEST(EncodePayload, MayBeCompressedWhenOneOfItsPacketsMay) {
  Packet plain = text("a");
  plain.compress = false;
  EXPECT_FALSE(encode_payload(std::vector{plain}, 100).compress);
  EXPECT_FALSE(encode_payload(std::vector{plain, plain}, 100).compress);
  EXPECT_TRUE(encode_payload(std::vector{plain, text("b")}, 100).compress);
  EXPECT_FALSE(encode_payload(std::vector{plain, text("b")}, 2).compress) << "the other one goes later";
}

TEST(PayloadReader, ReadsWhatWasEncoded) {
  const std::string every_byte = [] {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte)
      bytes += static_cast<char>(byte);
    return bytes;
  }();
  const std::vector<Packet> packets = {text("a"), make_binary_packet(every_byte), make_binary_packet(""),
                                       text("z")};
  const EncodedPayload payload = encode_payload(packets, 10'000);
  EXPECT_THAT(read_all(payload.bytes.view()), ElementsAre("4:a", "binary:" + every_byte, "binary:", "4:z"));
  EXPECT_EQ(payload.bytes.size(), 3 + payload_size(packets[0]) + payload_size(packets[1]) +
                                      payload_size(packets[2]) + payload_size(packets[3]));
}

}  // namespace
}  // namespace naru::engineio
