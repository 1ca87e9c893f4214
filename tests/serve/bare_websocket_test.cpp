#include "serve/bare_websocket.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "hub/channels.hpp"
#include "naru/log.hpp"
#include "net/loop.hpp"
#include "net/worker_pool.hpp"
#include "serve/application.hpp"
#include "serve/loop_server.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_pipe.hpp"
#include "ws/client_frames.hpp"
#include "ws/session_fixture.hpp"

namespace naru::serve {
namespace {

using namespace std::chrono_literals;
using ws::client_control;
using ws::client_text;
using ws::Opcode;

// Nobody asks it anything: the WebSocket is made by hand.
class NoApplication final : public Application {
 public:
  Door route(const http::RequestHead&) const override { return {}; }
  const EngineSettings& engine(std::uint32_t) const override { throw std::logic_error("engine"); }
  std::unique_ptr<EngineClient> open_engine(std::uint32_t, EngineSession&, SharedHandshake) override {
    return nullptr;
  }
  const WebSocketSettings& websocket(std::uint32_t) const override { throw std::logic_error("websocket"); }
  const FeedSettings& feed(std::uint32_t) const override { throw std::logic_error("feed"); }
  const RouteSettings& http_route(std::uint32_t) const override { throw std::logic_error("route"); }
  void request(std::uint32_t, RouteRequest, AnswerName) override {}
  FileAnswer file(const Door&, const http::RequestHead&) const override { return {}; }
};

using Events = std::vector<std::string>;

struct Recorder final : WebSocketClient {
  Recorder(Events& list, std::function<void(std::string_view)>& reaction) : events(list), react(reaction) {}
  void tell(std::string event) {
    events.push_back(event);
    if (react) react(event);
  }
  void on_open() override { tell("open"); }
  void on_message(std::string_view data, bool) override {
    tell(data.size() < 100 ? std::string(data) : std::to_string(data.size()) + " bytes");
  }
  void on_ping(std::string_view payload) override { tell("ping " + std::string(payload)); }
  void on_pong(std::string_view payload) override { tell("pong " + std::string(payload)); }
  void on_drain() override { tell("drain"); }
  void on_closing() override { tell("closing"); }
  void on_closed(const WebSocketEnd& end) override {
    tell((end.is_failure ? "failed " : "closed ") + std::to_string(end.code) + " " + std::string(end.reason));
  }
  Events& events;
  std::function<void(std::string_view)>& react;
};

class BareWebSocketTest : public testing::Test {
 protected:
  void SetUp() override {
    set_log_level(Level::off);
    shared.census.enter("127.0.0.1");
  }
  void TearDown() override {
    server.cut_all();
    loop.poll();
  }
  void start() {
    pipe.right().set_events(&peer);
    websocket = &server.own(
        std::make_unique<BareWebSocket>(server, pipe.take_left(), settings, "127.0.0.1", std::nullopt));
    websocket->attach(std::make_unique<Recorder>(events, react));
    turn();
    events.clear();
  }
  void turn() {
    pipe.run();
    loop.poll();
    pipe.run();
  }
  // In one jump, as a loop sees it that was held up.
  void advance(base::Duration by) {
    clock.advance(by + net::TimerWheel::kResolution);
    turn();
    turn();
  }
  void peer_sends(std::string_view bytes) {
    pipe.right().write(bytes);
    turn();
  }
  std::string peer_got() { return std::exchange(peer.bytes, {}); }

