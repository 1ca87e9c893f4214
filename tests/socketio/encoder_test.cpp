#include "socketio/encoder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/message_list.hpp"

namespace naru::socketio {
namespace {

using test::MessageList;

std::string encoded(const OutgoingPacket& packet) {
  MessageList messages;
  encode_json(packet, messages);
  EXPECT_FALSE(messages.all.at(0).is_binary);
  return messages.only();
}

TEST(Encoder, Events) {
  auto event = [](std::string_view nsp, std::optional<std::uint64_t> id, std::string_view arguments) {
    return encoded({.kind = PacketKind::event, .nsp = nsp, .id = id, .data = {arguments}});
  };
  EXPECT_EQ(event("/", {}, "\"say\""), "2[\"say\"]");
  EXPECT_EQ(event("", {}, "\"say\""), "2[\"say\"]");
  EXPECT_EQ(event("/", 0, "\"say\",1"), "20[\"say\",1]");
  EXPECT_EQ(event("/chat", {}, "\"say\""), "2/chat,[\"say\"]");
  EXPECT_EQ(event("/chat", 18446744073709551615U, "\"say\""), "2/chat,18446744073709551615[\"say\"]");
}

TEST(Encoder, Acks) {
  EXPECT_EQ(encoded({.kind = PacketKind::ack, .id = 13}), "313[]");
  EXPECT_EQ(encoded({.kind = PacketKind::ack, .nsp = "/chat", .id = 0, .data = {"\"ok\",2"}}),
            "3/chat,0[\"ok\",2]");
}

TEST(Encoder, BinaryPartsFollowTheText) {
  const std::vector<Bytes> parts{Bytes::copy("one"), Bytes(), Bytes::copy("three")};
  MessageList messages;
  encode_json({.kind = PacketKind::event, .nsp = "/chat", .id = 3, .data = {"\"f\"", parts}}, messages);
  EXPECT_EQ(messages.all, (std::vector<MessageList::Message>{
                              {"53-/chat,3[\"f\"]"}, {"one", true}, {"", true}, {"three", true}}));
  MessageList answer;
  encode_json({.kind = PacketKind::ack, .id = 1, .data = {"null", parts}}, answer);
  EXPECT_EQ(answer.all.at(0).bytes, "63-1[null]");
  EXPECT_EQ(answer.all.size(), 4U);
}

TEST(Encoder, ConnectAndItsRefusal) {
  EXPECT_EQ(encoded({.kind = PacketKind::connect, .data = {R"({"sid":"abc"})"}}), R"(0{"sid":"abc"})");
  EXPECT_EQ(encoded({.kind = PacketKind::connect, .nsp = "/a", .data = {"{}"}}), "0/a,{}");
  EXPECT_EQ(encoded({.kind = PacketKind::connect_error, .nsp = "/x", .data = {R"({"message":"no"})"}}),
            R"(4/x,{"message":"no"})");
}

TEST(Encoder, Disconnect) {
  EXPECT_EQ(encoded({.kind = PacketKind::disconnect}), "1");
  EXPECT_EQ(encoded({.kind = PacketKind::disconnect, .nsp = "/chat"}), "1/chat,");
}

}  // namespace
}  // namespace naru::socketio
