#include <gtest/gtest.h>

#include <string>

#include "naru/parser.hpp"
#include "support/message_list.hpp"

namespace naru {
namespace {

TEST(MsgpackParser, APacketIsOneBinaryMessage) {
  test::MessageList messages;
  const std::vector<Bytes> parts{Bytes::copy("one"), Bytes::copy("two")};
  const std::string_view arguments = R"("say",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1})";
  msgpack_parser()->encode({.nsp = "/chat", .id = 5, .data = {arguments, parts}}, messages);
  ASSERT_EQ(messages.all.size(), 1U);
  EXPECT_TRUE(messages.all[0].is_binary);

  const auto decoder = msgpack_parser()->make_decoder({});
  const Decoding decoding = decoder->decode(messages.only(), true);
  ASSERT_EQ(decoding.status, Decoding::Status::packet) << decoding.error;
  EXPECT_EQ(decoding.packet.kind, PacketKind::event);
  EXPECT_EQ(decoding.packet.arguments.get<Bytes>(2), parts[1]);
  EXPECT_EQ(decoder->pending_bytes(), 0U);
}

TEST(MsgpackParser, TextIsAnError) {
  const auto decoder = msgpack_parser()->make_decoder({});
  EXPECT_EQ(decoder->decode("2[\"say\"]", false).status, Decoding::Status::error);
  EXPECT_EQ(decoder->decode("", false).status, Decoding::Status::error);
  EXPECT_EQ(decoder->decode("", true).status, Decoding::Status::error);
}

TEST(MsgpackParser, RefusesToWriteWhatIsNoJson) {
  test::MessageList messages;
  EXPECT_THROW(msgpack_parser()->encode({.data = {"\"say\",{"}}, messages), std::invalid_argument);
  EXPECT_TRUE(messages.all.empty());
}

}  // namespace
}  // namespace naru
