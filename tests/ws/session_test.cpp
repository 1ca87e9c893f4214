#include "ws/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "ws/session_fixture.hpp"

namespace naru::ws {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(WebSocketSession, IsSmall) {
  EXPECT_LE(sizeof(Session), 128U);
}

TEST_F(WebSocketSession, CarriesMessagesBothWays) {
  start();
  peer_sends(client_text("hello") + client_binary("\x01"));
  EXPECT_THAT(recorder.events, ElementsAre("text hello", "binary \x01"));
  EXPECT_EQ(session->send(Opcode::text, "back"), base::WriteStatus::sent);
  EXPECT_EQ(session->send_encoded(encode_frame(Opcode::binary, "\x02")), base::WriteStatus::sent);
  pipe->run();
  EXPECT_EQ(peer.bytes, server_text("back") + std::string(encode_frame(Opcode::binary, "\x02").view()));
}

TEST_F(WebSocketSession, LargeMessagesAreWhole) {
  start();
  echo();
  const std::string large(70'000, 'x');
  peer_sends(client_text(large));
  EXPECT_EQ(peer.bytes, server_text(large));
}

TEST_F(WebSocketSession, WorksWhenEveryByteComesAlone) {
  start({.max_read = 1});
  echo();
  peer_sends(client_text("one") + fragment(Opcode::text, "t") + client_control(Opcode::ping, "p") +
             fragment(Opcode::continuation, "wo", true) + client_close(1000, "bye"));
  EXPECT_EQ(peer.bytes, server_text("one") + server_pong("p") + server_text("two") + server_close(1000));
}

TEST_F(WebSocketSession, BytesThatCameBehindTheHandshakeAreNotLost) {
  pipe = std::make_unique<test::MemoryPipe>();
  pipe->right().set_events(&peer);
  pipe->right().write(client_text("early"));
  pipe->run();
  session = std::make_unique<Session>(pipe->take_left(), options, recorder, clock);
  pipe->run();
  EXPECT_THAT(recorder.events, ElementsAre("text early"));
}

// --- ping and pong ---

TEST_F(WebSocketSession, AnswersPings) {
  start();
  peer_sends(client_control(Opcode::ping, "are you there"));
  EXPECT_EQ(peer.bytes, server_pong("are you there"));
  EXPECT_THAT(recorder.events, ElementsAre("ping are you there"));
}

TEST_F(WebSocketSession, PingsAndHearsPongs) {
  start();
  EXPECT_EQ(session->ping("x"), base::WriteStatus::sent);
  session->ping(std::string(200, 'y'));
  pipe->run();
  EXPECT_EQ(peer.bytes, std::string(encode_frame(Opcode::ping, "x").view()) +
                            std::string(encode_frame(Opcode::ping, std::string(125, 'y')).view()));
  peer_sends(client_control(Opcode::pong, "x"));
  EXPECT_THAT(recorder.events, ElementsAre("pong x"));
}

TEST_F(WebSocketSession, KeepsOnePongForAPeerThatDoesNotRead) {
  start({.window = 10'000});
  pipe->right().pause_reading();
  EXPECT_EQ(session->send(Opcode::text, std::string(20'000, 'x')), base::WriteStatus::buffered);
  const std::size_t before = session->buffered();
  for (int i = 0; i < 1000; ++i)
    peer_sends(client_control(Opcode::ping, std::to_string(i)));
  EXPECT_EQ(session->buffered(), before);
  pipe->right().resume_reading();
  pipe->run();
  EXPECT_EQ(peer.bytes, server_text(std::string(20'000, 'x')) + server_pong("999"));
  EXPECT_EQ(recorder.events.back(), "drain");
}

// --- the peer closes ---

TEST_F(WebSocketSession, EchoesTheCodeAndEndsTcpFirst) {
  start();
  peer_sends(client_close(4001, "done"));
  EXPECT_EQ(peer.bytes, server_close(4001));
  EXPECT_TRUE(peer.has_ended) << "the server's FIN";
  EXPECT_FALSE(peer.is_closed);
  EXPECT_EQ(session->state(), SessionState::closing);
  EXPECT_THAT(recorder.events, IsEmpty());
  peer_ends();
  EXPECT_THAT(recorder.events, ElementsAre("closed 4001 done clean"));
  EXPECT_EQ(session->state(), SessionState::closed);
}

TEST_F(WebSocketSession, CloseWithoutACodeIs1005) {
  start();
  peer_sends(client_control(Opcode::close));
  EXPECT_EQ(peer.bytes, std::string("\x88\x00", 2));
  peer_ends();
  EXPECT_THAT(recorder.events, ElementsAre("closed 1005  clean"));
}

TEST_F(WebSocketSession, NothingIsAnsweredAfterClose) {
  start();
  echo();
  peer_sends(client_text("before") + client_close(1000) + client_text("after") +
             client_control(Opcode::ping, "after"));
  EXPECT_EQ(peer.bytes, server_text("before") + server_close(1000));
  EXPECT_EQ(session->send(Opcode::text, "late"), base::WriteStatus::closed);
  EXPECT_EQ(session->send_encoded(encode_frame(Opcode::text, "late")), base::WriteStatus::closed);
  EXPECT_EQ(session->ping(), base::WriteStatus::closed);
  session->close(1001, "late");
  pipe->run();
  EXPECT_EQ(peer.bytes, server_text("before") + server_close(1000));
}

TEST_F(WebSocketSession, PeerThatNeverEndsTcpIsCutOff) {
  start();
  peer_sends(client_close(1000));
  EXPECT_EQ(session->deadline(), clock.now() + 10s);
  advance(10s - 1ms);
  EXPECT_THAT(recorder.events, IsEmpty());
  advance(1ms);
  EXPECT_THAT(recorder.events, ElementsAre("closed 1000  clean"));
  EXPECT_TRUE(peer.is_closed);
  EXPECT_EQ(session->deadline(), base::kNever);
}

TEST_F(WebSocketSession, EndWithoutACloseFrameIs1006) {
  start();
  peer_sends(client_text("x") + "\x81");
  peer_ends();
  EXPECT_THAT(recorder.events, ElementsAre("text x", "closed 1006  unclean"));
  EXPECT_EQ(peer.bytes, "");
}

TEST_F(WebSocketSession, ResetIs1006WithTheSystemsReason) {
  start();
  pipe->right().abort();
  pipe->run();
  ASSERT_EQ(recorder.events.size(), 1U);
  EXPECT_EQ(recorder.events[0],
            "closed 1006 " + std::make_error_code(std::errc::connection_reset).message() + " unclean");
}

// --- we close ---

TEST_F(WebSocketSession, CloseWaitsForThePeersAnswer) {
  start();
  session->send(Opcode::text, "due");
  session->close(1001, "going away");
  session->close(1000, "only the first counts");
  EXPECT_EQ(session->send(Opcode::text, "late"), base::WriteStatus::closed);
  pipe->run();
  EXPECT_EQ(peer.bytes, server_text("due") + server_close(1001, "going away"));
  EXPECT_FALSE(peer.has_ended);
  peer_sends(client_text("not delivered") + client_control(Opcode::pong) + client_close(1001, "ok"));
  EXPECT_TRUE(peer.has_ended);
  peer_ends();
  EXPECT_EQ(peer.bytes, server_text("due") + server_close(1001, "going away")) << "no second Close";
  EXPECT_THAT(recorder.events, ElementsAre("closed 1001 ok clean"));
}

TEST_F(WebSocketSession, PeerThatDoesNotAnswerACloseIsCutOff) {
  start();
  session->close();
  EXPECT_EQ(recorder.deadline_changes, 1);
  advance(10s);
  EXPECT_THAT(recorder.events, ElementsAre("closed 1006  unclean"));
}

TEST_F(WebSocketSession, CloseReadsOnWhenReadingWasPaused) {
  start();
  session->pause_reading();
  peer_sends(client_text("unread") + client_close(1000));
  EXPECT_THAT(recorder.events, IsEmpty());
  session->close();
  pipe->run();
  peer_ends();
  EXPECT_THAT(recorder.events, ElementsAre("closed 1000  clean"));
}

TEST_F(WebSocketSession, HandlerMayCloseAbortAndSendFromInsideAMessage) {
  start();
  recorder.react = [&](std::string_view) {
    session->send(Opcode::text, "bye");
    session->close(1000);
  };
  peer_sends(client_text("one") + client_text("two"));
  EXPECT_EQ(peer.bytes, server_text("bye") + server_close(1000));
  EXPECT_THAT(recorder.events, ElementsAre("text one"));
}

TEST_F(WebSocketSession, AbortFromInsideAMessageIsTheEnd) {
  start();
  recorder.react = [&](std::string_view) { session->abort(); };
  peer_sends(client_text("one") + client_text("two"));
  EXPECT_THAT(recorder.events, ElementsAre("text one"));
  EXPECT_TRUE(peer.is_closed);
  EXPECT_EQ(session->send(Opcode::text, "late"), base::WriteStatus::closed);
}

// --- failures ---

TEST_F(WebSocketSession, WhatWasDueIsAnsweredBeforeTheFailure) {
  start();
  echo();
  peer_sends(client_text("good") + encode({.payload = "bad", .reserved = 4}) + client_text("after"));
  EXPECT_EQ(peer.bytes, server_text("good") + server_close(1002));
  EXPECT_TRUE(peer.has_ended);
  peer_ends();
  EXPECT_EQ(recorder.events.back(), "closed 1002 reserved bits without an extension unclean");
}

TEST_F(WebSocketSession, WhatIsStillBufferedLeavesBeforeTheFailure) {
  start({.window = 1000});
  pipe->right().pause_reading();
  session->send(Opcode::text, std::string(50'000, 'x'));
  peer_sends(client_text("\xFF"));
  pipe->right().resume_reading();
  pipe->run();
  EXPECT_EQ(peer.bytes, server_text(std::string(50'000, 'x')) + server_close(1007));
}

TEST_F(WebSocketSession, AfterAMessageOverTheLimitTheRestIsReadSoThatTheAnswerArrives) {
  options.limits.max_message = 100;
  start({.max_tail = 200});
  peer_sends(client_text(std::string(100, 'x')));
  EXPECT_EQ(recorder.events.size(), 1U);
  peer_sends(client_text(std::string(50'000, 'y')));
  EXPECT_EQ(peer.bytes, server_close(1009)) << "with an empty reason";
  EXPECT_TRUE(peer.has_ended);
  EXPECT_FALSE(peer.is_closed);
  peer_ends();
  EXPECT_EQ(recorder.events.back(), "closed 1009 message over the limit max_message unclean");
}

TEST_F(WebSocketSession, FailureWhileClosingSendsNoSecondClose) {
  start();
  session->close(1000);
  peer_sends(encode({.payload = "bad", .is_masked = false}));
  EXPECT_EQ(peer.bytes, server_close(1000));
  EXPECT_TRUE(peer.has_ended);
  peer_ends();
  EXPECT_THAT(recorder.events, ElementsAre("closed 1006  unclean"));
}

TEST_F(WebSocketSession, OwnerMayFailIt) {
  start();
  session->fail(CloseCode::policy_violation, "too many messages");
  peer_sends(client_text("ignored") + client_close(1000, "ignored as well"));
  EXPECT_EQ(peer.bytes, server_close(1008));
  peer_ends();
  EXPECT_THAT(recorder.events, ElementsAre("closed 1008 too many messages unclean"));
}

TEST_F(WebSocketSession, PeerThatFloodsAfterAFailureIsCutOffInTime) {
  start();
  peer_sends(client_text("\xFF"));
  for (int i = 0; i < 20; ++i) {
    peer_sends(client_text("more"));
    advance(500ms);
  }
  EXPECT_EQ(recorder.events.back(), "closed 1007 text that is not UTF-8 unclean");
}

// --- back-pressure ---

TEST_F(WebSocketSession, PausedReadingDeliversNothingUntilItIsResumed) {
  start();
  recorder.react = [&](std::string_view) { session->pause_reading(); };
  peer_sends(client_text("one") + client_text("two") + client_text("three"));
  EXPECT_THAT(recorder.events, ElementsAre("text one"));
  session->resume_reading();
  pipe->run();
  EXPECT_THAT(recorder.events, ElementsAre("text one", "text two"));
  recorder.react = nullptr;
  session->resume_reading();
  pipe->run();
  EXPECT_THAT(recorder.events, ElementsAre("text one", "text two", "text three"));
}

TEST_F(WebSocketSession, TellsWhenWhatWasBufferedHasLeft) {
  start({.window = 100});
  pipe->right().pause_reading();
  EXPECT_EQ(session->send(Opcode::text, "small"), base::WriteStatus::sent);
  EXPECT_EQ(session->send(Opcode::text, std::string(1000, 'x')), base::WriteStatus::buffered);
  EXPECT_GT(session->buffered(), 900U);
  pipe->run();
  EXPECT_THAT(recorder.events, IsEmpty());
  pipe->right().resume_reading();
  pipe->run();
  EXPECT_THAT(recorder.events, ElementsAre("drain"));
  EXPECT_EQ(session->buffered(), 0U);
}

TEST_F(WebSocketSession, DrainWaitsForThePongThatWasOwed) {
  struct Draining : Recorder {
    void on_drain() override { buffered_at_drain.push_back(session->buffered()); }
    Session* session = nullptr;
    std::vector<std::size_t> buffered_at_drain;
  } draining;
  test::MemoryPipe small({.window = 100});
  small.right().set_events(&peer);
  Session own(small.take_left(), options, draining, clock);
  draining.session = &own;
  small.right().pause_reading();
  const std::string fills_the_window(98, 'x');
  EXPECT_EQ(own.send(Opcode::text, fills_the_window), base::WriteStatus::sent);
  EXPECT_EQ(own.send(Opcode::text, fills_the_window), base::WriteStatus::buffered);
  small.right().write(client_control(Opcode::ping, "p"));
  small.run();
  small.right().resume_reading();
  small.run();
  EXPECT_EQ(peer.bytes, server_text(fills_the_window) + server_text(fills_the_window) + server_pong("p"));
  EXPECT_THAT(draining.buffered_at_drain, ElementsAre(0U));
}

}  // namespace
}  // namespace naru::ws
