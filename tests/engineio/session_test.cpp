// The session on polling: handshake, GETs, POSTs, heartbeat, and how it ends.
#include "engineio/session.hpp"

#include "engineio/session_fixture.hpp"

namespace naru::engineio {
namespace {

TEST_F(SessionTest, HandshakeAnswersWithTheOpenPacket) {
  RecordingPoll handshake;
  session.open_polling(handshake, now());
  EXPECT_EQ(handshake.body,
            R"(0{"sid":"the-session-id","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,)"
            R"("maxPayload":1000000})");
  EXPECT_EQ(session.state(), SessionState::open);
  EXPECT_EQ(session.transport(), Transport::polling);
  EXPECT_EQ(session.sid(), "the-session-id");
}

TEST_F(SessionTest, TheInitialPacketComesWithTheOpenPacket) {
  options.initial_packet = "first";
  RecordingPoll handshake;
  session.open_polling(handshake, now());
  EXPECT_EQ(handshake.body.substr(handshake.body.find('\x1e')),
            "\x1e"
            "4first");
  Session other("other", options, events);
  other.open_websocket(websocket, now());
  ASSERT_EQ(websocket.sent.size(), 2U);
  EXPECT_EQ(websocket.sent[1], "4first");
}

TEST_F(SessionTest, ObservedPacketsAreToldInBothDirections) {
  open_websocket();
  session.send(text("unseen"));
  session.observe();
  EXPECT_EQ(session.send(text("out")), SendResult::sent);
  receive("4in");
  receive("3");
  advance(options.ping_interval);
  EXPECT_THAT(events.packets, ElementsAre("out 4out", "in 4in", "in 3", "out 2"));
  EXPECT_EQ(events.heartbeats, 1);
  EXPECT_THAT(websocket.sent, ElementsAre("4unseen", "4out", "2"));
}

TEST_F(SessionTest, WhatIsDroppedIsNotToldAsCreated) {
  open_polling();
  session.observe();
  EXPECT_EQ(session.send(volatile_text("x")), SendResult::dropped);
  EXPECT_THAT(events.packets, IsEmpty());
}

TEST_F(SessionTest, AProbeIsToldAndMayEndTheSession) {
  open_polling();
  attach_and_probe();
  EXPECT_EQ(events.upgradings, 1);
  EXPECT_TRUE(session.is_upgrading());
}

TEST_F(SessionTest, ClosedByWhoIsToldOfTheProbe) {
  open_polling();
  events.on_probe = [&] { session.abort(CloseReason::forced_close); };
  attach_and_probe();
  EXPECT_THAT(events.closed, ElementsAre("forced close"));
  EXPECT_EQ(websocket.closes, 1);
}

TEST_F(SessionTest, IdleSessionIsSmall) {
  EXPECT_LE(sizeof(Session), 200U);
}

// --- GET ---

TEST_F(SessionTest, PollWaitsUntilThereIsSomething) {
  open_polling();
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_TRUE(poll.is_waiting());
  EXPECT_EQ(session.send(text("hello")), SendResult::sent);
  EXPECT_EQ(poll.body, "4hello");
}

TEST_F(SessionTest, PacketsQueuedBetweenPollsLeaveTogetherInOrder) {
  open_polling();
  EXPECT_EQ(session.send(text("one")), SendResult::buffered);
  EXPECT_EQ(session.send(make_binary_packet("\x01\x02")), SendResult::buffered);
  EXPECT_EQ(session.send(text("three")), SendResult::buffered);
  EXPECT_EQ(session.queued_bytes(), 4U + 2 + 6);
  EXPECT_EQ(events.drains, 0);
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_EQ(poll.body,
            "4one\x1e"
            "bAQI=\x1e"
            "4three");
  EXPECT_EQ(session.queued_bytes(), 0U);
  EXPECT_EQ(events.drains, 1);
}

TEST_F(SessionTest, OneAnswerHoldsAtMostMaxPayloadTheRestWaitsForTheNext) {
  options.max_payload = 12;
  open_polling();
  session.send(text("12345"));
  session.send(text("12345"));
  session.send(text("a packet that is larger than an answer"));
  session.send(text("x"));
  RecordingPoll first, second, third, fourth;
  session.poll(first, now());
  EXPECT_EQ(first.body, "412345");
  session.poll(second, now());
  EXPECT_EQ(second.body, "412345");
  session.poll(third, now());
  EXPECT_EQ(third.body, "4a packet that is larger than an answer");
  EXPECT_EQ(events.drains, 0);
  session.poll(fourth, now());
  EXPECT_EQ(fourth.body, "4x");
  EXPECT_EQ(events.drains, 1);
}

TEST_F(SessionTest, SecondPollWhileOneWaitsEndsTheSession) {
  open_polling();
  RecordingPoll first, second;
  session.poll(first, now());
  session.poll(second, now());
  EXPECT_EQ(first.body, "1");
  EXPECT_EQ(second.refusals, 1);
  EXPECT_EQ(second.answers, 0);
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
}

TEST_F(SessionTest, ClientThatHangsUpOnItsPollEndsTheSession) {
  open_polling();
  RecordingPoll poll;
  session.poll(poll, now());
  session.poll_aborted();
  EXPECT_TRUE(poll.is_waiting()) << "nobody is there to be answered";
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
}

TEST_F(SessionTest, HangingUpAfterTheAnswerMeansNothing) {
  open_polling();
  RecordingPoll poll;
  session.poll(poll, now());
  session.send(text("x"));
  session.poll_aborted();
  EXPECT_THAT(events.closed, IsEmpty());
}

TEST_F(SessionTest, NextPollMayComeFromInsideTheAnswer) {
  open_polling();
  RecordingPoll first, second;
  session.poll(first, now());
  first.on_answer = [&] { session.poll(second, now()); };
  session.send(text("a"));
  EXPECT_EQ(first.body, "4a");
  EXPECT_TRUE(second.is_waiting());
  session.send(text("b"));
  EXPECT_EQ(second.body, "4b");
}

TEST_F(SessionTest, PollOfAClosedSessionIsRefused) {
  open_polling();
  session.abort(CloseReason::forced_close);
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_EQ(poll.refusals, 1);
}

// --- POST ---

TEST_F(SessionTest, PostBringsMessagesInOrder) {
  open_polling();
  EXPECT_EQ(post("4one\x1e"
                 "bAQI=\x1e"
                 "4three"),
            PostAnswer::ok);
  EXPECT_THAT(events.messages, ElementsAre("one", "binary:\x01\x02", "three"));
}

TEST_F(SessionTest, AnswersToTheMessagesOfOnePostLeaveInOneGet) {
  open_polling();
  events.react = [&](std::string_view data) { session.send(text(data)); };
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_EQ(post("4one\x1e"
                 "4two\x1e"
                 "4three"),
            PostAnswer::ok);
  EXPECT_EQ(poll.body,
            "4one\x1e"
            "4two\x1e"
            "4three");
}

TEST_F(SessionTest, SecondPostAtTheSameTimeEndsTheSession) {
  open_polling();
  EXPECT_TRUE(session.begin_post("text/plain"));
  EXPECT_FALSE(session.begin_post("text/plain"));
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
  EXPECT_EQ(session.post("4late", now()), PostAnswer::bad_request);
  EXPECT_THAT(events.messages, IsEmpty());
}

TEST_F(SessionTest, OctetStreamEndsTheSession) {
  open_polling();
  EXPECT_FALSE(session.begin_post("application/octet-stream"));
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
}

TEST_F(SessionTest, PostOverTheLimitLeavesTheSessionAlive) {
  open_polling();
  ASSERT_TRUE(session.begin_post("text/plain"));
  session.post_too_large();
  EXPECT_THAT(events.closed, IsEmpty());
  EXPECT_EQ(post("4next"), PostAnswer::ok);
  EXPECT_THAT(events.messages, ElementsAre("next"));
}

TEST_F(SessionTest, PostThatIsCutOffEndsTheSession) {
  open_polling();
  ASSERT_TRUE(session.begin_post("text/plain"));
  session.post_aborted();
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
}

TEST_F(SessionTest, BadPacketAnswersOkDropsTheRestAndEndsTheSession) {
  open_polling();
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_EQ(post("4one\x1e"
                 "abc\x1e"
                 "4two"),
            PostAnswer::ok);
  EXPECT_THAT(events.messages, ElementsAre("one"));
  EXPECT_THAT(events.closed, ElementsAre("parse error"));
  EXPECT_EQ(poll.body, "1");
}

TEST_F(SessionTest, EmptyPostIsAParseError) {
  open_polling();
  EXPECT_EQ(post(""), PostAnswer::ok);
  EXPECT_THAT(events.closed, ElementsAre("parse error"));
}

TEST_F(SessionTest, ClientsPingIsATransportError) {
  open_polling();
  EXPECT_EQ(post("2\x1e"
                 "4x"),
            PostAnswer::ok);
  EXPECT_THAT(events.messages, IsEmpty());
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
}

TEST_F(SessionTest, OpenUpgradeAndNoopPacketsAreIgnored) {
  open_polling();
  EXPECT_EQ(post("0\x1e"
                 "5\x1e"
                 "6\x1e"
                 "4x"),
            PostAnswer::ok);
  EXPECT_THAT(events.messages, ElementsAre("x"));
  EXPECT_THAT(events.closed, IsEmpty());
}

TEST_F(SessionTest, ClosePacketAnswersTheWaitingGetWithANoop) {
  open_polling();
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_EQ(post("4last\x1e"
                 "1\x1e"
                 "4after"),
            PostAnswer::ok);
  EXPECT_EQ(poll.body, "6");
  EXPECT_THAT(events.messages, ElementsAre("last"));
  EXPECT_THAT(events.closed, ElementsAre("transport close"));
}

TEST_F(SessionTest, MessageHandlerMayCloseTheSession) {
  open_polling();
  events.react = [&](std::string_view) {
    session.send(text("bye"));
    session.close(CloseReason::forced_close, now());
  };
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_EQ(post("4one\x1e"
                 "4two"),
            PostAnswer::ok);
  EXPECT_THAT(events.messages, ElementsAre("one"));
  EXPECT_EQ(poll.body, "4bye");
  RecordingPoll last;
  session.poll(last, now());
  EXPECT_EQ(last.body, "1");
  EXPECT_THAT(events.closed, ElementsAre("forced close"));
}

TEST_F(SessionTest, MessageHandlerMayAbortTheSession) {
  open_polling();
  events.react = [&](std::string_view) { session.abort(CloseReason::parse_error); };
  EXPECT_EQ(post("4one\x1e"
                 "4two"),
            PostAnswer::ok);
  EXPECT_THAT(events.messages, ElementsAre("one"));
  EXPECT_THAT(events.closed, ElementsAre("parse error"));
}

// --- volatile ---

TEST_F(SessionTest, VolatileNeedsAWaitingPoll) {
  open_polling();
  EXPECT_FALSE(session.writable_now());
  EXPECT_EQ(session.send(volatile_text("lost")), SendResult::dropped);
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_TRUE(session.writable_now());
  EXPECT_EQ(session.send(volatile_text("kept")), SendResult::sent);
  EXPECT_EQ(poll.body, "4kept");
}

// --- heartbeat ---

TEST_F(SessionTest, PingsAfterOneIntervalAndThenAfterEachPong) {
  open_polling();
  RecordingPoll first;
  session.poll(first, now());
  advance(25s - 1ms);
  EXPECT_TRUE(first.is_waiting());
  advance(1ms);
  EXPECT_EQ(first.body, "2");
  advance(19s);
  EXPECT_EQ(post("3"), PostAnswer::ok);
  RecordingPoll second;
  session.poll(second, now());
  advance(25s - 1ms);
  EXPECT_TRUE(second.is_waiting());
  advance(1ms);
  EXPECT_EQ(second.body, "2");
  EXPECT_THAT(events.closed, IsEmpty());
  EXPECT_EQ(events.drains, 0);
}

TEST_F(SessionTest, MessagesDoNotCountAsPong) {
  open_polling();
  advance(25s);
  advance(20s - 1ms);
  EXPECT_EQ(post("4i am here"), PostAnswer::ok);
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_EQ(poll.body, "2");
  RecordingPoll waiting;
  session.poll(waiting, now());
  EXPECT_THAT(events.closed, IsEmpty());
  advance(1ms);
  EXPECT_THAT(events.closed, ElementsAre("ping timeout"));
  EXPECT_EQ(waiting.body, "1");
  EXPECT_EQ(session.deadline(), base::kNever);
}

TEST_F(SessionTest, PingThatHadToWaitForAGetTellsNobodyOfADrain) {
  open_polling();
  advance(25s);
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_EQ(poll.body, "2");
  EXPECT_EQ(events.drains, 0);
}

// --- close ---

TEST_F(SessionTest, CloseAnswersTheWaitingGet) {
  open_polling();
  RecordingPoll poll;
  session.poll(poll, now());
  session.close(CloseReason::forced_close, now());
  EXPECT_EQ(poll.body, "1");
  EXPECT_THAT(events.closed, ElementsAre("forced close"));
}

TEST_F(SessionTest, CloseWithoutAWaitingGetAnswersTheNextOne) {
  open_polling();
  session.send(text("due"));
  session.close(CloseReason::forced_close, now());
  EXPECT_EQ(session.state(), SessionState::closing);
  EXPECT_EQ(session.send(text("late")), SendResult::dropped);
  EXPECT_EQ(post("4late"), PostAnswer::ok);
  EXPECT_THAT(events.messages, IsEmpty());
  EXPECT_THAT(events.closed, IsEmpty());
  advance(30s - 1ms);
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_EQ(poll.body, "4due");
  EXPECT_THAT(events.closed, IsEmpty());
  RecordingPoll last;
  session.poll(last, now());
  EXPECT_EQ(last.body, "1") << "a client takes a goodbye before the messages in front of it";
  EXPECT_THAT(events.closed, ElementsAre("forced close"));
}

TEST_F(SessionTest, CloseWaitsThirtySecondsAtMostWhateverTheHeartbeatWouldSay) {
  open_polling();
  advance(20s);
  session.close(CloseReason::forced_close, now());
  advance(30s - 1ms);
  EXPECT_THAT(events.closed, IsEmpty());
  advance(1ms);
  EXPECT_THAT(events.closed, ElementsAre("forced close"));
}

TEST_F(SessionTest, CloseDeliversAQueueOfSeveralAnswersFirst) {
  options.max_payload = 3;
  open_polling();
  session.send(text("aa"));
  session.send(text("bb"));
  session.close(CloseReason::forced_close, now());
  std::vector<std::string> bodies;
  while (session.state() != SessionState::closed && bodies.size() < 10) {
    RecordingPoll poll;
    session.poll(poll, now());
    bodies.push_back(poll.body);
  }
  EXPECT_THAT(bodies, ElementsAre("4aa", "4bb", "1"));
}

TEST_F(SessionTest, ClientMayCloseFirstWhileWeAreClosing) {
  open_polling();
  session.close(CloseReason::forced_close, now());
  EXPECT_EQ(post("1"), PostAnswer::ok);
  EXPECT_THAT(events.closed, ElementsAre("transport close"));
}

TEST_F(SessionTest, AbortLosesTheQueueAndAnswersTheGet) {
  open_polling();
  RecordingPoll poll;
  session.poll(poll, now());
  session.abort(CloseReason::forced_close);
  EXPECT_EQ(poll.body, "1");
  EXPECT_THAT(events.closed, ElementsAre("forced close"));
  session.abort(CloseReason::parse_error);
  session.close(CloseReason::parse_error, now());
  EXPECT_THAT(events.closed, ElementsAre("forced close")) << "on_closed comes once";
}

// --- pause ---

TEST_F(SessionTest, WhilePausedNoPingTimeoutRunsAndThePeerGetsItsPings) {
  open_polling();
  advance(25s);  // the first ping waits in the queue
  session.pause();
  int pings = 0;
  for (int i = 0; i < 10; ++i) {
    RecordingPoll poll;
    session.poll(poll, now());
    if (poll.is_waiting()) {
      advance(25s);
    }
    ASSERT_EQ(poll.body, "2");
    ++pings;
  }
  EXPECT_EQ(pings, 10);
  EXPECT_THAT(events.closed, IsEmpty());
  session.resume(now());
  advance(20s - 1ms);
  EXPECT_THAT(events.closed, IsEmpty());
  advance(1ms);
  EXPECT_THAT(events.closed, ElementsAre("ping timeout"));
}

TEST_F(SessionTest, WhilePausedPingsDoNotPileUpForAPeerThatDoesNotPoll) {
  open_polling();
  session.pause();
  advance(1h);
  EXPECT_EQ(session.queued_bytes(), 1U);
  EXPECT_THAT(events.closed, IsEmpty());
}

}  // namespace
}  // namespace naru::engineio
