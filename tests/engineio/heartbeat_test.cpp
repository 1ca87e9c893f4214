#include "engineio/heartbeat.hpp"

#include <gtest/gtest.h>

#include "support/fake_clock.hpp"

namespace naru::engineio {
namespace {

using namespace std::chrono_literals;

class HeartbeatTest : public ::testing::Test {
 protected:
  HeartbeatTest() { heartbeat.start(options, clock.now()); }
  Heartbeat::Due after(base::Duration by) {
    clock.advance(by);
    return heartbeat.tick(options, clock.now());
  }

  SessionOptions options;  // 25 s and 20 s
  test::FakeClock clock;
  Heartbeat heartbeat;
};

TEST_F(HeartbeatTest, FirstPingComesAfterOneInterval) {
  EXPECT_EQ(after(25s - 1ms), Heartbeat::Due::nothing);
  EXPECT_EQ(after(1ms), Heartbeat::Due::ping);
}

TEST_F(HeartbeatTest, MissingPongIsATimeout) {
  EXPECT_EQ(after(25s), Heartbeat::Due::ping);
  EXPECT_EQ(after(20s - 1ms), Heartbeat::Due::nothing);
  EXPECT_EQ(after(1ms), Heartbeat::Due::timeout);
}

// What was sent before a ping has arrived once that ping is answered, and not before.
TEST_F(HeartbeatTest, APongConfirmsWhatWentBeforeItsPing) {
  const auto began = clock.now();
  EXPECT_EQ(heartbeat.confirmed(), began);
  EXPECT_EQ(after(25s), Heartbeat::Due::ping);
  EXPECT_EQ(heartbeat.confirmed(), began);
  clock.advance(5s);
  heartbeat.take_pong(options, clock.now());
  EXPECT_EQ(heartbeat.confirmed(), began + 25s);
  heartbeat.take_pong(options, clock.now() + 1s);  // nobody has asked
  EXPECT_EQ(heartbeat.confirmed(), began + 25s);
}

// Paused, the first ping that is not answered counts: whichever of them the pong is for.
TEST_F(HeartbeatTest, ARepeatedPingConfirmsNoMoreThanTheFirst) {
  const auto began = clock.now();
  heartbeat.pause(options);
  EXPECT_EQ(after(25s), Heartbeat::Due::ping);
  EXPECT_EQ(after(25s), Heartbeat::Due::repeated_ping);
  heartbeat.resume(options, clock.now());
  heartbeat.take_pong(options, clock.now());
  EXPECT_EQ(heartbeat.confirmed(), began + 25s);
}

TEST_F(HeartbeatTest, NextIntervalBeginsWithThePong) {
  EXPECT_EQ(after(25s), Heartbeat::Due::ping);
  clock.advance(19s);
  heartbeat.take_pong(options, clock.now());
  EXPECT_EQ(heartbeat.deadline(), clock.now() + 25s);
  EXPECT_EQ(after(25s - 1ms), Heartbeat::Due::nothing);
  EXPECT_EQ(after(1ms), Heartbeat::Due::ping);
}

TEST_F(HeartbeatTest, WhilePausedPingsGoOnAndNothingTimesOut) {
  EXPECT_EQ(after(25s), Heartbeat::Due::ping);
  heartbeat.pause(options);
  EXPECT_EQ(after(25s - 1ms), Heartbeat::Due::nothing);
  EXPECT_EQ(after(1ms), Heartbeat::Due::repeated_ping);
  EXPECT_EQ(after(25s), Heartbeat::Due::repeated_ping);
  heartbeat.resume(options, clock.now());
  EXPECT_EQ(after(20s - 1ms), Heartbeat::Due::nothing);
  EXPECT_EQ(after(1ms), Heartbeat::Due::timeout);
}

TEST_F(HeartbeatTest, PauseWithoutAPingOnItsWayChangesNoDeadline) {
  const base::TimePoint before = heartbeat.deadline();
  heartbeat.pause(options);
  heartbeat.resume(options, clock.now() + 5s);
  EXPECT_EQ(heartbeat.deadline(), before);
}

TEST_F(HeartbeatTest, StoppedStaysStopped) {
  EXPECT_EQ(after(25s), Heartbeat::Due::ping);
  heartbeat.stop();
  heartbeat.pause(options);
  heartbeat.resume(options, clock.now());
  EXPECT_EQ(heartbeat.deadline(), base::kNever);
  EXPECT_EQ(after(1h), Heartbeat::Due::nothing);
}

}  // namespace
}  // namespace naru::engineio
