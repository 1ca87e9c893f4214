// What the tests of the Engine.IO session share: outlets and an owner that write down what happens to them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engineio/session.hpp"
#include "support/fake_clock.hpp"

namespace naru::engineio {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct RecordingPoll : PollOutlet {
  void answer(base::Frame payload, bool) override {
    ++answers;
    body = std::string(payload.view());
    if (on_answer) on_answer();
  }
  void refuse() override { ++refusals; }
  bool is_waiting() const { return answers + refusals == 0; }

  int answers = 0;
  int refusals = 0;
  std::string body;
  std::function<void()> on_answer;
};

// Takes everything at once, unless it is told that the peer does not read.
struct RecordingWebSocket : WebSocketOutlet {
  base::WriteStatus write(const Packet& packet) override {
    if (closes + slow_closes > 0) return base::WriteStatus::closed;
    sent.push_back((packet.binary ? "binary:" : "") + std::string(packet.body()));
    if (on_write) on_write();
    if (!peer_reads) waiting += packet.size();
    return waiting > 0 ? base::WriteStatus::buffered : base::WriteStatus::sent;
  }
  void close() override { ++closes; }
  void close_slow_reader() override { ++slow_closes; }
  std::size_t buffered() const override { return waiting; }
  void pause_reading() override { is_paused = true; }
  void resume_reading() override { is_paused = false; }

  std::vector<std::string> sent;
  int closes = 0;
  int slow_closes = 0;
  bool peer_reads = true;
  bool is_paused = false;
  std::size_t waiting = 0;
  std::function<void()> on_write;
};

struct RecordingEvents : SessionEvents {
  void on_message(std::string_view data, bool binary) override {
    messages.push_back((binary ? "binary:" : "") + std::string(data));
    if (react) react(data);
  }
  void on_drain() override { ++drains; }
  void on_overflow() override { ++overflows; }
  void on_transport(Transport now) override { transports.emplace_back(to_text(now)); }
  void on_closed(CloseReason reason, std::string_view why) override {
    closed.emplace_back(to_text(reason));
    description = why;
  }
  void on_deadline_changed() override { ++deadline_changes; }
  void on_upgrading() override {
    ++upgradings;
    if (on_probe) on_probe();
  }
  void on_heartbeat() override { ++heartbeats; }
  void on_packet(const PacketView& packet) override {
    packets.push_back("in " + std::string(1, static_cast<char>(packet.type)) + std::string(packet.data));
  }
  void on_packet_create(const Packet& packet) override {
    packets.push_back("out " + std::string(packet.body()));
  }

  std::vector<std::string> messages;
  std::vector<std::string> transports;
  std::vector<std::string> packets;  // of an observed session
  std::vector<std::string> closed;   // the reasons; never more than one
  std::string description;
  int drains = 0;
  int overflows = 0;
  int deadline_changes = 0;
  int upgradings = 0;
  int heartbeats = 0;
  std::function<void()> on_probe;
  std::function<void(std::string_view)> react;
};

inline Packet text(std::string_view payload) {
  return make_packet(PacketType::message, payload);
}
inline Packet volatile_text(std::string_view payload) {
  Packet packet = text(payload);
  packet.is_volatile = true;
  return packet;
}

class SessionTest : public ::testing::Test {
 protected:
  // Ping after 25 s, its time-out 20 s, upgrade 10 s, close 30 s.
  SessionOptions options;
  test::FakeClock clock;
  RecordingEvents events;
  RecordingWebSocket websocket;
  Session session{"the-session-id", options, events};

  base::TimePoint now() const { return clock.now(); }
  void open_polling() {
    RecordingPoll handshake;
    session.open_polling(handshake, now());
    ASSERT_EQ(handshake.answers, 1);
  }
  void open_websocket() {
    session.open_websocket(websocket, now());
    websocket.sent.clear();
  }
  PostAnswer post(std::string_view body) {
    if (!session.begin_post("text/plain;charset=UTF-8")) return PostAnswer::bad_request;
    return session.post(std::string(body), now());
  }
  void receive(std::string_view message) { session.websocket_message(websocket, message, false, now()); }
  void attach_and_probe() {
    ASSERT_TRUE(session.upgrade_candidate(websocket, now()));
    receive("2probe");
  }
  // Moves time to each deadline in turn, as a loop with a timer does.
  void advance(base::Duration by) {
    const base::TimePoint end = now() + by;
    while (session.deadline() <= end && session.state() != SessionState::closed) {
      clock.advance(session.deadline() - now());
      session.tick(now());
    }
    clock.advance(end - now());
  }
};

}  // namespace naru::engineio
