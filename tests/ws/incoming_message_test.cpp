#include "ws/incoming_message.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "ws/compression_fixture.hpp"

namespace naru::ws {
namespace {

std::string text_of(const std::optional<Breach>& breach) {
  return breach ? std::to_string(number(breach->code)) + " " + std::string(breach->sentence) : "fine";
}

TEST(IncomingMessage, PlainTextIsCheckedAtEachPiece) {
  IncomingMessage message(Opcode::text, nullptr, 100);
  EXPECT_EQ(text_of(message.append("a\xE2\x82")), "fine");
  EXPECT_EQ(text_of(message.append("\xAC")), "fine");
  EXPECT_EQ(text_of(message.finish()), "fine");
  EXPECT_EQ(message.bytes(), "a\xE2\x82\xAC");
  EXPECT_FALSE(message.is_binary());
  EXPECT_EQ(text_of(message.append("\xFF")), "1007 text that is not UTF-8");
}

TEST(IncomingMessage, TextMayNotEndInsideACharacterAndBinaryMay) {
  for (const Opcode opcode : {Opcode::text, Opcode::binary}) {
    IncomingMessage message(opcode, nullptr, 100);
    EXPECT_EQ(text_of(message.append("\xE2\x82")), "fine");
    EXPECT_EQ(text_of(message.finish()),
              opcode == Opcode::binary ? "fine" : "1007 text that ends inside a character");
  }
}

TEST(IncomingMessage, ExpectsNoMoreThanTheLimit) {
  IncomingMessage message(Opcode::binary, nullptr, 10);
  EXPECT_EQ(text_of(message.expect(10)), "fine");
  EXPECT_EQ(text_of(message.expect(11)), "1009 message over the limit max_message");
  EXPECT_EQ(text_of(message.append("1234567")), "fine");
  EXPECT_EQ(text_of(message.expect(3)), "fine");
  EXPECT_EQ(text_of(message.expect(4)), "1009 message over the limit max_message");
}

class CompressedMessage : public ::testing::Test {
 protected:
  CountingHost host;
  CompressionSpace space{host};
  Inflater inflater{space, kNoTakeover};
};

TEST_F(CompressedMessage, IsInflatedAndCheckedAtEachPiece) {
  const std::string payload = ClientDeflate().message("caf\xC3\xA9 " + words(300));
  IncomingMessage message(Opcode::text, &inflater, 1000);
  for (const char byte : payload)
    ASSERT_EQ(text_of(message.append({&byte, 1})), "fine");
  EXPECT_EQ(text_of(message.finish()), "fine");
  EXPECT_EQ(message.bytes(), "caf\xC3\xA9 " + words(300));
}

TEST_F(CompressedMessage, FailsAtTheFirstPieceThatCannotBecomeUtf8) {
  ClientDeflate client;
  const std::string good = client.flushed("good", Z_SYNC_FLUSH);
  const std::string bad = client.flushed("\xFF", Z_SYNC_FLUSH);
  IncomingMessage message(Opcode::text, &inflater, 1000);
  EXPECT_EQ(text_of(message.append(good)), "fine");
  EXPECT_EQ(text_of(message.append(bad)), "1007 text that is not UTF-8");
}

// Each begins where the one before has failed: the stream that it borrowed is fit for use.
TEST_F(CompressedMessage, BreachesAreSaid) {
  struct Case {
    std::string payload;
    std::string_view breach;
  };
  for (const Case& each :
       {Case{ClientDeflate().message("\xE2\x82"), "1007 text that ends inside a character"},
        Case{"\xFF\xFF", "1007 compressed data that is broken"},
        Case{"", "1007 compressed data that is broken"},
        Case{ClientDeflate().message(std::string(1001, 'x')), "1009 message over the limit max_message"},
        Case{ClientDeflate().message(std::string(1000, 'x')), "fine"}}) {
    IncomingMessage message(Opcode::text, &inflater, 1000);
    auto breach = message.append(each.payload);
    if (!breach) breach = message.finish();
    EXPECT_EQ(text_of(breach), each.breach);
  }
}

// What cannot be shrunk becomes a little longer: a message of the greatest size may come compressed.
TEST_F(CompressedMessage, MayBeALittleLongerOnTheWireThanTheLimit) {
  constexpr std::size_t kLimit = 100'000;
  const std::string payload = ClientDeflate().message(noise(kLimit));
  ASSERT_GT(payload.size(), kLimit);
  IncomingMessage message(Opcode::binary, &inflater, kLimit);
  EXPECT_EQ(text_of(message.expect(payload.size())), "fine");
  EXPECT_EQ(text_of(message.append(payload)), "fine");
  EXPECT_EQ(text_of(message.finish()), "fine");
  EXPECT_EQ(message.bytes(), noise(kLimit));
}

TEST_F(CompressedMessage, EndlessBytesThatStandForNothingAreRefused) {
  IncomingMessage message(Opcode::binary, &inflater, 640);
  const std::size_t most = 640 + 80 + 10 + 64;
  EXPECT_EQ(text_of(message.expect(most)), "fine");
  EXPECT_EQ(text_of(message.expect(most + 1)), "1009 message over the limit max_message");
  EXPECT_EQ(text_of(message.append(std::string("\x00\x00\x00\xFF\xFF", 5))), "fine");
  EXPECT_EQ(text_of(message.expect(most - 5)), "fine");
  EXPECT_EQ(text_of(message.expect(most - 4)), "1009 message over the limit max_message");
  IncomingMessage unlimited(Opcode::binary, nullptr, std::numeric_limits<std::size_t>::max());
  EXPECT_EQ(text_of(unlimited.expect(std::uint64_t{1} << 62)), "fine");
}

}  // namespace
}  // namespace naru::ws
