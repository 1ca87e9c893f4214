#include "socketio/encoder.hpp"

#include <gtest/gtest.h>

#include <string>

#include "socketio/decoder.hpp"

namespace naru::socketio {
namespace {

constexpr std::size_t kHeadroom = 16;

template <class Write>
std::string encoded(Write write) {
  base::FrameBuilder out(kHeadroom);
  write(out);
  EXPECT_EQ(out.headroom(), kHeadroom) << "what stands in front belongs to the transport";
  return std::string(out.view());
}

TEST(Encoder, Events) {
  auto event = [](std::string_view nsp, std::optional<std::uint64_t> id, std::string_view arguments,
                  std::size_t attachments = 0) {
    return encoded([&](auto& out) { encode_event(out, nsp, id, arguments, attachments); });
  };
  EXPECT_EQ(event("/", {}, "\"say\""), "2[\"say\"]");
  EXPECT_EQ(event("/", 0, "\"say\",1"), "20[\"say\",1]");
  EXPECT_EQ(event("/chat", {}, "\"say\""), "2/chat,[\"say\"]");
  EXPECT_EQ(event("/chat", 18446744073709551615U, "\"say\""), "2/chat,18446744073709551615[\"say\"]");
  EXPECT_EQ(event("/", {}, "\"f\",{\"_placeholder\":true,\"num\":0}", 1),
            "51-[\"f\",{\"_placeholder\":true,\"num\":0}]");
  EXPECT_EQ(event("/chat", 3, "\"f\"", 10), "510-/chat,3[\"f\"]");
}

TEST(Encoder, Acks) {
  EXPECT_EQ(encoded([](auto& out) { encode_ack(out, "/", 13, ""); }), "313[]");
  EXPECT_EQ(encoded([](auto& out) { encode_ack(out, "/chat", 0, "\"ok\",2"); }), "3/chat,0[\"ok\",2]");
  EXPECT_EQ(encoded([](auto& out) { encode_ack(out, "/", 1, "null", 2); }), "62-1[null]");
}

TEST(Encoder, Connect) {
  EXPECT_EQ(encoded([](auto& out) { encode_connect(out, "/", "abc"); }), "0{\"sid\":\"abc\"}");
  EXPECT_EQ(encoded([](auto& out) { encode_connect(out, "/a", "abc", "p\"q"); }),
            "0/a,{\"sid\":\"abc\",\"pid\":\"p\\\"q\"}");
}

TEST(Encoder, ConnectError) {
  EXPECT_EQ(encoded([](auto& out) { encode_connect_error(out, "/x", "Invalid namespace"); }),
            "4/x,{\"message\":\"Invalid namespace\"}");
  EXPECT_EQ(encoded([](auto& out) { encode_connect_error(out, "/", "no \"you\"", "{\"code\":1}"); }),
            "4{\"message\":\"no \\\"you\\\"\",\"data\":{\"code\":1}}");
}

TEST(Encoder, Disconnect) {
  EXPECT_EQ(encoded([](auto& out) { encode_disconnect(out, "/"); }), "1");
  EXPECT_EQ(encoded([](auto& out) { encode_disconnect(out, "/chat"); }), "1/chat,");
}

TEST(Encoder, WhatItWritesTheDecoderReads) {
  std::string text = encoded([](auto& out) { encode_event(out, "/chat", 5, "\"say\",[1,2]"); });
  Decoder decoder;
  DecoderSpace space;
  Decoded decoded = decoder.feed_text(text, space);
  ASSERT_EQ(decoded.status, DecodeStatus::packet);
  EXPECT_EQ(decoded.packet.nsp, "/chat");
  EXPECT_EQ(decoded.packet.id, 5U);
  EXPECT_EQ(decoded.packet.elements.size(), 2U);
}

}  // namespace
}  // namespace naru::socketio
