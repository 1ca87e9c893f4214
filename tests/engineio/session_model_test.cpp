// Numbered messages both ways while clients upgrade at random times: none lost, repeated or out of order.
//
// The client is a model of the official one: it polls, posts, probes, pauses its polling until the GET and
// the POST that are on their way have ended, and only then sends "5". Time, arrival and every choice come
// from a seeded generator, so that a failure can be repeated.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "engineio/payload.hpp"
#include "engineio/session.hpp"
#include "support/fake_clock.hpp"

namespace naru::engineio {
namespace {

using namespace std::chrono_literals;

constexpr int kMessages = 10'000;

// Expects 0, 1, 2, ... as text ("n") or binary ("bn") messages.
class Counter {
 public:
  void take(std::string_view data, bool binary) {
    const std::string expected = (binary ? "b" : "") + std::to_string(next_);
    ASSERT_EQ(data, expected);
    ++next_;
  }
  int next() const { return next_; }

 private:
  int next_ = 0;
};

Packet numbered(int number) {
  if (number % 7 == 0) return make_binary_packet("b" + std::to_string(number));
  return make_packet(PacketType::message, std::to_string(number));
}

struct ServerSide : SessionEvents {
  void on_message(std::string_view data, bool binary) override { received.take(data, binary); }
  void on_closed(CloseReason reason, std::string_view description) override {
    FAIL() << to_text(reason) << ": " << description;
  }
  Counter received;
};

// What the server has put on the wire and the client has not yet read.
struct Wire : WebSocketOutlet {
  base::WriteStatus write(const Packet& packet) override {
    frames.push_back(packet);
    return base::WriteStatus::sent;
  }
  void close() override { is_closed = true; }
  std::size_t buffered() const override { return 0; }
  std::vector<Packet> frames;
  bool is_closed = false;
};

struct Get : PollOutlet {
  void answer(base::Frame payload, bool) override { body = std::string(payload.view()); }
  void refuse() override { FAIL() << "a GET was refused"; }
  std::optional<std::string> body;
};

class Client {
 public:
  Client(Session& session, std::mt19937& random)
      : session_(session), random_(random), upgrade_after_(static_cast<int>(pick(kMessages * 3 / 4))) {}

  // One random thing that the network or the client may do now.
  void step(base::TimePoint now) {
    switch (pick(8)) {
      case 0:
        return read_get();
      case 1:
        return begin_get(now);
      case 2:
        return begin_post();
      case 3:
        return end_post(now);
      case 4:
        return begin_upgrade(now);
      case 5:
        return read_websocket(now);
      case 6:
        return finish_upgrade(now);
      case 7:
        return send_by_websocket(now);
    }
  }
  bool is_done() const { return received_.next() == kMessages && next_to_send_ == kMessages && !posting_; }
  bool is_upgraded() const { return is_upgraded_; }
  int failed_candidates() const { return failed_candidates_; }

 private:
  unsigned pick(unsigned below) { return std::uniform_int_distribution<unsigned>(0, below - 1)(random_); }

  void begin_get(base::TimePoint now) {
    if (get_ != nullptr || is_pausing_ || is_upgraded_) return;
    get_ = std::make_unique<Get>();
    session_.poll(*get_, now);
  }
  void read_get() {
    if (get_ == nullptr || !get_->body) return;
    PayloadReader reader(*get_->body);
    while (const auto packet = reader.next())
      take(*packet);
    ASSERT_FALSE(reader.failed());
    get_.reset();
  }
  void take(const PacketView& packet) {
    if (packet.type == PacketType::message) return received_.take(packet.data, packet.binary);
    ASSERT_TRUE(packet.type == PacketType::noop || packet.type == PacketType::ping);
    if (packet.type == PacketType::ping) owes_pong_ = true;
  }

  std::string next_payload() {
    std::vector<Packet> packets;
    if (std::exchange(owes_pong_, false)) packets.push_back(make_packet(PacketType::pong));
    for (unsigned count = pick(5); count > 0 && next_to_send_ < kMessages; --count) {
      packets.push_back(numbered(next_to_send_++));
    }
    if (packets.empty()) return {};
    return std::string(encode_payload(packets, 1'000'000).bytes.view());
  }
  void begin_post() {
    if (posting_ || is_pausing_ || is_upgraded_) return;
    std::string body = next_payload();
    if (body.empty()) return;
    ASSERT_TRUE(session_.begin_post("text/plain;charset=UTF-8"));
    posting_ = std::move(body);
  }
  void end_post(base::TimePoint now) {
    if (!posting_) return;
    ASSERT_EQ(session_.post(*posting_, now), PostAnswer::ok);
    posting_.reset();
  }

