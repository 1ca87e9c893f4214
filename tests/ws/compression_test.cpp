#include "ws/compression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/split_everywhere.hpp"
#include "ws/client_frames.hpp"
#include "ws/compression_fixture.hpp"
#include "ws/session_fixture.hpp"
#include "ws/transcript.hpp"

namespace naru::ws {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

// --- reading ---

std::string inflating_transcript_of(test::Pieces pieces, const ReceiverLimits& limits) {
  CountingHost host;
  CompressionSpace space(host);
  Inflater inflater(space, kTakeover);
  Transcript events;
  Receiver receiver(limits, events, &inflater);
  const std::string rest =
      test::feed_with_tail(pieces, [&](std::span<char> bytes) { return receiver.feed(bytes); });
  if (!rest.empty()) events.text += std::to_string(rest.size()) + " bytes left\n";
  return events.text;
}

std::string inflating(std::string_view bytes, const ReceiverLimits& limits = {}) {
  return test::expect_same_when_split(
      bytes, [&](test::Pieces pieces) { return inflating_transcript_of(pieces, limits); });
}

std::string compressed(Opcode opcode, std::string_view payload, bool is_final = true) {
  return encode({.opcode = opcode, .payload = payload, .is_final = is_final, .reserved = 4});
}
constexpr std::string_view kHello("\xF2\x48\xCD\xC9\xC9\x07\x00", 7);

TEST(ReceiverOfCompressed, TakesTheSpecificationsExamples) {
  EXPECT_EQ(inflating(compressed(Opcode::text, kHello)), "text Hello\n");
  EXPECT_EQ(inflating(compressed(Opcode::text, kHello.substr(0, 3), false) +
                      fragment(Opcode::continuation, kHello.substr(3), true)),
            "text Hello\n");
  EXPECT_EQ(inflating(compressed(Opcode::text, kHello) +
                      compressed(Opcode::text, std::string_view("\xF2\x00\x11\x00\x00", 5))),
            "text Hello\ntext Hello\n")
      << "the second refers to the first";
}

TEST(ReceiverOfCompressed, TakesPlainMessagesAndControlFramesBetween) {
  EXPECT_EQ(inflating(client_text("plain") + compressed(Opcode::binary, kHello.substr(0, 3), false) +
                      client_control(Opcode::ping, "p") + fragment(Opcode::continuation, "") +
                      fragment(Opcode::continuation, kHello.substr(3), true) + client_binary("plain") +
                      fragment(Opcode::text, "a") + fragment(Opcode::continuation, "b", true) +
                      compressed(Opcode::text, std::string_view("\x00", 1))),
            "text plain\nping p\nbinary Hello\nbinary plain\ntext ab\ntext \n");
}

TEST(ReceiverOfCompressed, TakesNoneWithoutAgreement) {
  Transcript events;
  const ReceiverLimits limits;
  Receiver receiver(limits, events);
  std::string bytes = compressed(Opcode::text, kHello);
  receiver.feed(bytes);
  EXPECT_EQ(events.text, "failure 1002 reserved bits without an extension\n");
}

TEST(ReceiverOfCompressed, BreachesAreFailuresAndNothingComesAfterThem) {
  struct Case {
    std::string bytes;
    std::string_view failure;
  };
  const std::string begun = compressed(Opcode::text, kHello.substr(0, 3), false);
  const std::vector<Case> cases = {
      {compressed(Opcode::ping, ""), "1002 compressed bit on a frame that begins no message"},
      {compressed(Opcode::pong, "x"), "1002 compressed bit on a frame that begins no message"},
      {compressed(Opcode::close, ""), "1002 compressed bit on a frame that begins no message"},
      {begun + compressed(Opcode::continuation, kHello.substr(3)),
       "1002 compressed bit on a frame that begins no message"},
      {fragment(Opcode::text, "a") + compressed(Opcode::continuation, kHello),
       "1002 compressed bit on a frame that begins no message"},
      {compressed(Opcode::continuation, kHello), "1002 compressed bit on a frame that begins no message"},
      {begun + compressed(Opcode::text, kHello), "1002 new message inside a fragmented one"},
      {encode({.payload = kHello, .reserved = 2}), "1002 reserved bits without an extension"},
      {encode({.payload = kHello, .reserved = 1}), "1002 reserved bits without an extension"},
      {encode({.payload = kHello, .reserved = 5}), "1002 reserved bits without an extension"},
      {encode({.payload = kHello, .reserved = 6}), "1002 reserved bits without an extension"},
      {encode({.payload = kHello, .reserved = 7}), "1002 reserved bits without an extension"},
      {encode({.opcode = static_cast<Opcode>(3), .payload = kHello, .reserved = 4}), "1002 unknown opcode"},
      {encode({.payload = kHello, .reserved = 4, .is_masked = false}),
       "1002 frame from a client without a mask"},
      {compressed(Opcode::text, "\xFF\xFF"), "1007 compressed data that is broken"},
      {compressed(Opcode::text, ""), "1007 compressed data that is broken"},
      {compressed(Opcode::text, kHello.substr(0, 4)), "1007 compressed data that is broken"},
      {compressed(Opcode::text, ClientDeflate().message("a\xFF")), "1007 text that is not UTF-8"},
      {compressed(Opcode::text, ClientDeflate().message("a\xC3")), "1007 text that ends inside a character"},
      {std::string("\xC2\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10) + "keys",
       "1009 message over the limit max_message"},
  };
  const std::string good = client_text("good");
  for (const Case& expected : cases) {
    EXPECT_EQ(inflating(good + expected.bytes + good),
              "text good\nfailure " + std::string(expected.failure) + "\n");
  }
}

TEST(ReceiverOfCompressed, MessageMayInflateToExactlyTheLimit) {
  const ReceiverLimits limits{.max_message = 1000};
  const std::string most = ClientDeflate().message(std::string(1000, 'x'));
  const std::string more = ClientDeflate().message(std::string(1001, 'x'));
  EXPECT_EQ(inflating(compressed(Opcode::text, most), limits), "text " + std::string(1000, 'x') + "\n");
  EXPECT_EQ(inflating(compressed(Opcode::text, more), limits),
            "failure 1009 message over the limit max_message\n");
  EXPECT_EQ(inflating(compressed(Opcode::text, more.substr(0, 5), false) +
                          fragment(Opcode::continuation, more.substr(5), true),
                      limits),
            "failure 1009 message over the limit max_message\n");
}

TEST(ReceiverOfCompressed, ABombIsRefusedBeforeMemoryGrows) {
  CountingHost host;
  CompressionSpace space(host);
  Inflater inflater(space, kTakeover);
  Transcript events;
  const ReceiverLimits limits{.max_message = 100'000};
  Receiver receiver(limits, events, &inflater);
  std::string bomb = compressed(Opcode::binary, ClientDeflate().message(std::string(100 << 20, '\0')));
  for (std::size_t at = 0; at < bomb.size(); at += 100) {
    receiver.feed({bomb.data() + at, std::min<std::size_t>(100, bomb.size() - at)});
    EXPECT_LE(receiver.buffered(), limits.max_message);
  }
  EXPECT_EQ(events.text, "failure 1009 message over the limit max_message\n");
  EXPECT_LE(host.held, 50'000);
  EXPECT_EQ(receiver.buffered(), 0U);
}

TEST(ReceiverOfCompressed, DiscardLetsGoOfTheMessageAndItsStream) {
  CountingHost host;
  CompressionSpace space(host);
  Inflater inflater(space, kTakeover);
  Transcript events;
  const ReceiverLimits limits;
  Receiver receiver(limits, events, &inflater);
  std::string begun = compressed(Opcode::text, kHello.substr(0, 5), false);
  receiver.feed(begun);
  const std::ptrdiff_t held = host.held;
  receiver.discard();
  EXPECT_EQ(receiver.buffered(), 0U);
  EXPECT_NE(space.borrow_inflater(), nullptr);
  EXPECT_LT(host.held, held) << "the one that was given back has been borrowed, and freed";
}

TEST(ReceiverOfCompressed, TakesAMessageOf65536Fragments) {
  const std::string text = words(65'536 * 8);
  const std::string payload = ClientDeflate().message(text);
  std::string bytes = compressed(Opcode::text, payload.substr(0, 1), false);
  for (std::size_t i = 1; i < 65'535; ++i)
    bytes += fragment(Opcode::continuation, payload.substr(i, 1));
  bytes += fragment(Opcode::continuation, payload.substr(65'535), true);
  EXPECT_EQ(inflating_transcript_of(test::whole(bytes).pieces(), {}), "text " + text + "\n");
}

// --- a session ---

class CompressedSession : public WebSocketSession {
 protected:
  void start_compressed(const DeflateParameters& agreed) {
    options.compression.threshold = 100;
    options.compression.window_idle = 10s;
    pipe = std::make_unique<test::MemoryPipe>();
    pipe->right().set_events(&peer);
    session = std::make_unique<Session>(pipe->take_left(), options, recorder, clock,
                                        Compression::of(agreed, space, options.compression));
  }
  void TearDown() override { session.reset(); }
  // The payload of the one frame that the peer has got since it was asked last; "" when it is not compressed.
  std::string got_compressed() {
    pipe->run();
    const std::string frame = std::exchange(peer.bytes, {});
    if ((static_cast<unsigned char>(frame[0]) & 0x40U) == 0) return {};
    return std::string(frame_payload(frame));
  }

  CountingHost host;
  CompressionSpace space{host};
};

TEST_F(CompressedSession, CompressesWhatIsLargeEnough) {
  start_compressed(kNoTakeover);
  ClientInflate client;
  session->send(Opcode::text, std::string(100, 'x'));
  EXPECT_EQ(client.message(got_compressed()), std::string(100, 'x'));
  session->send_encoded(encode_frame(Opcode::text, words(5000)));
  EXPECT_EQ(client.message(got_compressed()), words(5000));
  session->send(Opcode::text, std::string(99, 'x'));
  session->send_encoded(encode_frame(Opcode::text, std::string(99, 'x')));
  session->ping(std::string(120, 'x'));
  pipe->run();
  EXPECT_EQ(peer.bytes, server_text(std::string(99, 'x')) + server_text(std::string(99, 'x')) +
                            std::string(encode_frame(Opcode::ping, std::string(120, 'x')).view()));
}

TEST_F(CompressedSession, LeavesAsItIsWhatIsSentSo) {
  start_compressed(kTakeover);
  session->send(Opcode::text, words(500), false);
  session->send_encoded(encode_frame(Opcode::text, words(500)), false);
  pipe->run();
  EXPECT_EQ(peer.bytes, server_text(words(500)) + server_text(words(500)));
  EXPECT_EQ(host.held, 0);
}

TEST_F(CompressedSession, TakesCompressedMessages) {
  start_compressed(kTakeover);
  ClientDeflate client;
  for (int i = 0; i < 2; ++i)
    peer_sends(encode({.payload = client.message(words(500)), .reserved = 4}));
  EXPECT_THAT(recorder.events, ElementsAre("text " + words(500), "text " + words(500)));
}

TEST_F(CompressedSession, BrokenDataIsAnsweredBehindWhatWasDue) {
  start_compressed(kNoTakeover);
  echo();
  peer_sends(client_text("good") + encode({.payload = "\xFF\xFF", .reserved = 4}) + client_text("not read"));
  EXPECT_EQ(peer.bytes, server_text("good") + server_close(1007));
  EXPECT_TRUE(peer.has_ended);
}

TEST_F(CompressedSession, FreesItsOwnWindowWhenThatIsIdle) {
  start_compressed(kTakeover);
  ClientInflate client;
  EXPECT_EQ(session->deadline(), base::kNever);
  session->send(Opcode::text, words(5000));
  EXPECT_EQ(client.message(got_compressed()), words(5000));
  EXPECT_EQ(session->deadline(), clock.now() + 10s);
  EXPECT_EQ(recorder.deadline_changes, 1);
  advance(9s);
  session->send(Opcode::text, words(5000));
  EXPECT_LT(peer.bytes.size(), 1000U);
  EXPECT_EQ(client.message(got_compressed()), words(5000));
  advance(1s);
  EXPECT_EQ(session->deadline(), clock.now() + 9s) << "it was used a second ago";
  EXPECT_GT(host.held, 200'000);
  advance(8'999ms);
  EXPECT_GT(host.held, 200'000);
  advance(1ms);
  EXPECT_EQ(host.held, 0);
  EXPECT_EQ(session->deadline(), base::kNever);
  session->send(Opcode::text, words(5000));
  EXPECT_EQ(client.message(got_compressed()), words(5000)) << "the client cannot tell";
  EXPECT_EQ(session->deadline(), clock.now() + 10s);
}

TEST_F(CompressedSession, ClosesInTimeWhileItsWindowIsInUse) {
  start_compressed(kTakeover);
  session->send(Opcode::text, words(5000));
  session->close();
  EXPECT_EQ(session->deadline(), clock.now() + options.close_timeout);
  advance(options.close_timeout);
  EXPECT_EQ(session->state(), SessionState::closed);
}

TEST_F(CompressedSession, WithoutAWindowThereIsNothingToWaitFor) {
  start_compressed(kNoTakeover);
  session->send(Opcode::text, words(5000));
  EXPECT_EQ(session->deadline(), base::kNever);
  EXPECT_EQ(recorder.deadline_changes, 0);
}

}  // namespace
}  // namespace naru::ws
