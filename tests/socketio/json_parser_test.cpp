#include <gtest/gtest.h>

#include <string>

#include "naru/parser.hpp"
#include "support/message_list.hpp"

namespace naru {
namespace {

using Status = Decoding::Status;

TEST(JsonParser, DecodesEveryKind) {
  const auto decoder = json_parser()->make_decoder({});
  Decoding connect = decoder->decode(R"(0/a,{"token":1})", false);
  ASSERT_EQ(connect.status, Status::packet);
  EXPECT_EQ(connect.packet.kind, PacketKind::connect);
  EXPECT_EQ(connect.packet.nsp, "/a");
  EXPECT_EQ(connect.packet.auth.text, R"({"token":1})");
  EXPECT_EQ(decoder->decode("0", false).packet.auth.text, "");
  EXPECT_EQ(decoder->decode("1", false).packet.kind, PacketKind::disconnect);

  Decoding event = decoder->decode(R"(2/a,7["say",{"b":1}])", false);
  EXPECT_EQ(event.packet.kind, PacketKind::event);
  EXPECT_EQ(event.packet.id, 7U);
  EXPECT_EQ(event.packet.auth.text, "");
  ASSERT_EQ(event.packet.arguments.size(), 2U);
  EXPECT_EQ(event.packet.arguments[1].text(), R"({"b":1})");

  Decoding ack = decoder->decode("37[true]", false);
  EXPECT_EQ(ack.packet.kind, PacketKind::ack);
  EXPECT_EQ(ack.packet.arguments.get<bool>(0), true);
}

TEST(JsonParser, GathersBinaryParts) {
  const auto decoder = json_parser()->make_decoder({});
  const std::string text = R"(51-["file",{"_placeholder":true,"num":0}])";
  EXPECT_EQ(decoder->decode(text, false).status, Status::incomplete);
  EXPECT_EQ(decoder->pending_bytes(), text.size());
  const Decoding decoding = decoder->decode("bytes", true);
  EXPECT_EQ(decoder->pending_bytes(), 0U);
  ASSERT_EQ(decoding.status, Status::packet);
  EXPECT_EQ(decoding.packet.kind, PacketKind::event);
  EXPECT_EQ(decoding.packet.arguments.get<Bytes>(1), Bytes::copy("bytes"));
}

TEST(JsonParser, SaysWhatIsWrong) {
  const auto decoder = json_parser()->make_decoder({});
  const Decoding decoding = decoder->decode("9", false);
  EXPECT_EQ(decoding.status, Status::error);
  EXPECT_EQ(decoding.error, "unknown packet type");
}

TEST(JsonParser, KeepsTheLimits) {
  const ParserLimits limits{.max_attachments = 1, .max_payload = 30};
  auto decoder = json_parser()->make_decoder(limits);
  EXPECT_EQ(decoder->decode("51-[\"a\"]", false).status, Status::incomplete);
  EXPECT_EQ(decoder->decode(std::string(52, 'x'), true).status, Status::packet) << "8 + 52 are 2 * 30";
  EXPECT_EQ(decoder->decode("51-[\"a\"]", false).status, Status::incomplete);
  EXPECT_EQ(decoder->decode(std::string(53, 'x'), true).status, Status::error);
  decoder = json_parser()->make_decoder(limits);
  EXPECT_EQ(decoder->decode("52-[\"a\"]", false).status, Status::error);
}

TEST(JsonParser, WhatItWritesItReads) {
  test::MessageList messages;
  json_parser()->encode({.nsp = "/chat", .id = 5, .data = {"\"say\",[1,2]"}}, messages);
  const auto decoder = json_parser()->make_decoder({});
  const Decoding decoding = decoder->decode(messages.only(), false);
  ASSERT_EQ(decoding.status, Status::packet);
  EXPECT_EQ(decoding.packet.nsp, "/chat");
  EXPECT_EQ(decoding.packet.id, 5U);
  EXPECT_EQ(decoding.packet.arguments.size(), 2U);
}

}  // namespace
}  // namespace naru
