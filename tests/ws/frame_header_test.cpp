#include "ws/frame_header.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace naru::ws {
namespace {

std::string header_of(Opcode opcode, std::size_t payload_size) {
  std::array<char, kMaxFrameHeader> space;
  space.fill('#');
  const std::size_t size = write_frame_header(space.data() + space.size(), opcode, payload_size);
  EXPECT_EQ(size, frame_header_size(payload_size));
  for (std::size_t i = 0; i + size < space.size(); ++i)
    EXPECT_EQ(space[i], '#') << "written before the header";
  return {space.data() + space.size() - size, size};
}

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values)
    out += static_cast<char>(value);
  return out;
}

TEST(FrameHeader, HasTheShortestFormOfEverySize) {
  EXPECT_EQ(header_of(Opcode::text, 0), bytes({0x81, 0}));
  EXPECT_EQ(header_of(Opcode::binary, 125), bytes({0x82, 125}));
  EXPECT_EQ(header_of(Opcode::text, 126), bytes({0x81, 126, 0, 126}));
  EXPECT_EQ(header_of(Opcode::text, 0xFFFF), bytes({0x81, 126, 0xFF, 0xFF}));
  EXPECT_EQ(header_of(Opcode::text, 0x10000), bytes({0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}));
  EXPECT_EQ(header_of(Opcode::binary, 0x0102030405060708), bytes({0x82, 127, 1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(header_of(Opcode::close, 2), bytes({0x88, 2}));
  EXPECT_EQ(header_of(Opcode::ping, 0), bytes({0x89, 0}));
  EXPECT_EQ(header_of(Opcode::pong, 0), bytes({0x8A, 0}));
}

TEST(FrameHeader, EncodedFrameIsHeaderAndPayload) {
  EXPECT_EQ(encode_frame(Opcode::text, "hello").view(), bytes({0x81, 5}) + "hello");
  EXPECT_EQ(encode_frame(Opcode::pong, "").view(), bytes({0x8A, 0}));
  const std::string large(70'000, 'x');
  EXPECT_EQ(encode_frame(Opcode::binary, large).view(), header_of(Opcode::binary, large.size()) + large);
}

TEST(FrameHeader, CompressedFrameSaysSo) {
  EXPECT_EQ(encode_compressed_frame(Opcode::text, "hello").view(), bytes({0xC1, 5}) + "hello");
  EXPECT_EQ(encode_compressed_frame(Opcode::binary, "x").view(), bytes({0xC2, 1}) + "x");
}

TEST(FrameHeader, WholeFramesAreTakenApart) {
  for (const std::size_t size : {0, 1, 125, 126, 127, 65'535, 65'536}) {
    const std::string payload(size, 'x');
    for (const Opcode opcode : {Opcode::text, Opcode::binary}) {
      EXPECT_EQ(frame_payload(encode_frame(opcode, payload).view()), payload);
      EXPECT_EQ(frame_opcode(encode_frame(opcode, payload).view()), opcode);
      EXPECT_EQ(frame_payload(encode_compressed_frame(opcode, payload).view()), payload);
      EXPECT_EQ(frame_opcode(encode_compressed_frame(opcode, payload).view()), opcode);
    }
  }
}

TEST(FrameHeader, ControlOpcodesAreKnown) {
  EXPECT_FALSE(is_control(Opcode::continuation));
  EXPECT_FALSE(is_control(Opcode::text));
  EXPECT_FALSE(is_control(Opcode::binary));
  EXPECT_TRUE(is_control(Opcode::close));
  EXPECT_TRUE(is_control(Opcode::ping));
  EXPECT_TRUE(is_control(Opcode::pong));
}

}  // namespace
}  // namespace naru::ws
