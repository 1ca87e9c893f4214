#include "socketio/decoder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace naru::socketio {
namespace {

using Error = DecodeError;

std::string long_name(std::size_t size) {
  std::string name(size, 'n');
  name.front() = '/';
  return name;
}

class DecoderTest : public testing::Test {
 protected:
  Decoded feed(std::string_view message) { return decoder_.feed_text(message, space_); }
  Decoder decoder_;
  DecoderSpace space_;
};

struct Good {
  std::string message;
  PacketType type;
  std::string nsp;
  std::optional<std::uint64_t> id;
  std::string payload;
  std::vector<std::string> elements;
};

const std::vector<Good>& good_packets() {
  static const std::vector<Good> packets = {
      {"0", PacketType::connect, "/", {}, "", {}},
      {"0{}", PacketType::connect, "/", {}, "{}", {}},
      {"0{\"token\":\"x\"}", PacketType::connect, "/", {}, "{\"token\":\"x\"}", {}},
      {"0 {} ", PacketType::connect, "/", {}, "{}", {}},
      {"0/admin,", PacketType::connect, "/admin", {}, "", {}},
      {"0/random", PacketType::connect, "/random", {}, "", {}},
      {"0/admin,{\"a\":1}", PacketType::connect, "/admin", {}, "{\"a\":1}", {}},
      {"0/\xEB\x82\x98,", PacketType::connect, "/\xEB\x82\x98", {}, "", {}},
      {"1", PacketType::disconnect, "/", {}, "", {}},
      {"1/admin,", PacketType::disconnect, "/admin", {}, "", {}},
      {"1/admin", PacketType::disconnect, "/admin", {}, "", {}},
      {"2[\"say\"]", PacketType::event, "/", {}, "[\"say\"]", {"\"say\""}},
      {"2[\"say\",1,{}]", PacketType::event, "/", {}, "[\"say\",1,{}]", {"\"say\"", "1", "{}"}},
      {"2[7,true]", PacketType::event, "/", {}, "[7,true]", {"7", "true"}},
      {"2/chat,[\"a\"]", PacketType::event, "/chat", {}, "[\"a\"]", {"\"a\""}},
      {"20[\"a\"]", PacketType::event, "/", 0, "[\"a\"]", {"\"a\""}},
      {"2/chat,12[\"a\"]", PacketType::event, "/chat", 12, "[\"a\"]", {"\"a\""}},
      {"218446744073709551615[\"a\"]", PacketType::event, "/", 18446744073709551615U, "[\"a\"]", {"\"a\""}},
      {"2[\"a\",{\"_placeholder\":true,\"num\":9}]",  // no binary packet: an object like any other
       PacketType::event,
       "/",
       {},
       "[\"a\",{\"_placeholder\":true,\"num\":9}]",
       {"\"a\"", "{\"_placeholder\":true,\"num\":9}"}},
      {"2[\"\"]", PacketType::event, "/", {}, "[\"\"]", {"\"\""}},
      {"2[\"__proto__\",{\"__proto__\":1}]",
       PacketType::event,
       "/",
       {},
       "[\"__proto__\",{\"__proto__\":1}]",
       {"\"__proto__\"", "{\"__proto__\":1}"}},
      {"313[]", PacketType::ack, "/", 13, "[]", {}},
      {"3/chat,13[\"ok\"]", PacketType::ack, "/chat", 13, "[\"ok\"]", {"\"ok\""}},
  };
  return packets;
}

TEST_F(DecoderTest, ReadsEveryForm) {
  for (const Good& good : good_packets()) {
    SCOPED_TRACE(good.message);
    Decoded decoded = feed(good.message);
    ASSERT_EQ(decoded.status, DecodeStatus::packet) << describe(decoded.error);
    EXPECT_EQ(decoded.packet.type, good.type);
    EXPECT_EQ(decoded.packet.nsp, good.nsp);
    EXPECT_EQ(decoded.packet.id, good.id);
    EXPECT_EQ(decoded.packet.payload, good.payload);
    EXPECT_EQ(std::vector<std::string>(decoded.packet.elements.begin(), decoded.packet.elements.end()),
              good.elements);
    EXPECT_TRUE(decoded.packet.attachments.empty());
  }
}

// A message is never a piece of another: what is cut anywhere is an error or a shorter good packet of its
// own.
TEST_F(DecoderTest, CutMessagesStandAlone) {
  for (const Good& good : good_packets()) {
    for (std::size_t size = 0; size < good.message.size(); ++size) {
      SCOPED_TRACE(good.message.substr(0, size));
      Decoder decoder;
      std::string cut = good.message.substr(0, size);
      Decoded decoded = decoder.feed_text(cut, space_);
      EXPECT_NE(decoded.status, DecodeStatus::incomplete);
      bool needs_no_payload =
          decoded.packet.type == PacketType::connect || decoded.packet.type == PacketType::disconnect;
      EXPECT_TRUE(decoded.status == DecodeStatus::error || needs_no_payload);
    }
  }
}

TEST_F(DecoderTest, RefusesWhatTheProtocolForbids) {
  struct {
    std::string message;
    Error error;
  } const bad[] = {
      {"", Error::empty_packet},
      {"7", Error::unknown_type},
      {"a[\"x\"]", Error::unknown_type},
      {"/", Error::unknown_type},
      {"4{\"message\":\"x\"}", Error::connect_error_from_client},
      {"4", Error::connect_error_from_client},
      {"0[]", Error::bad_payload},
      {"0\"token\"", Error::bad_payload},
      {"0null", Error::bad_payload},
      {"01", Error::bad_payload},
      {"0{", Error::bad_json},
      {"0{} {}", Error::bad_json},
      {"1{}", Error::bad_payload},
      {"10", Error::bad_payload},
      {"1/admin,{}", Error::bad_payload},
      {"2", Error::bad_payload},
      {"2/chat,", Error::bad_payload},
      {"2[]", Error::bad_payload},
      {"2{}", Error::bad_payload},
      {"2\"say\"", Error::bad_payload},
      {"2[null]", Error::bad_payload},
      {"2[true]", Error::bad_payload},
      {"2[{}]", Error::bad_payload},
      {"2[[\"say\"]]", Error::bad_payload},
      {"2[\"say\"", Error::bad_json},
      {"2[\"say\"]x", Error::bad_json},
      {"2[\"say\",]", Error::bad_json},
      {"2[\"\xFF\"]", Error::bad_json},
      {"2-1[\"say\"]", Error::bad_json},
      {"218446744073709551616[\"a\"]", Error::bad_ack_id},
      {"3[]", Error::missing_ack_id},
      {"3x[]", Error::missing_ack_id},
      {"313", Error::bad_payload},
      {"313{}", Error::bad_payload},
      {"2[\"connect\"]", Error::reserved_event},
      {"2[\"connect_error\"]", Error::reserved_event},
      {"2[\"disconnect\"]", Error::reserved_event},
      {"2[\"disconnecting\"]", Error::reserved_event},
      {"2[\"newListener\"]", Error::reserved_event},
      {"2[\"removeListener\"]", Error::reserved_event},
      {"2[\"\\u0063onnect\"]", Error::reserved_event},
      {"5[\"a\"]", Error::bad_attachment_count},
      {"51[\"a\"]", Error::bad_attachment_count},
      {"5-[\"a\"]", Error::bad_attachment_count},
      {"5", Error::bad_attachment_count},
      {"51", Error::bad_attachment_count},
      {"50-[\"a\"]", Error::bad_attachment_count},
      {"5-1-[\"a\"]", Error::bad_attachment_count},
      {"51.0-[\"a\"]", Error::bad_attachment_count},
      {"511-[\"a\"]", Error::too_many_attachments},
      {"599999999999999999999-[\"a\"]", Error::too_many_attachments},
      {"51-[\"a\",{\"_placeholder\":true,\"num\":1}]", Error::bad_placeholder},
      {"51-[\"a\",{\"_placeholder\":true,\"num\":-1}]", Error::bad_placeholder},
      {"51-[\"a\",{\"_placeholder\":true,\"num\":\"0\"}]", Error::bad_placeholder},
      {"51-[\"a\",{\"_placeholder\":true,\"num\":0.5}]", Error::bad_placeholder},
      {"51-[\"a\",[{\"x\":{\"_placeholder\":true}}]]", Error::bad_placeholder},
      {"51-[\"connect\",{\"_placeholder\":true,\"num\":0}]", Error::reserved_event},
      {"61-[{\"_placeholder\":true,\"num\":0}]", Error::missing_ack_id},
      {"0/\xFF,", Error::bad_namespace},
      {std::string("0").append(long_name(kMaxNamespaceName + 1)), Error::namespace_too_long},
      {std::string("2[\"deep\",") + std::string(70, '[') + std::string(70, ']') + "]", Error::bad_json},
  };
  for (const auto& [message, error] : bad) {
    SCOPED_TRACE(message);
    Decoder decoder;
    Decoded decoded = decoder.feed_text(message, space_);
    EXPECT_EQ(decoded.status, DecodeStatus::error);
    EXPECT_EQ(describe(decoded.error), describe(error));
    EXPECT_EQ(decoder.pending_bytes(), 0U);
  }
}

TEST_F(DecoderTest, ANamespaceMayBeAsLongAsTheLimit) {
  std::string name = long_name(kMaxNamespaceName);
  std::string message = std::string("0").append(name);
  Decoded decoded = feed(message);
  ASSERT_EQ(decoded.status, DecodeStatus::packet);
  EXPECT_EQ(decoded.packet.nsp, name);
}

TEST_F(DecoderTest, GathersAttachments) {
  {
    // The message's memory may go: nothing of it is needed when the attachments come.
    std::string message =
        R"(52-/files,7["put",{"_placeholder":true,"num":1},[{"b":{"_placeholder":true,"num":0}}]])";
    EXPECT_EQ(feed(message).status, DecodeStatus::incomplete);
    EXPECT_EQ(decoder_.pending_bytes(), message.size());
  }
  EXPECT_EQ(decoder_.feed_binary("first").status, DecodeStatus::incomplete);
  Decoded decoded = decoder_.feed_binary(std::string_view("\0\xFF", 2));
  ASSERT_EQ(decoded.status, DecodeStatus::packet);
  EXPECT_EQ(decoder_.pending_bytes(), 0U);

  Decoded moved = std::move(decoded);
  const Packet& packet = moved.packet;
  EXPECT_EQ(packet.type, PacketType::binary_event);
  EXPECT_TRUE(packet.is_event());
  EXPECT_EQ(packet.nsp, "/files");
  EXPECT_EQ(packet.id, 7U);
  ASSERT_EQ(packet.elements.size(), 3U);
  EXPECT_EQ(packet.elements[0], "\"put\"");
  EXPECT_EQ(packet.elements[1], R"({"_placeholder":true,"num":1})");
  ASSERT_EQ(packet.attachments.size(), 2U);
  EXPECT_EQ(packet.attachments[0].view(), "first");
  EXPECT_EQ(packet.attachments[1].view(), std::string_view("\0\xFF", 2));

  EXPECT_EQ(feed("2[\"next\"]").status, DecodeStatus::packet);
}

TEST_F(DecoderTest, GathersBinaryAcks) {
  EXPECT_EQ(feed(R"(61-3[{"_placeholder":true,"num":0}])").status, DecodeStatus::incomplete);
  Decoded decoded = decoder_.feed_binary("");
  ASSERT_EQ(decoded.status, DecodeStatus::packet);
  EXPECT_TRUE(decoded.packet.is_ack());
  EXPECT_EQ(decoded.packet.id, 3U);
  EXPECT_EQ(decoded.packet.attachments.size(), 1U);
}

TEST_F(DecoderTest, TenAttachmentsAreTheLimit) {
  EXPECT_EQ(feed("510-[\"a\"]").status, DecodeStatus::incomplete);
  for (int i = 0; i < 9; ++i)
    EXPECT_EQ(decoder_.feed_binary("x").status, DecodeStatus::incomplete);
  EXPECT_EQ(decoder_.feed_binary("x").status, DecodeStatus::packet);

  Decoder strict({.max_attachments = 1});
  EXPECT_EQ(strict.feed_text("52-[\"a\"]", space_).error, Error::too_many_attachments);
}

TEST_F(DecoderTest, TextIsRefusedWhileBinaryIsDue) {
  EXPECT_EQ(feed("51-[\"a\"]").status, DecodeStatus::incomplete);
  EXPECT_EQ(feed("2[\"b\"]").error, Error::text_instead_of_binary);
  EXPECT_EQ(decoder_.pending_bytes(), 0U);
}

TEST_F(DecoderTest, BinaryOutOfTurnIsRefused) {
  EXPECT_EQ(decoder_.feed_binary("x").error, Error::unexpected_binary);
}

TEST_F(DecoderTest, AnErrorStays) {
  EXPECT_EQ(feed("9").error, Error::unknown_type);
  EXPECT_EQ(feed("2[\"fine\"]").error, Error::unknown_type);
  EXPECT_EQ(decoder_.feed_binary("x").error, Error::unknown_type);
}

TEST_F(DecoderTest, PendingBytesAreBounded) {
  const std::string text = R"(52-["a"])";
  DecoderOptions options{.max_pending_bytes = text.size() + 10};
  Decoder at_limit(options);
  EXPECT_EQ(at_limit.feed_text(text, space_).status, DecodeStatus::incomplete);
  EXPECT_EQ(at_limit.feed_binary("12345").status, DecodeStatus::incomplete);
  EXPECT_EQ(at_limit.feed_binary("12345").status, DecodeStatus::packet);

  Decoder past_limit(options);
  EXPECT_EQ(past_limit.feed_text(text, space_).status, DecodeStatus::incomplete);
  EXPECT_EQ(past_limit.feed_binary("12345").status, DecodeStatus::incomplete);
  EXPECT_EQ(past_limit.feed_binary("123456").error, Error::too_many_bytes);

  Decoder no_text({.max_pending_bytes = text.size() - 1});
  EXPECT_EQ(no_text.feed_text(text, space_).error, Error::too_many_bytes);
}

TEST(DecoderSize, AnIdleDecoderIsSmall) {
  EXPECT_LE(sizeof(Decoder), 40U);
}

}  // namespace
}  // namespace naru::socketio