  void begin_upgrade(base::TimePoint now) {
    if (wire_ != nullptr || is_upgraded_ || received_.next() < upgrade_after_ || pick(20) != 0) return;
    wire_ = std::make_unique<Wire>();
    ASSERT_TRUE(session_.upgrade_candidate(*wire_, now));
    // Some candidates fail: they disappear, or never probe until they time out.
    if (pick(3) == 0) {
      ++failed_candidates_;
      session_.websocket_closed(*wire_);
      wire_.reset();
      return;
    }
    session_.websocket_message(*wire_, "2probe", false, now);
  }
  void read_websocket(base::TimePoint) {
    if (wire_ == nullptr) return;
    if (wire_->is_closed) {  // the upgrade timed out
      ASSERT_FALSE(is_upgraded_);
      ++failed_candidates_;
      wire_.reset();
      is_pausing_ = false;
      return;
    }
    for (const Packet& packet : std::exchange(wire_->frames, {})) {
      if (packet.binary) {
        received_.take(packet.body(), true);
      } else if (packet.body() == "3probe") {
        is_pausing_ = true;
      } else {
        ASSERT_TRUE(is_upgraded_);
        std::string space;
        take(*read_text_packet(packet.body(), space));
      }
    }
  }
  void finish_upgrade(base::TimePoint now) {
    const bool is_quiet = get_ == nullptr && !posting_;
    if (!is_pausing_ || is_upgraded_ || !is_quiet || wire_->is_closed) return;
    is_upgraded_ = true;
    session_.websocket_message(*wire_, "5", false, now);
  }
  void send_by_websocket(base::TimePoint now) {
    if (!is_upgraded_) return;
    if (std::exchange(owes_pong_, false)) session_.websocket_message(*wire_, "3", false, now);
    if (next_to_send_ == kMessages) return;
    const Packet packet = numbered(next_to_send_++);
    session_.websocket_message(*wire_, packet.body(), packet.binary, now);
  }

  Session& session_;
  std::mt19937& random_;
  const int upgrade_after_;  // messages received before it first tries
  Counter received_;
  int next_to_send_ = 0;
  std::unique_ptr<Get> get_;
  std::optional<std::string> posting_;
  std::unique_ptr<Wire> wire_;
  bool is_pausing_ = false;
  bool is_upgraded_ = false;
  bool owes_pong_ = false;
  int failed_candidates_ = 0;
};

struct Outcome {
  bool was_upgraded = false;
  int failed_candidates = 0;
};

Outcome run(unsigned seed) {
  std::mt19937 random(seed);
  test::FakeClock clock;
  SessionOptions options;
  options.max_payload = 200;  // so that an answer often leaves some of the queue behind
  options.upgrade_timeout = 200ms;
  ServerSide server;
  Session session("sid", options, server);
  Get handshake;
  session.open_polling(handshake, clock.now());
  Client client(session, random);

  int sent = 0;
  for (int step = 0; step < 5'000'000 && !::testing::Test::HasFatalFailure(); ++step) {
    if (client.is_done() && sent == kMessages && server.received.next() == kMessages) break;
    client.step(clock.now());
    for (unsigned burst = random() % 4; burst > 0 && sent < kMessages && random() % 2 == 0; --burst) {
      session.send(numbered(sent++));
    }
    if (random() % 4 == 0) clock.advance(5ms);
    if (session.deadline() <= clock.now()) session.tick(clock.now());
  }
  EXPECT_TRUE(client.is_done());
  EXPECT_EQ(server.received.next(), kMessages);
  EXPECT_EQ(session.queued_bytes(), 0U);
  return {client.is_upgraded(), client.failed_candidates()};
}

TEST(SessionModel, NumberedMessagesSurviveUpgradesAtRandomTimes) {
  int upgraded = 0;
  int failed_candidates = 0;
  for (unsigned seed = 1; seed <= 20 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Outcome outcome = run(seed);
    upgraded += outcome.was_upgraded ? 1 : 0;
    failed_candidates += outcome.failed_candidates;
  }
  EXPECT_GT(upgraded, 0) << "the model must have upgraded to mean anything";
  EXPECT_GT(failed_candidates, 0);
}

}  // namespace
}  // namespace naru::engineio
