// The session on a WebSocket from the beginning.
#include "engineio/session.hpp"

#include "engineio/session_fixture.hpp"

namespace naru::engineio {
namespace {

TEST_F(SessionTest, WebSocketHandshakeOffersNoUpgrade) {
  session.open_websocket(websocket, now());
  EXPECT_THAT(
      websocket.sent,
      ElementsAre(R"(0{"sid":"the-session-id","upgrades":[],"pingInterval":25000,"pingTimeout":20000,)"
                  R"("maxPayload":1000000})"));
  EXPECT_EQ(session.transport(), Transport::websocket);
}

TEST_F(SessionTest, WebSocketCarriesMessagesBothWays) {
  open_websocket();
  receive("4hello");
  session.websocket_message(websocket, "\x01\x02", true, now());
  receive("bAQI=");
  EXPECT_THAT(events.messages, ElementsAre("hello", "binary:\x01\x02", "binary:\x01\x02"));
  EXPECT_EQ(session.send(text("out")), SendResult::sent);
  EXPECT_EQ(session.send(make_binary_packet("\x03")), SendResult::sent);
  EXPECT_THAT(websocket.sent, ElementsAre("4out", "binary:\x03"));
}

TEST_F(SessionTest, ClientsWithoutBinaryGetBase64OnWebSocketToo) {
  Session session(std::string("sid"), options, events, true);
  session.open_websocket(websocket, now());
  websocket.sent.clear();
  EXPECT_EQ(session.send(make_binary_packet("\x01\x02")), SendResult::sent);
  EXPECT_EQ(session.send(text("plain")), SendResult::sent);
  EXPECT_THAT(websocket.sent, ElementsAre("bAQI=", "4plain"));
}

TEST_F(SessionTest, WebSocketHeartbeat) {
  open_websocket();
  advance(25s);
  EXPECT_THAT(websocket.sent, ElementsAre("2"));
  advance(10s);
  receive("3");
  advance(25s);
  EXPECT_THAT(websocket.sent, ElementsAre("2", "2"));
  advance(20s - 1ms);
  EXPECT_THAT(events.closed, IsEmpty());
  advance(1ms);
  EXPECT_THAT(events.closed, ElementsAre("ping timeout"));
  EXPECT_EQ(websocket.closes, 1);
}

TEST_F(SessionTest, WebSocketPacketsThatEndTheSession) {
  struct Case {
    std::string_view packet;
    std::string_view reason;
  };
  for (const Case& expected : {Case{"", "parse error"}, Case{"9", "parse error"}, Case{"abc", "parse error"},
                               Case{"b*", "parse error"}, Case{"2", "transport error"},
                               Case{"2probe", "transport error"}, Case{"1", "transport close"}}) {
    RecordingEvents own_events;
    RecordingWebSocket own;
    Session own_session("sid", options, own_events);
    own_session.open_websocket(own, now());
    own_session.websocket_message(own, expected.packet, false, now());
    EXPECT_THAT(own_events.closed, ElementsAre(expected.reason)) << expected.packet;
    EXPECT_EQ(own.closes, 1) << expected.packet;
    own_session.websocket_message(own, "4after", false, now());
    EXPECT_THAT(own_events.messages, IsEmpty());
  }
}

TEST_F(SessionTest, WebSocketThatCloses) {
  open_websocket();
  session.websocket_closed(websocket);
  EXPECT_THAT(events.closed, ElementsAre("transport close"));
  EXPECT_EQ(websocket.closes, 0) << "it is gone, nobody may call it";
  EXPECT_EQ(session.send(text("late")), SendResult::dropped);
}

TEST_F(SessionTest, WebSocketMessageOverTheLimitIsATransportError) {
  open_websocket();
  session.websocket_closed(websocket, CloseReason::transport_error, "message over the limit");
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
}

TEST_F(SessionTest, CloseOverWebSocketIsImmediateAndSendsNoPacket) {
  open_websocket();
  session.send(text("due"));
  session.close(CloseReason::forced_close, now());
  EXPECT_THAT(websocket.sent, ElementsAre("4due"));
  EXPECT_EQ(websocket.closes, 1);
  EXPECT_THAT(events.closed, ElementsAre("forced close"));
}

TEST_F(SessionTest, SlowWebSocketBuffersDropsVolatileAndTellsWhenItHasDrained) {
  open_websocket();
  websocket.peer_reads = false;
  EXPECT_TRUE(session.writable_now());
  EXPECT_EQ(session.send(text("one")), SendResult::buffered);
  EXPECT_FALSE(session.writable_now());
  EXPECT_EQ(session.send(volatile_text("lost")), SendResult::dropped);
  EXPECT_EQ(session.send(text("two")), SendResult::buffered);
  EXPECT_THAT(websocket.sent, ElementsAre("4one", "4two"));
  EXPECT_EQ(session.queued_bytes(), 8U);

  websocket.peer_reads = true;
  websocket.waiting = 0;
  session.websocket_drained(websocket);
  EXPECT_EQ(events.drains, 1);
  EXPECT_TRUE(session.writable_now());
  EXPECT_EQ(session.send(volatile_text("kept")), SendResult::sent);
  session.websocket_drained(websocket);
  EXPECT_EQ(events.drains, 1) << "nothing was buffered";
}

TEST_F(SessionTest, PollingAWebSocketSessionIsRefusedAndHarmless) {
  open_websocket();
  RecordingPoll poll;
  session.poll(poll, now());
  EXPECT_EQ(poll.refusals, 1);
  EXPECT_FALSE(session.begin_post("text/plain"));
  EXPECT_THAT(events.closed, IsEmpty());
}

TEST_F(SessionTest, PauseStopsReadingTheWebSocket) {
  open_websocket();
  session.pause();
  EXPECT_TRUE(websocket.is_paused);
  advance(10min);
  EXPECT_THAT(events.closed, IsEmpty());
  EXPECT_EQ(websocket.sent.size(), 24U) << "one ping for each interval of 25 s";
  session.resume(now());
  EXPECT_FALSE(websocket.is_paused);
  advance(20s);
  EXPECT_THAT(events.closed, ElementsAre("ping timeout"));
}

TEST_F(SessionTest, HandlerMaySendAndCloseFromInsideAMessage) {
  open_websocket();
  events.react = [&](std::string_view data) {
    session.send(text(data));
    session.close(CloseReason::forced_close, now());
    session.send(text("late"));
  };
  receive("4echo");
  EXPECT_THAT(websocket.sent, ElementsAre("4echo"));
  EXPECT_THAT(events.closed, ElementsAre("forced close"));
}

}  // namespace
}  // namespace naru::engineio
