#include "naru/client/websocket_frames.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/split_everywhere.hpp"

namespace apps {
namespace {

using namespace std::string_literals;

std::string frames_of(naru::test::Pieces pieces, std::size_t longest) {
  WebSocketFrames frames(longest);
  std::string all;
  for (const auto piece : pieces) {
    frames.add({piece.data(), piece.size()});
    while (const auto frame = frames.next())
      all += "["s + "tbPpc"[static_cast<int>(frame->kind)] + frame->payload + "]";
  }
  return all + (frames.fault().empty() ? "" : "!");
}

std::string outcome(std::string_view bytes, std::size_t longest = 70'000) {
  return naru::test::expect_same_when_split(
      bytes, [longest](naru::test::Pieces pieces) { return frames_of(pieces, longest); });
}

TEST(WebSocketFramesTest, WholeMessages) {
  EXPECT_EQ(outcome(""), "");
  EXPECT_EQ(outcome("\x81\x02hi"s), "[thi]");
  EXPECT_EQ(outcome("\x82\x01x\x81\x00"s), "[bx][t]");
  EXPECT_EQ(outcome("\x81\x7E\x00\x80"s + std::string(128, 'a')), "[t" + std::string(128, 'a') + "]");
  EXPECT_EQ(outcome("\x81\x7F\x00\x00\x00\x00\x00\x00\x00\x02hi"s), "[thi]");
  EXPECT_EQ(outcome("\x81\x05hi"s), "");
}

TEST(WebSocketFramesTest, MessagesInPiecesWithControlFramesBetween) {
  EXPECT_EQ(outcome("\x01\x02he\x89\x01?\x00\x01l\x80\x02lo"s), "[P?][thello]");
  EXPECT_EQ(outcome("\x8A\x00\x88\x02\x03\xE8"s), "[p][c\x03\xE8]");
}

TEST(WebSocketFramesTest, WhatAServerMayNotSend) {
  const std::vector<std::string> rows = {
      "\xC1\x00"s,          // a reserved bit
      "\x81\x80\x00\x00"s,  // masked
      "\x83\x00"s,          // unknown
      "\x8B\x00"s,          // unknown, control
      "\x09\x00"s,          // control in pieces
      "\x89\x7E\x00\x7E"s,  // control too long
      "\x80\x00"s,          // nothing to continue
      "\x01\x00\x81\x00"s,  // the former is not complete
  };
  for (const std::string& row : rows)
    EXPECT_EQ(outcome(row), "!") << testing::PrintToString(row);
  EXPECT_EQ(outcome("\x81\x02hi\x83\x00\x81\x02no"s), "[thi]!");
}

TEST(WebSocketFramesTest, AsLongAsAllowed) {
  EXPECT_EQ(outcome("\x81\x04"s + "four", 4), "[tfour]");
  EXPECT_EQ(outcome("\x81\x05"s + "fiver", 4), "!");
  EXPECT_EQ(outcome("\x01\x03one\x80\x01"s + "1", 4), "[tone1]");
  EXPECT_EQ(outcome("\x01\x03one\x80\x02"s + "12", 4), "!");
  EXPECT_EQ(outcome("\x81\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s, 4), "!");
}

TEST(WebSocketFramesTest, AClientsFramesAreMasked) {
  EXPECT_EQ(client_frame(WebSocketFrame::Kind::text, "Hello", {0x37, 0xFA, 0x21, 0x3D}),
            "\x81\x85\x37\xFA\x21\x3D\x7F\x9F\x4D\x51\x58"s);  // RFC 6455 5.7
  EXPECT_EQ(client_frame(WebSocketFrame::Kind::text, std::string(126, 'a'), {}).substr(0, 4),
            "\x81\xFE\x00\x7E"s);
  EXPECT_EQ(client_frame(WebSocketFrame::Kind::binary, std::string(65'536, 'a'), {}).substr(0, 10),
            "\x82\xFF\x00\x00\x00\x00\x00\x01\x00\x00"s);
}

TEST(WebSocketFramesTest, WhatACloseSays) {
  EXPECT_EQ(close_sentence(""), "1005");
  EXPECT_EQ(close_sentence("\x03\xE9"s), "1001");
  EXPECT_EQ(close_sentence("\x03\xE9going"s), "1001 going");
}

}  // namespace
}  // namespace apps
