// A peer that does not read: what waits is bounded, and it is told why it is closed.
#include "engineio/session_fixture.hpp"

namespace naru::engineio {
namespace {

constexpr std::size_t kLimit = 1000;

class SlowReader : public SessionTest {
 protected:
  SlowReader() { options.max_queued = kLimit; }

  // Leaves so many bytes waiting for a WebSocket that does not read.
  void let_wait(std::size_t bytes) {
    websocket.peer_reads = false;
    ASSERT_EQ(session.send(text(std::string(bytes - 1, 'x'))), SendResult::buffered);
    ASSERT_EQ(session.queued_bytes(), bytes);
  }
  // The same on polling, where a packet's own memory counts.
  void queue(std::size_t memory) {
    const std::string payload(memory - PacketQueue::kPacketCost - 1, 'x');
    ASSERT_EQ(session.send(text(payload)), SendResult::buffered);
    ASSERT_EQ(session.memory(), memory);
  }
  std::string next_answer() {
    RecordingPoll poll;
    session.poll(poll, now());
    return poll.is_waiting() ? "(waits)" : poll.body;
  }
};

TEST_F(SlowReader, TakesAMessageOfAnySizeBelowTheLimitAndNoneAtIt) {
  for (const auto& [waiting, expected] :
       {std::pair{kLimit - 1, SendResult::buffered}, std::pair{kLimit, SendResult::dropped},
        std::pair{kLimit + 1, SendResult::dropped}}) {
    RecordingEvents own_events;
    RecordingWebSocket own;
    Session own_session("sid", options, own_events);
    own_session.open_websocket(own, now());
    own.peer_reads = false;
    own.waiting = 0;
    own_session.send(text(std::string(waiting - 1, 'x')));
    EXPECT_EQ(own_session.send(text(std::string(10 * kLimit, 'x'))), expected) << waiting;
    EXPECT_EQ(own_events.overflows, expected == SendResult::dropped ? 1 : 0) << waiting;
  }
}

TEST_F(SlowReader, TheQueueOfPollingHasTheSameLimit) {
  for (const auto& [waiting, expected] :
       {std::pair{kLimit - 1, SendResult::buffered}, std::pair{kLimit, SendResult::dropped},
        std::pair{kLimit + 1, SendResult::dropped}}) {
    RecordingEvents own_events;
    Session own_session("sid", options, own_events);
    RecordingPoll handshake;
    own_session.open_polling(handshake, now());
    own_session.send(text(std::string(waiting - PacketQueue::kPacketCost - 1, 'x')));
    ASSERT_EQ(own_session.memory(), waiting);
    EXPECT_EQ(own_session.send(text("one more")), expected) << waiting;
    EXPECT_EQ(own_events.overflows, expected == SendResult::dropped ? 1 : 0) << waiting;
  }
}

TEST_F(SlowReader, WebSocketIsClosedWithTheReason) {
  open_websocket();
  let_wait(kLimit);
  EXPECT_EQ(session.send(text("refused")), SendResult::dropped);
  EXPECT_EQ(websocket.sent.size(), 1U);
  EXPECT_THAT(events.closed, IsEmpty()) << "not from inside send(): a fan-out may be on the stack";
  session.end_slow_reader(now());
  EXPECT_EQ(websocket.slow_closes, 1);
  EXPECT_EQ(websocket.closes, 0);
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
  EXPECT_EQ(events.description, kTooSlow);
}

// What was refused is a gap: nothing may come behind it.
TEST_F(SlowReader, NothingIsTakenAfterTheFirstRefusal) {
  open_websocket();
  let_wait(kLimit);
  EXPECT_EQ(session.send(text("refused")), SendResult::dropped);
  websocket.waiting = 0;
  session.websocket_drained(websocket);
  EXPECT_EQ(session.send(text("behind the gap")), SendResult::dropped);
  EXPECT_EQ(events.overflows, 1);
  EXPECT_EQ(events.drains, 0) << "there is nobody to send to any more";
  session.end_slow_reader(now());
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
}

TEST_F(SlowReader, PollingGetsWhatWaitsAndThenTheGoodbye) {
  options.max_payload = 600;
  open_polling();
  ASSERT_EQ(session.send(text(std::string(500, 'a'))), SendResult::buffered);
  ASSERT_EQ(session.send(text(std::string(500, 'b'))), SendResult::buffered);
  EXPECT_EQ(session.send(text("refused")), SendResult::dropped);
  session.end_slow_reader(now());
  EXPECT_THAT(events.closed, IsEmpty());
  EXPECT_EQ(next_answer(), "4" + std::string(500, 'a'));
  EXPECT_EQ(next_answer(), "4" + std::string(500, 'b'));
  EXPECT_EQ(next_answer(), "1");
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
  EXPECT_EQ(events.description, kTooSlow);
}

TEST_F(SlowReader, PollingThatDoesNotComeBackIsCutAfterTheGrace) {
  options.slow_grace = 10s;
  open_polling();
  queue(kLimit);
  EXPECT_EQ(session.send(text("refused")), SendResult::dropped);
  session.end_slow_reader(now());
  advance(10s - 1ms);
  EXPECT_THAT(events.closed, IsEmpty());
  EXPECT_GE(session.memory(), kLimit);
  advance(1ms);
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
  EXPECT_EQ(events.description, kTooSlow);
  EXPECT_EQ(session.memory(), 0U);
}

// The GET may come before the owner had the time to say so.
TEST_F(SlowReader, GetBetweenRefusalAndEndIsAnswered) {
  open_polling();
  queue(kLimit);
  EXPECT_EQ(session.send(text("refused")), SendResult::dropped);
  EXPECT_EQ(next_answer().size(), kLimit - PacketQueue::kPacketCost);
  EXPECT_THAT(events.closed, IsEmpty());
  session.end_slow_reader(now());
  EXPECT_EQ(next_answer(), "1");
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
}

TEST_F(SlowReader, ReasonReachesAClientThatUpgradesMeanwhile) {
  open_polling();
  attach_and_probe();
  websocket.sent.clear();
  queue(kLimit);
  EXPECT_EQ(session.send(text("refused")), SendResult::dropped);
  session.end_slow_reader(now());
  receive("5");
  EXPECT_EQ(websocket.sent.size(), 1U);
  EXPECT_EQ(websocket.slow_closes, 1);
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
}

TEST_F(SlowReader, MayGoBeforeItIsEnded) {
  open_websocket();
  let_wait(kLimit);
  EXPECT_EQ(session.send(text("refused")), SendResult::dropped);
  session.websocket_closed(websocket);
  EXPECT_THAT(events.closed, ElementsAre("transport close"));
  session.end_slow_reader(now());
  EXPECT_EQ(events.closed.size(), 1U);
}

// An attachment belongs to the event that was taken; without the heartbeat a slow reader would be a dead one.
TEST_F(SlowReader, PartsOfAMessageAndPingsAreNotRefused) {
  open_websocket();
  let_wait(kLimit);
  Packet part = make_binary_packet("attachment");
  part.is_exempt = true;
  EXPECT_EQ(session.send(part), SendResult::buffered);
  advance(25s);
  EXPECT_EQ(websocket.sent.back(), "2");
  EXPECT_EQ(events.overflows, 0);
}

TEST_F(SlowReader, VolatileMessagesNeverReachTheLimit) {
  open_websocket();
  let_wait(kLimit);
  EXPECT_EQ(session.send(volatile_text("lost")), SendResult::dropped);
  EXPECT_EQ(events.overflows, 0);
}

// --- WhenFull::drop ---

TEST_F(SlowReader, MayBeKeptWhileMessagesAreDropped) {
  options.when_full = WhenFull::drop;
  open_websocket();
  let_wait(kLimit);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(session.send(text("refused")), SendResult::dropped);
  EXPECT_EQ(events.overflows, 1) << "once, until it has drained";
  websocket.waiting = 0;
  websocket.peer_reads = true;
  session.websocket_drained(websocket);
  EXPECT_EQ(events.drains, 1);
  EXPECT_EQ(session.send(text("taken")), SendResult::sent);
  let_wait(kLimit);
  EXPECT_EQ(session.send(text("refused")), SendResult::dropped);
  EXPECT_EQ(events.overflows, 2);
  EXPECT_EQ(session.state(), SessionState::open);
}

TEST_F(SlowReader, WhatMustNotBeMissingEndsItAllTheSame) {
  options.when_full = WhenFull::drop;
  open_polling();
  queue(kLimit);
  EXPECT_EQ(session.send(text("refused")), SendResult::dropped);
  session.end_slow_reader(now());
  EXPECT_EQ(session.send(text("late")), SendResult::dropped);
  EXPECT_EQ(next_answer().size(), kLimit - PacketQueue::kPacketCost);
  EXPECT_EQ(next_answer(), "1");
  EXPECT_THAT(events.closed, ElementsAre("transport error"));
}

}  // namespace
}  // namespace naru::engineio
