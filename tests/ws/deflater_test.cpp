#include "ws/deflater.hpp"

#include <gtest/gtest.h>

#include <string>

#include "ws/compression_fixture.hpp"
#include "ws/frame_header.hpp"

namespace naru::ws {
namespace {

bool is_compressed(const base::Frame& frame) {
  return (static_cast<unsigned char>(frame.data()[0]) & 0x40U) != 0;
}

std::string read_by(ClientInflate& client, const base::Frame& frame) {
  const std::string payload(frame_payload(frame.view()));
  return is_compressed(frame) ? client.message(payload) : payload;
}

class DeflaterTest : public ::testing::Test {
 protected:
  CountingHost host;
  CompressionSpace space{host};
  CompressionOptions options{.enabled = true};
};

TEST_F(DeflaterTest, CompressesFromTheThresholdOn) {
  options.threshold = 100;
  Deflater deflater(space, kNoTakeover, options);
  const base::Frame below = encode_frame(Opcode::text, std::string(99, 'x'));
  EXPECT_EQ(deflater.encode(below).data(), below.data());
  EXPECT_TRUE(is_compressed(deflater.encode(encode_frame(Opcode::text, std::string(100, 'x')))));
}

TEST_F(DeflaterTest, AnEmptyMessageIsNeverCompressed) {
  options.threshold = 0;
  for (const DeflateParameters& agreed : {kTakeover, kNoTakeover}) {
    Deflater deflater(space, agreed, options);
    EXPECT_FALSE(is_compressed(deflater.encode(encode_frame(Opcode::text, ""))));
  }
}

TEST_F(DeflaterTest, KeepsTheKindOfTheFrame) {
  Deflater deflater(space, kNoTakeover, options);
  for (const Opcode opcode : {Opcode::text, Opcode::binary}) {
    const base::Frame frame = deflater.encode(encode_frame(opcode, words(100'000)));
    EXPECT_EQ(static_cast<unsigned char>(frame.data()[0]), 0xC0U | static_cast<unsigned>(opcode));
    ClientInflate client;
    EXPECT_EQ(read_by(client, frame), words(100'000));
  }
}

TEST_F(DeflaterTest, WhatDoesNotShrinkStaysAsItIs) {
  Deflater deflater(space, kNoTakeover, options);
  const base::Frame frame = encode_frame(Opcode::binary, noise(5000));
  EXPECT_EQ(deflater.encode(frame).data(), frame.data());
  EXPECT_EQ(deflater.encode(frame).data(), frame.data()) << "also when it is asked again";
}

// With a window what was compressed must be sent: later messages refer to it.
TEST_F(DeflaterTest, WithAWindowEverythingIsReadInOrder) {
  options.threshold = 50;
  Deflater deflater(space, kTakeover, options);
  ClientInflate client;
  for (unsigned i = 0; i < 30; ++i) {
    const std::string text = i % 3 == 0 ? noise(3000, 7) : words(i * 20, 1);
    EXPECT_EQ(read_by(client, deflater.encode(encode_frame(Opcode::binary, text))), text) << i;
  }
  EXPECT_TRUE(deflater.has_window());
}

TEST_F(DeflaterTest, WithoutAWindowEveryMessageStandsAlone) {
  Deflater deflater(space, kNoTakeover, options);
  for (int i = 0; i < 3; ++i) {
    ClientInflate client;
    EXPECT_EQ(read_by(client, deflater.encode(encode_frame(Opcode::text, words(3000)))), words(3000));
  }
  EXPECT_FALSE(deflater.has_window());
}

TEST_F(DeflaterTest, AWindowThatWasFreedBeginsAnewAndTheClientCannotTell) {
  Deflater deflater(space, kTakeover, options);
  ClientInflate client;
  EXPECT_EQ(read_by(client, deflater.encode(encode_frame(Opcode::text, words(3000)))), words(3000));
  const std::ptrdiff_t with_window = host.held;
  deflater.free_window();
  EXPECT_FALSE(deflater.has_window());
  EXPECT_LT(host.held, with_window - 200'000);
  EXPECT_EQ(read_by(client, deflater.encode(encode_frame(Opcode::text, words(3000)))), words(3000));
  EXPECT_EQ(read_by(client, deflater.encode(encode_frame(Opcode::text, words(3000)))), words(3000));
}

TEST_F(DeflaterTest, EveryWindowSizeIsRead) {
  for (int bits = 8; bits <= 15; ++bits) {
    for (const bool alone : {false, true}) {
      Deflater deflater(space, {.server_no_context_takeover = alone, .server_max_window_bits = bits},
                        options);
      ClientInflate client(bits);
      for (const std::size_t size : {2000, 2000, 40'000, 2000}) {
        EXPECT_EQ(read_by(client, deflater.encode(encode_frame(Opcode::text, words(size)))), words(size));
        if (alone) client.forget();
      }
    }
  }
}

}  // namespace
}  // namespace naru::ws
