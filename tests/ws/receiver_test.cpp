#include "ws/receiver.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/split_everywhere.hpp"
#include "ws/client_frames.hpp"
#include "ws/transcript.hpp"

namespace naru::ws {
namespace {

std::string transcript_of(test::Pieces pieces, const ReceiverLimits& limits) {
  Transcript events;
  Receiver receiver(limits, events);
  const std::string rest =
      test::feed_with_tail(pieces, [&](std::span<char> bytes) { return receiver.feed(bytes); });
  if (!rest.empty()) events.text += std::to_string(rest.size()) + " bytes left\n";
  return events.text;
}

std::string transcript(std::string_view bytes, const ReceiverLimits& limits = {}) {
  return test::expect_same_when_split(bytes,
                                      [&](test::Pieces pieces) { return transcript_of(pieces, limits); });
}

TEST(Receiver, TakesWholeMessages) {
  EXPECT_EQ(transcript(client_text("hello") + client_binary("\x01\x02") + client_text("")),
            "text hello\nbinary \x01\x02\ntext \n");
}

TEST(Receiver, TakesEveryFormOfLength) {
  for (const std::size_t size : {125, 126, 127, 300}) {
    const std::string payload(size, 'x');
    EXPECT_EQ(transcript(client_text(payload)), "text " + payload + "\n");
  }
  for (const std::size_t size : {65535, 65536, 70000}) {
    const std::string payload(size, 'y');
    const std::string frame = client_binary(payload);
    EXPECT_EQ(transcript_of(test::whole(frame).pieces(), {}), "binary " + payload + "\n");
    EXPECT_EQ(transcript_of(test::cut_every(frame, 1000).pieces(), {}), "binary " + payload + "\n");
  }
}

TEST(Receiver, JoinsFragmentsAndTakesControlFramesBetweenThem) {
  EXPECT_EQ(transcript(fragment(Opcode::text, "one ") + client_control(Opcode::ping, "p") +
                       fragment(Opcode::continuation, "two ") + client_control(Opcode::pong, "q") +
                       fragment(Opcode::continuation, "") + fragment(Opcode::continuation, "three", true) +
                       client_text("next")),
            "ping p\npong q\ntext one two three\ntext next\n");
  EXPECT_EQ(transcript(fragment(Opcode::binary, "") + fragment(Opcode::continuation, "", true)), "binary \n");
}

TEST(Receiver, TakesAMessageThatIsWholeInPlace) {
  struct Place : Transcript {
    void on_message(std::string_view data, bool) override { at = data.data(); }
    const char* at = nullptr;
  };
  Place events;
  const ReceiverLimits limits;
  Receiver receiver(limits, events);
  std::string bytes = client_text("hello");
  EXPECT_EQ(receiver.feed(bytes), bytes.size());
  EXPECT_EQ(events.at, bytes.data() + 6);
  EXPECT_EQ(receiver.buffered(), 0U);
}

TEST(Receiver, CloseFrameIsTheLastEvent) {
  EXPECT_EQ(transcript(client_control(Opcode::close,
                                      "\x03\xE8"
                                      "bye") +
                       client_text("after")),
            "close 1000 bye\n");
  EXPECT_EQ(transcript(client_control(Opcode::close)), "close 1005 \n");
  EXPECT_EQ(transcript(client_control(Opcode::close, "\x03")), "failure 1002 invalid close code\n");
  EXPECT_EQ(transcript(client_control(Opcode::close, "\x03\xED")), "failure 1002 invalid close code\n");
  EXPECT_EQ(transcript(client_control(Opcode::close, "\x03\xE8\xFF")),
            "failure 1007 close reason that is not UTF-8\n");
}

TEST(Receiver, BreachesAreFailuresAndNothingComesAfterThem) {
  struct Case {
    std::string bytes;
    std::string_view failure;
  };
  const std::string good = client_text("good");
  const std::string long_control(126, 'x');
  const std::vector<Case> cases = {
      {encode({.payload = "x", .reserved = 4}), "1002 reserved bits without an extension"},
      {encode({.payload = "x", .reserved = 2}), "1002 reserved bits without an extension"},
      {encode({.payload = "x", .reserved = 1}), "1002 reserved bits without an extension"},
      {encode({.opcode = Opcode::ping, .reserved = 4}), "1002 reserved bits without an extension"},
      {encode({.opcode = static_cast<Opcode>(3)}), "1002 unknown opcode"},
      {encode({.opcode = static_cast<Opcode>(7)}), "1002 unknown opcode"},
      {encode({.opcode = static_cast<Opcode>(11)}), "1002 unknown opcode"},
      {encode({.opcode = static_cast<Opcode>(15)}), "1002 unknown opcode"},
      {encode({.payload = "x", .is_masked = false}), "1002 frame from a client without a mask"},
      {encode({.opcode = Opcode::close, .is_masked = false}), "1002 frame from a client without a mask"},
      {encode({.opcode = Opcode::ping, .is_final = false}), "1002 fragmented control frame"},
      {client_control(Opcode::ping, long_control), "1002 control frame of more than 125 bytes"},
      {client_control(Opcode::close, long_control), "1002 control frame of more than 125 bytes"},
      {fragment(Opcode::continuation, "x", true), "1002 continuation without a beginning"},
      {fragment(Opcode::continuation, "x"), "1002 continuation without a beginning"},
      {fragment(Opcode::text, "a") + client_text("b"), "1002 new message inside a fragmented one"},
      {fragment(Opcode::text, "a") + fragment(Opcode::binary, "b"),
       "1002 new message inside a fragmented one"},
      {std::string("\x81\xFE\x00\x7D", 4) + "keys", "1002 length not in its shortest form"},
      {std::string("\x81\xFF\x00\x00\x00\x00\x00\x00\xFF\xFF", 10) + "keys",
       "1002 length not in its shortest form"},
      {std::string("\x81\xFF\x80\x00\x00\x00\x00\x00\x00\x01", 10) + "keys",
       "1002 length of more than 63 bits"},
      {std::string("\x82\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10) + "keys",
       "1009 message over the limit max_message"},
  };
  for (const Case& expected : cases) {
    EXPECT_EQ(transcript(good + expected.bytes + good),
              "text good\nfailure " + std::string(expected.failure) + "\n");
  }
}

TEST(Receiver, FailsAtTheSecondByteOfAHopelessHeader) {
  EXPECT_EQ(transcript("\xF1\x85"), "failure 1002 reserved bits without an extension\n");
  EXPECT_EQ(transcript("\x81\x05"), "failure 1002 frame from a client without a mask\n");
}

// --- UTF-8 ---

TEST(Receiver, TextMustBeUtf8) {
  EXPECT_EQ(transcript(client_text("\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5")),
            "text \xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\n");
  EXPECT_EQ(transcript(client_binary("\xFF\xFE")), "binary \xFF\xFE\n");
  EXPECT_EQ(transcript(fragment(Opcode::text, "\xE2\x82") + fragment(Opcode::continuation, "\xAC", true)),
            "text \xE2\x82\xAC\n");
}

// Whether the frame is there whole or not decides only the sentence.
TEST(Receiver, TextThatIsNotUtf8Is1007) {
  for (const std::string_view bad :
       {"\xFF", "a\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xE2\x82"}) {
    const std::string frame = client_text(bad);
    for (std::size_t cut = 0; cut <= frame.size(); ++cut) {
      EXPECT_EQ(transcript_of(test::cut_at(frame, cut).pieces(), {}).substr(0, 12), "failure 1007") << cut;
    }
  }
  EXPECT_EQ(transcript(fragment(Opcode::text, "\xE2\x82") + fragment(Opcode::continuation, "", true)),
            "failure 1007 text that ends inside a character\n");
}

TEST(Receiver, FailsAtTheFirstByteThatCannotBecomeUtf8InsideAFrame) {
  const std::string frame = client_text("\xCE\xBA\xF4\x90 and much more");
  Transcript events;
  const ReceiverLimits limits;
  Receiver receiver(limits, events);
  const std::size_t hopeless_at = frame.size() - std::string_view("\x90 and much more").size();
  std::string hopeful = frame.substr(0, hopeless_at);
  EXPECT_EQ(receiver.feed(hopeful), hopeful.size());
  EXPECT_EQ(events.text, "") << "what has come may still become right";
  std::string hopeless = frame.substr(hopeless_at, 1);
  receiver.feed(hopeless);
  EXPECT_EQ(events.text, "failure 1007 text that is not UTF-8\n");
}

// --- limits ---

TEST(Receiver, MessageMayBeExactlyAsLargeAsTheLimit) {
  const ReceiverLimits limits{.max_message = 10};
  EXPECT_EQ(transcript(client_text("1234567890"), limits), "text 1234567890\n");
  EXPECT_EQ(transcript(client_text("12345678901"), limits),
            "failure 1009 message over the limit max_message\n");
  EXPECT_EQ(
      transcript(fragment(Opcode::text, "12345") + fragment(Opcode::continuation, "67890", true), limits),
      "text 1234567890\n");
  EXPECT_EQ(
      transcript(fragment(Opcode::text, "12345") + fragment(Opcode::continuation, "678901", true), limits),
      "failure 1009 message over the limit max_message\n");
  EXPECT_EQ(
      transcript(fragment(Opcode::text, "1234567890") + client_control(Opcode::ping, "a longer payload") +
                     fragment(Opcode::continuation, "", true),
                 limits),
      "ping a longer payload\ntext 1234567890\n")
      << "control frames do not count";
}

TEST(Receiver, MessageMayHaveExactlyAsManyFragmentsAsTheLimit) {
  const ReceiverLimits limits{.max_fragments = 3};
  const std::string two = fragment(Opcode::text, "a") + fragment(Opcode::continuation, "b");
  EXPECT_EQ(transcript(two + fragment(Opcode::continuation, "c", true), limits), "text abc\n");
  EXPECT_EQ(transcript(two + fragment(Opcode::continuation, "c") + fragment(Opcode::continuation, "d", true),
                       limits),
            "failure 1008 message in more frames than the limit max_fragments\n");
}

TEST(Receiver, TakesAMessageOf65536Fragments) {
  std::string bytes = fragment(Opcode::binary, "x");
  for (int i = 0; i < 65'534; ++i)
    bytes += fragment(Opcode::continuation, "x");
  bytes += fragment(Opcode::continuation, "x", true);
  EXPECT_EQ(transcript_of(test::whole(bytes).pieces(), {}), "binary " + std::string(65'536, 'x') + "\n");
}

TEST(Receiver, TakesAMessageOf16MebibytesWhenTheLimitAllows) {
  const std::string payload(16 * 1024 * 1024, 'x');
  const std::string frame = client_text(payload);
  EXPECT_EQ(transcript_of(test::cut_every(frame, 65'536).pieces(), {.max_message = payload.size()}),
            "text " + payload + "\n");
}

TEST(Receiver, AnnouncedLengthAllocatesNothing) {
  Transcript events;
  const ReceiverLimits limits{.max_message = std::size_t{1} << 62};
  Receiver receiver(limits, events);
  std::string bytes("\x82\xFF\x10\x00\x00\x00\x00\x00\x00\x00keysabc", 17);
  EXPECT_EQ(receiver.feed(bytes), bytes.size());
  EXPECT_EQ(receiver.buffered(), 3U);
  EXPECT_EQ(events.text, "");
}

TEST(Receiver, LeavesAtMostAHeaderAndAControlPayloadUnconsumed) {
  const std::string frame = client_control(Opcode::ping, std::string(125, 'x'));
  Transcript events;
  const ReceiverLimits limits;
  Receiver receiver(limits, events);
  std::string cut = frame.substr(0, frame.size() - 1);
  EXPECT_EQ(receiver.feed(cut), 0U);
  EXPECT_LE(cut.size(), 138U);
}

// --- stop ---

struct Stopping : Transcript {
  void on_message(std::string_view data, bool binary) override {
    Transcript::on_message(data, binary);
    receiver->stop();
  }
  Receiver* receiver = nullptr;
};

TEST(Receiver, StopLeavesTheRestUntilStart) {
  Stopping events;
  const ReceiverLimits limits;
  Receiver receiver(limits, events);
  events.receiver = &receiver;
  const std::string first = client_text("one");
  std::string bytes = first + client_text("two");
  EXPECT_EQ(receiver.feed(bytes), first.size());
  std::string rest = bytes.substr(first.size());
  EXPECT_EQ(receiver.feed(rest), 0U);
  EXPECT_EQ(events.text, "text one\n");
  receiver.start();
  EXPECT_EQ(receiver.feed(rest), rest.size());
  EXPECT_EQ(events.text, "text one\ntext two\n");
}

TEST(Receiver, DiscardTakesEverythingAndSaysNothing) {
  Transcript events;
  const ReceiverLimits limits;
  Receiver receiver(limits, events);
  std::string begun = fragment(Opcode::text, "begun");
  receiver.feed(begun);
  EXPECT_EQ(receiver.buffered(), 5U);
  receiver.discard();
  EXPECT_EQ(receiver.buffered(), 0U);
  std::string bytes = client_text("after");
  EXPECT_EQ(receiver.feed(bytes), bytes.size());
  EXPECT_EQ(events.text, "");
}

}  // namespace
}  // namespace naru::ws
