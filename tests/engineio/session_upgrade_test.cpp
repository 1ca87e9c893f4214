// From polling to a WebSocket.
#include "engineio/session.hpp"

#include "engineio/session_fixture.hpp"

namespace naru::engineio {
namespace {

TEST_F(SessionTest, UpgradeFromProbeToTransport) {
  open_polling();
  RecordingPoll poll;
  session.poll(poll, now());
  ASSERT_TRUE(session.upgrade_candidate(websocket, now()));
  EXPECT_TRUE(poll.is_waiting());
  EXPECT_FALSE(session.is_upgrading());
  receive("2probe");
  EXPECT_THAT(websocket.sent, ElementsAre("3probe"));
  EXPECT_EQ(poll.body, "6") << "so that the client can stop polling";
  EXPECT_TRUE(session.is_upgrading());
  EXPECT_EQ(session.transport(), Transport::polling);
  receive("5");
  EXPECT_EQ(session.transport(), Transport::websocket);
  EXPECT_THAT(events.transports, ElementsAre("websocket"));
  EXPECT_FALSE(session.is_upgrading());
  receive("4over websocket");
  EXPECT_THAT(events.messages, ElementsAre("over websocket"));
  EXPECT_EQ(session.send(text("back")), SendResult::sent);
  EXPECT_EQ(websocket.sent.back(), "4back");
}

TEST_F(SessionTest, PollsDuringTheProbeGetANoopEvery100Milliseconds) {
  open_polling();
  attach_and_probe();
  std::vector<base::Duration> answered_after;
  const base::TimePoint begin = now();
  for (int i = 0; i < 3; ++i) {
    RecordingPoll poll;
    session.poll(poll, now());
    while (poll.is_waiting())
      advance(10ms);
    EXPECT_EQ(poll.body, "6");
    answered_after.push_back(now() - begin);
  }
  EXPECT_THAT(answered_after, ElementsAre(100ms, 200ms, 300ms));
  advance(150ms);
  RecordingPoll late;
  session.poll(late, now());
  EXPECT_EQ(late.body, "6") << "a noop was due already";
}

TEST_F(SessionTest, UnprobedCandidateLeavesPollsWaiting) {
  open_polling();
  ASSERT_TRUE(session.upgrade_candidate(websocket, now()));
  RecordingPoll poll;
  session.poll(poll, now());
  advance(5s);
  EXPECT_TRUE(poll.is_waiting());
}

TEST_F(SessionTest, MessagesOfTheProbeGoByPollingTheRestByWebSocketInOrder) {
  open_polling();
  attach_and_probe();
  websocket.sent.clear();
  session.send(text("one"));
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_EQ(poll.body, "4one");
  session.send(text("two"));
  session.send(make_binary_packet("\x03"));
  EXPECT_EQ(events.drains, 1);
  receive("5");
  EXPECT_THAT(websocket.sent, ElementsAre("4two", "binary:\x03"));
  EXPECT_EQ(events.drains, 2);
  EXPECT_EQ(session.queued_bytes(), 0U);
}

TEST_F(SessionTest, WhatTheOwnerSendsInOnTransportComesAfterTheQueue) {
  struct Eager : RecordingEvents {
    void on_transport(Transport) override { session->send(text("new")); }
    Session* session = nullptr;
  };
  Eager eager;
  Session session("sid", options, eager);
  eager.session = &session;
  RecordingPoll handshake;
  session.open_polling(handshake, now());
  session.send(text("old"));
  ASSERT_TRUE(session.upgrade_candidate(websocket, now()));
  session.websocket_message(websocket, "2probe", false, now());
  session.websocket_message(websocket, "5", false, now());
  EXPECT_THAT(websocket.sent, ElementsAre("3probe", "4old", "4new"));
}

TEST_F(SessionTest, VolatileIsDroppedInMidUpgrade) {
  open_polling();
  attach_and_probe();
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_FALSE(session.writable_now());
  EXPECT_EQ(session.send(volatile_text("lost")), SendResult::dropped);
  receive("5");
  EXPECT_EQ(session.send(volatile_text("kept")), SendResult::sent);
}

TEST_F(SessionTest, PollThatWaitsAtTheEndOfTheUpgradeGetsANoop) {
  open_polling();
  attach_and_probe();
  RecordingPoll poll;
  session.poll(poll, now());
  receive("5");
  EXPECT_EQ(poll.body, "6");
  RecordingPoll after;
  session.poll(after, now());
  EXPECT_EQ(after.refusals, 1);
  EXPECT_THAT(events.closed, IsEmpty());
}

TEST_F(SessionTest, SecondCandidateIsRefused) {
  open_polling();
  RecordingWebSocket second;
  ASSERT_TRUE(session.upgrade_candidate(websocket, now()));
  EXPECT_FALSE(session.upgrade_candidate(second, now()));
  receive("2probe");
  EXPECT_FALSE(session.upgrade_candidate(second, now()));
  receive("5");
  EXPECT_FALSE(session.upgrade_candidate(second, now()));
  session.websocket_message(second, "4from nowhere", false, now());
  session.websocket_closed(second);
  EXPECT_THAT(events.messages, IsEmpty());
  EXPECT_THAT(events.closed, IsEmpty());
}

TEST_F(SessionTest, NoCandidateWhenUpgradesAreOff) {
  options.allow_upgrades = false;
  open_polling();
  EXPECT_FALSE(session.upgrade_candidate(websocket, now()));
}

TEST_F(SessionTest, AnyOtherPacketClosesOnlyTheCandidate) {
  for (const std::string_view packet : {"", "4hello", "2", "2probes", "3probe", "1", "9", "6"}) {
    RecordingEvents own_events;
    RecordingWebSocket own;
    Session own_session("sid", options, own_events);
    RecordingPoll handshake, poll;
    own_session.open_polling(handshake, now());
    ASSERT_TRUE(own_session.upgrade_candidate(own, now()));
    own_session.websocket_message(own, packet, false, now());
    EXPECT_EQ(own.closes, 1) << packet;
    EXPECT_FALSE(own_session.has_candidate());
    own_session.poll(poll, now());
    own_session.send(text("still here"));
    EXPECT_EQ(poll.body, "4still here");
    EXPECT_THAT(own_events.closed, IsEmpty());
    EXPECT_THAT(own_events.messages, IsEmpty());
    RecordingWebSocket next;
    EXPECT_TRUE(own_session.upgrade_candidate(next, now())) << "another try is allowed";
  }
}

TEST_F(SessionTest, BinaryOnTheCandidateClosesIt) {
  open_polling();
  ASSERT_TRUE(session.upgrade_candidate(websocket, now()));
  session.websocket_message(websocket, "2probe", true, now());
  EXPECT_EQ(websocket.closes, 1);
  EXPECT_THAT(events.closed, IsEmpty());
}

TEST_F(SessionTest, CandidateThatDoesNotReadItsAnswersIsClosed) {
  open_polling();
  websocket.peer_reads = false;
  attach_and_probe();
  EXPECT_EQ(websocket.closes, 1);
  EXPECT_FALSE(session.has_candidate());
}

TEST_F(SessionTest, CandidateThatDisappearsChangesNothing) {
  open_polling();
  attach_and_probe();
  session.websocket_closed(websocket);
  EXPECT_EQ(websocket.closes, 0);
  RecordingPoll poll;
  session.poll(poll, now());
  advance(1s);
  EXPECT_TRUE(poll.is_waiting()) << "no noops any more";
  session.send(text("x"));
  EXPECT_EQ(poll.body, "4x");
  EXPECT_THAT(events.closed, IsEmpty());
}

TEST_F(SessionTest, CandidateMayDisappearWhileItsProbeIsAnswered) {
  open_polling();
  RecordingPoll poll;
  session.poll(poll, now());
  websocket.on_write = [&] { session.websocket_closed(websocket); };
  attach_and_probe();
  EXPECT_FALSE(session.has_candidate());
  EXPECT_TRUE(poll.is_waiting());
}

TEST_F(SessionTest, WebSocketMayDisappearWhileItGetsTheQueue) {
  open_polling();
  attach_and_probe();
  session.send(text("one"));
  session.send(text("two"));
  websocket.sent.clear();
  websocket.on_write = [&] { session.websocket_closed(websocket); };
  receive("5");
  EXPECT_THAT(websocket.sent, ElementsAre("4one"));
  EXPECT_THAT(events.closed, ElementsAre("transport close"));
  EXPECT_THAT(events.transports, IsEmpty()) << "on_closed is the last event";
}

TEST_F(SessionTest, UpgradeTimesOut) {
  open_polling();
  attach_and_probe();
  advance(10s - 1ms);
  EXPECT_EQ(websocket.closes, 0);
  advance(1ms);
  EXPECT_EQ(websocket.closes, 1);
  receive("5");
  EXPECT_EQ(session.transport(), Transport::polling);
  EXPECT_THAT(events.closed, IsEmpty());
}

TEST_F(SessionTest, PingOfTheProbeTimeIsNotLost) {
  open_polling();
  advance(24s);
  attach_and_probe();
  websocket.sent.clear();
  advance(1s);
  receive("5");
  EXPECT_THAT(websocket.sent, ElementsAre("2"));
  receive("3");
  advance(25s);
  EXPECT_THAT(events.closed, IsEmpty());
}

TEST_F(SessionTest, CloseInMidUpgradeEndsOnTheWebSocket) {
  open_polling();
  attach_and_probe();
  websocket.sent.clear();
  session.send(text("due"));
  session.close(CloseReason::forced_close, now());
  EXPECT_THAT(events.closed, IsEmpty());
  receive("5");
  EXPECT_THAT(websocket.sent, ElementsAre("4due"));
  EXPECT_EQ(websocket.closes, 1);
  EXPECT_THAT(events.closed, ElementsAre("forced close"));
  EXPECT_THAT(events.transports, IsEmpty());
}

TEST_F(SessionTest, CloseInMidUpgradeWithAWaitingGetEndsThere) {
  open_polling();
  attach_and_probe();
  RecordingPoll poll;
  session.poll(poll, now());
  session.close(CloseReason::forced_close, now());
  EXPECT_EQ(poll.body, "1");
  EXPECT_EQ(websocket.closes, 1);
  EXPECT_THAT(events.closed, ElementsAre("forced close"));
}

TEST_F(SessionTest, AbortClosesTheCandidateToo) {
  open_polling();
  attach_and_probe();
  session.abort(CloseReason::ping_timeout);
  EXPECT_EQ(websocket.closes, 1);
  EXPECT_FALSE(session.upgrade_candidate(websocket, now()));
}

TEST_F(SessionTest, PausedSessionStaysPausedOnItsNewTransport) {
  open_polling();
  session.pause();
  attach_and_probe();
  EXPECT_FALSE(websocket.is_paused) << "the probe must be read";
  receive("5");
  EXPECT_TRUE(websocket.is_paused);
  session.resume(now());
  EXPECT_FALSE(websocket.is_paused);
}

TEST_F(SessionTest, PostOfAnUpgradedSessionIsRefused) {
  open_polling();
  ASSERT_TRUE(session.begin_post("text/plain"));
  attach_and_probe();
  receive("5");
  EXPECT_EQ(session.post("4late", now()), PostAnswer::bad_request);
  EXPECT_THAT(events.messages, IsEmpty());
}

TEST_F(SessionTest, QueueThatTheNewWebSocketCannotTakeDrainsLater) {
  open_polling();
  session.send(text("queued"));
  attach_and_probe();
  websocket.peer_reads = false;
  receive("5");
  EXPECT_EQ(events.drains, 0);
  EXPECT_EQ(session.queued_bytes(), 7U);
  EXPECT_EQ(session.send(volatile_text("lost")), SendResult::dropped);
  websocket.waiting = 0;
  websocket.peer_reads = true;
  session.websocket_drained(websocket);
  EXPECT_EQ(events.drains, 1);
}

}  // namespace
}  // namespace naru::engineio