  test::FakeClock clock;
  NoApplication application;
  net::Loop loop{{.clock = &clock}};
  std::shared_ptr<net::WorkerPool> workers = std::make_shared<net::WorkerPool>();
  std::shared_ptr<hub::LoopGroup> loops = std::make_shared<hub::LoopGroup>(std::vector<net::Loop*>{&loop});
  Shared shared{.application = application,
                .loops = loops,
                .workers = *workers,
                .channels = std::make_shared<hub::Channels>(workers, loops, clock),
                .census = Census({})};
  LoopServer server{loop, shared};
  WebSocketSettings settings{.max_queued = 100'000, .slow_grace = 1s};
  Events events;
  std::function<void(std::string_view)> react;
  test::MemoryPipe pipe;
  ws::Peer peer;
  BareWebSocket* websocket = nullptr;
};

const std::string kPing("\x89\x00", 2);

// --- the heartbeat ---

TEST_F(BareWebSocketTest, WhoAnswersNoPingIsCutOff) {
  settings.ping_interval = 10s;
  start();
  advance(10s);
  EXPECT_EQ(peer_got(), kPing);
  advance(9s);
  EXPECT_EQ(events, Events());
  advance(1s);
  EXPECT_EQ(events, Events{"failed 1006 it answered no ping"});
  EXPECT_TRUE(peer.is_closed);
}

TEST_F(BareWebSocketTest, WhoAnswersStays) {
  settings.ping_interval = 10s;
  start();
  for (int beat = 0; beat < 5; ++beat) {
    advance(10s);
    EXPECT_EQ(peer_got(), kPing);
    peer_sends(client_control(Opcode::pong));
  }
  EXPECT_EQ(events, Events(5, "pong "));
}

// The pause of the rate and the time for the pong end in one turn: the pong lies unread, behind what was too
// much.
TEST_F(BareWebSocketTest, APauseOfTheRateMovesTheTimeForThePong) {
  settings.ping_interval = 10s;
  settings.inbound = {.bytes_per_second = 1000};
  start();
  advance(10s);
  EXPECT_EQ(peer_got(), kPing);
  advance(1s);
  peer_sends(client_text(std::string(10'000, 'x')) + client_control(Opcode::pong));  // nine seconds too much
  EXPECT_EQ(events, Events{"10000 bytes"}) << "the pong is not read yet";
  advance(20s);
  EXPECT_EQ(events, (Events{"10000 bytes", "pong "}));
  advance(10s);
  peer_sends(client_control(Opcode::pong));
  EXPECT_EQ(events, (Events{"10000 bytes", "pong ", "pong "}));
}

TEST_F(BareWebSocketTest, AfterAPauseSilenceStillEndsIt) {
  settings.ping_interval = 10s;
  settings.inbound = {.bytes_per_second = 1000};
  start();
  advance(10s);
  peer_sends(client_text(std::string(10'000, 'x')));
  advance(10s);
  advance(9s);
  EXPECT_EQ(events, Events{"10000 bytes"});
  advance(1s);
  EXPECT_EQ(events, (Events{"10000 bytes", "failed 1006 it answered no ping"}));
}

// --- silence ---

TEST_F(BareWebSocketTest, WhoSaysNothingIsClosed) {
  settings.idle_timeout = 60s;
  start();
  advance(59s);
  EXPECT_EQ(events, Events());
  advance(1s);
  EXPECT_EQ(events, Events{"closing"});
  EXPECT_EQ(peer_got(), ws::server_close(1001, "idle for too long"));
  peer_sends(ws::client_close(1001));
  pipe.right().shutdown();
  turn();
  EXPECT_EQ(events, (Events{"closing", "closed 1001 "}));
}

TEST_F(BareWebSocketTest, MessagesAndPingsAreNoSilence) {
  settings.idle_timeout = 60s;
  start();
  advance(50s);
  peer_sends(client_text("x"));
  advance(50s);
  peer_sends(client_control(Opcode::ping));
  advance(50s);
  EXPECT_EQ(events, (Events{"x", "ping "}));
  advance(10s);
  EXPECT_EQ(events, (Events{"x", "ping ", "closing"}));
}

TEST_F(BareWebSocketTest, PongsAreSilence) {
  settings.ping_interval = 25s;
  settings.idle_timeout = 60s;
  start();
  for (int beat = 0; beat < 2; ++beat) {
    advance(25s);
    peer_sends(client_control(Opcode::pong));
  }
  EXPECT_EQ(events, (Events{"pong ", "pong "}));
  advance(10s);
  EXPECT_EQ(events, (Events{"pong ", "pong ", "closing"}));
}

// --- reading ---

TEST_F(BareWebSocketTest, NothingComesWhileItsClientPauses) {
  settings.ping_interval = 10s;
  settings.idle_timeout = 60s;
  start();
  react = [&](std::string_view event) {
    if (event == "pause") websocket->pause();
  };
  peer_sends(client_text("pause") + client_text("one") + client_control(Opcode::pong) + client_text("two"));
  for (int i = 0; i < 20; ++i)
    advance(10s);
  EXPECT_EQ(events, Events{"pause"}) << "neither a missing pong nor silence is the peer's fault";
  websocket->resume();
  turn();
  EXPECT_EQ(events, (Events{"pause", "one", "pong ", "two"}));
  websocket->resume();
  advance(10s);
  advance(10s);
  EXPECT_EQ(events.back(), "failed 1006 it answered no ping");
}

TEST_F(BareWebSocketTest, TheRatePausesBesideItsClient) {
  settings.inbound = {.bytes_per_second = 1000};
  start();
  peer_sends(client_text(std::string(3'000, 'x')) + client_text("next"));
  websocket->pause();
  websocket->resume();
  turn();
  EXPECT_EQ(events, Events{"3000 bytes"}) << "the rate pauses on";
  websocket->pause();
  advance(10s);
  EXPECT_EQ(events, Events{"3000 bytes"}) << "and the client when the rate does not";
  websocket->resume();
  turn();
  EXPECT_EQ(events, (Events{"3000 bytes", "next"}));
}

// --- ends ---

TEST_F(BareWebSocketTest, WhatThePeerBreaksIsAFailure) {
  start();
  peer_sends(ws::encode({.payload = "x", .is_masked = false}));
  pipe.right().shutdown();
  turn();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0], "closing");
  EXPECT_EQ(events[1].substr(0, 12), "failed 1002 ");
  EXPECT_GT(events[1].size(), 12U) << "with a sentence";
}

TEST_F(BareWebSocketTest, ItMayBeCutFromItsFirstEvent) {
  react = [&](std::string_view event) {
    if (event == "open") server.cut_all();
  };
  pipe.right().set_events(&peer);
  websocket = &server.own(
      std::make_unique<BareWebSocket>(server, pipe.take_left(), settings, "127.0.0.1", std::nullopt));
  websocket->attach(std::make_unique<Recorder>(events, react));
  turn();
  EXPECT_EQ(events, (Events{"open", "closed 1006 "}));
  EXPECT_TRUE(peer.is_closed);
  EXPECT_EQ(shared.census.total(), 0U);
}

TEST_F(BareWebSocketTest, ItMayBeCutFromAMessage) {
  start();
  react = [&](std::string_view event) {
    if (event == "cut") websocket->cut();
  };
  peer_sends(client_text("cut") + client_text("never"));
  EXPECT_EQ(events, (Events{"cut", "closed 1006 "}));
}

TEST_F(BareWebSocketTest, AVerdictsEndIsItsEnd) {
  start();
  websocket->admit(allow.as("ann").until(clock.wall() + 60s));
  server.admissions().end_all("bob");
  advance(59s);
  EXPECT_EQ(peer_got(), "");
  advance(1s);
  EXPECT_EQ(peer_got(), ws::server_close(1008, reason_of(AdmissionEnd::expired)));
}

TEST_F(BareWebSocketTest, AnIdentityMayBeEnded) {
  start();
  websocket->admit(allow.as("ann"));
  server.admissions().end_all("ann");
  turn();
  EXPECT_EQ(peer_got(), ws::server_close(1008, reason_of(AdmissionEnd::disconnected)));
}

}  // namespace
}  // namespace naru::serve
