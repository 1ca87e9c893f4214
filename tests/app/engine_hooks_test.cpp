// What an engine's users have a say in: the gate, middleware, ids, headers, and what they are told.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "naru/engine.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

namespace naru {
namespace {

using namespace std::chrono_literals;
using test::HttpAnswer;
using test::Mailbox;
using test::RawClient;
using test::RunningServer;
using test::WebSocketClient;

constexpr const char* kPolling = "/engine.io/?EIO=4&transport=polling";
constexpr const char* kWebSocket = "/engine.io/?EIO=4&transport=websocket";

class EngineHooksTest : public testing::TestWithParam<unsigned> {
 protected:
  RunningServer server{{.loops = GetParam()}};
  Engine& engine = server->engine();

  HttpAnswer shake(const std::string& query = "", std::string_view fields = {}) {
    return test::ask(server.port(), "GET", kPolling + query, fields);
  }
  static std::string sid_of(const HttpAnswer& answer) {
    const std::size_t begin = answer.body.find("\"sid\":\"") + 7;
    return answer.body.substr(begin, answer.body.find('"', begin) - begin);
  }
};
INSTANTIATE_TEST_SUITE_P(Loops, EngineHooksTest, testing::Values(1U, 2U));

// --- the gate ---

TEST_P(EngineHooksTest, AGateAnswersAtOnce) {
  engine.allow_request([](const Handshake& handshake) -> Verdict {
    return handshake.query("deny") ? refuse("not you") : Verdict::allowed();
  });
  const auto serving = server.start();
  EXPECT_EQ(shake().status, 200);
  const HttpAnswer refused = shake("&deny=1");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body, R"({"code":4,"message":"not you"})");
}

TEST_P(EngineHooksTest, AGateAnswersByATask) {
  engine.allow_request([](const Handshake& handshake) -> Task<Verdict> {
    Completion<int> completion;
    Later<int> later = completion.later();
    std::thread([completion = std::move(completion)]() mutable { completion.complete(1); }).detach();
    const Result<int> waited = co_await std::move(later);
    EXPECT_TRUE(waited);
    co_return handshake.query("deny") ? refuse("late no") : Verdict::allowed();
  });
  const auto serving = server.start();
  EXPECT_EQ(shake().status, 200);
  EXPECT_EQ(shake("&deny=1").body, R"({"code":4,"message":"late no"})");
}

TEST_P(EngineHooksTest, AGateThatThrowsOrForgetsRefuses) {
  engine.allow_request([](const Handshake& handshake, Decision) {
    if (handshake.query("throw")) throw 42;
  });
  const auto serving = server.start();
  EXPECT_EQ(shake().status, 403);
  EXPECT_EQ(shake("&throw=1").status, 403);
}

TEST_P(EngineHooksTest, AnswersThatComeWhenTheClientHasGoneFindNobody) {
  Mailbox<Decision> asked;
  std::atomic<int> connections{0};
  engine.allow_request([&](const Handshake&, Decision decide) { asked.put(std::move(decide)); });
  engine.on_connection([&](EngineSocket&) { ++connections; });
  const auto serving = server.start();
  RawClient gone(server.port());
  gone.send(test::request_text("GET", kPolling));
  Decision late = asked.take();
  gone.reset();
  RawClient stays(server.port());
  stays.send(test::request_text("GET", kPolling));
  Decision other = asked.take();
  other(allow);
  EXPECT_EQ(test::read_answer(stays).status, 200);
  late(allow);
  RawClient last(server.port());
  last.send(test::websocket_request(kWebSocket));
  asked.take()(allow);
  EXPECT_EQ(test::read_answer(last, false).status, 101);
  EXPECT_LE(connections, 3);
}

TEST_P(EngineHooksTest, AServerThatEndsWhileSomebodyIsAsked) {
  Mailbox<Decision> asked;
  engine.allow_request([&](const Handshake&, Decision decide) { asked.put(std::move(decide)); });
  RawClient client = [&] {
    const auto serving = server.start();
    RawClient waiting(server.port());
    waiting.send(test::request_text("GET", kPolling));
    asked.put(asked.take());  // it has been asked
    return waiting;
  }();
  server.destroy();
  asked.take()(allow);
  EXPECT_TRUE(client.is_at_end());
}

TEST_P(EngineHooksTest, WhoItIsReachesTheSocketsOfThatConnection) {
  Mailbox<std::string> who;
  Namespace& io = server->io();
  io.engine().allow_request([](const Handshake&) -> Verdict { return allow.as("user:7"); });
  io.engine().on_connection([&](EngineSocket& socket) { who.put(socket.identity()); });
  io.on_connection([&](Socket& socket) { who.put(socket.identity() + " by " + socket.conn().id()); });
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/socket.io/?EIO=4&transport=websocket");
  const std::string open = client.read_text();
  client.send("40");
  EXPECT_EQ(who.take(), "user:7");
  EXPECT_EQ(who.take(), "user:7 by " + open.substr(9, 20));
}

TEST_P(EngineHooksTest, AConnectionEndsWhenItsVerdictDoes) {
  Mailbox<std::string> closed;
  engine.allow_request(
      [](const Handshake&) -> Verdict { return allow.until(std::chrono::system_clock::now() + 50ms); });
  engine.on_close([&](EngineSocket&, std::string_view reason) { closed.put(std::string(reason)); });
  const auto serving = server.start();
  WebSocketClient client(server.port(), kWebSocket);
  EXPECT_EQ(closed.take(), "forced close");
}

// --- middleware ---

TEST_P(EngineHooksTest, MiddlewareRunsInOrderUntilOneRefuses) {
  engine.use([](EngineRequest& request) -> Verdict {
    request.answer().set("x-seen", "one");
    return allow;
  });
  engine.use([](EngineRequest& request) -> Task<Verdict> {
    request.answer().set("x-seen", *request.answer().get("x-seen") + " two");
    co_return request.query("stop") ? refuse("stop") : Verdict::allowed();
  });
  engine.use([](EngineRequest& request, Decision decide) {
    std::thread([request, decide = std::move(decide)]() mutable {
      request.answer().set("x-seen", *request.answer().get("x-seen") + " three");
      decide(allow);
    }).detach();
  });
  const auto serving = server.start();
  EXPECT_EQ(shake().field("x-seen"), "one two three");
  const HttpAnswer refused = shake("&stop=1");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, R"({"code":3,"message":"Bad request"})");
  EXPECT_EQ(refused.field("x-seen"), "one two");
}

TEST_P(EngineHooksTest, MiddlewareCannotBreakTheAnswer) {
  engine.use([](EngineRequest& request) -> Verdict {
    ResponseHeaders answer = request.answer();
    EXPECT_FALSE(answer.add("Content-Length", "3"));
    EXPECT_FALSE(answer.set("connection", "upgrade"));
    EXPECT_FALSE(answer.add("sec-websocket-accept", "x"));
    EXPECT_FALSE(answer.add("x-bad", "a\r\nx-forged: b"));
    EXPECT_FALSE(answer.add("bad name", "a"));
    EXPECT_TRUE(answer.add("x-good", "a"));
    EXPECT_FALSE(answer.set("x-good", "\n")) << "and stays what it was";
    answer.add("x-gone", "a");
    answer.remove("X-Gone");
    return allow;
  });
  const auto serving = server.start();
  const HttpAnswer answer = shake();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("x-good"), "a");
  EXPECT_FALSE(answer.field("x-forged"));
  EXPECT_FALSE(answer.field("x-gone"));
}

TEST_P(EngineHooksTest, ABodyWaitsForMiddleware) {
  Mailbox<std::string> messages;
  engine.use([](EngineRequest& request, Decision decide) {
    if (request.method() != "POST") return decide(allow);
    std::thread([decide = std::move(decide)]() mutable { decide(allow); }).detach();
  });
  engine.on_message([&](EngineSocket& socket, Message message) {
    EXPECT_TRUE(socket.request());
    EXPECT_EQ(socket.request()->header("x-mark"), "here");
    messages.put(std::string(message.data));
  });
  const auto serving = server.start();
  const std::string mine = kPolling + ("&sid=" + sid_of(shake()));
  const std::string body(300'000, 'x');
  EXPECT_EQ(test::ask(server.port(), "POST", mine, "x-mark: here\r\n", "4" + body).body, "ok");
  EXPECT_EQ(messages.take(), body);
}

// RFC 9110 10.1.1: a client holds its body back until somebody wants it.
TEST_P(EngineHooksTest, ABodyIsAskedForWhenMiddlewareHasDecided) {
  Mailbox<Decision> asked;
  engine.use([&](EngineRequest& request, Decision decide) {
    if (request.method() != "POST") return decide(allow);
    asked.put(std::move(decide));
  });
  const auto serving = server.start();
  const std::string mine = kPolling + ("&sid=" + sid_of(shake()));
  const std::string head = test::request_text("POST", mine, "Expect: 100-continue\r\nContent-Length: 2\r\n");
  test::RawClient refused(server.port());
  refused.send(head);
  asked.take()(refuse("no"));
  EXPECT_EQ(read_answer(refused).status, 400) << "without a 100 before it";
  test::RawClient allowed(server.port());
  allowed.send(head);
  asked.take()(allow);
  EXPECT_EQ(read_answer(allowed, false).status, 100);
  allowed.send("4x");
  EXPECT_EQ(read_answer(allowed).body, "ok");
}

// --- ids ---

TEST_P(EngineHooksTest, IdsOfOnesOwn) {
  std::atomic<int> next{0};
  engine.generate_id([&](const Handshake&) { return "tobi-" + std::to_string(next++); });
  engine.on_message([](EngineSocket& socket, Message message) { socket.send(message); });
  const auto serving = server.start();
  std::vector<std::string> sids;
  for (int i = 0; i < 6; ++i)
    sids.push_back(sid_of(shake()));
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(sids[i], "tobi-" + std::to_string(i));
    const std::string mine = std::string(kPolling) + "&sid=" + sids[i];
    EXPECT_EQ(test::ask(server.port(), "POST", mine, {}, "4hi").body, "ok");
    EXPECT_EQ(test::ask(server.port(), "GET", mine).body, "4hi");
  }
}

TEST_P(EngineHooksTest, AnIdThatFailsIsABadRequest) {
  Mailbox<std::string> told;
  engine.generate_id([](const Handshake& handshake) -> Task<std::string> {
    if (handshake.query("throw")) throw std::runtime_error("no");
    co_return handshake.query("id").value_or("");
  });
  engine.on_connection_error([&](const ConnectionError& error, const EngineRequest& request) {
    EXPECT_EQ(error.code, 3);
    EXPECT_TRUE(request.is_handshake());
    told.put(std::string(error.find("name")));
  });
  const auto serving = server.start();
  EXPECT_EQ(shake("&id=a").status, 200);
  for (const char* bad : {"&id=a", "&id=", "&id=%20", "&throw=1"}) {
    EXPECT_EQ(shake(bad).body, R"({"code":3,"message":"Bad request"})") << bad;
    EXPECT_EQ(told.take(), "ID_GENERATION_ERROR");
  }
}

// --- sessions ---

TEST_P(EngineHooksTest, PacketsAndHeartbeatsAreSeen) {
  Mailbox<std::string> seen;
  engine.on_connection([](EngineSocket& socket) { socket.send("hi"); });
  engine.on_packet([&](EngineSocket&, const EnginePacket& packet) {
    seen.put("in " + std::string(packet.type) + " " + std::string(packet.data));
  });
  engine.on_packet_create([&](EngineSocket&, const EnginePacket& packet) {
    seen.put("out " + std::string(packet.type) + " " + std::string(packet.data));
  });
  engine.on_heartbeat([&](EngineSocket&) { seen.put("heartbeat"); });
  const auto serving = server.start();
  WebSocketClient client(server.port(), kWebSocket);
  client.read_text();
  EXPECT_EQ(client.read_text(), "4hi");
  client.send("3");
  client.send("4there");
  for (const char* expected : {"out message hi", "in pong ", "heartbeat", "in message there"})
    EXPECT_EQ(seen.take(), expected);
}

TEST_P(EngineHooksTest, AnUpgradeIsTold) {
  Mailbox<std::string> seen;
  engine.on_upgrading([&](EngineSocket& socket) {
    seen.put("upgrading " + std::string(socket.transport()) + (socket.upgrading() ? "" : "?"));
  });
  engine.on_upgrade([&](EngineSocket& socket) {
    seen.put("upgraded " + std::string(socket.transport()) + (socket.upgraded() ? "" : "?"));
  });
  const auto serving = server.start();
  WebSocketClient client(server.port(), std::string(kWebSocket) + "&sid=" + sid_of(shake()));
  client.send("2probe");
  EXPECT_EQ(client.read_text(), "3probe");
  EXPECT_EQ(seen.take(), "upgrading polling");
  client.send("5");
  EXPECT_EQ(seen.take(), "upgraded websocket");
}

TEST_P(EngineHooksTest, CloseEndsAllAndLetsNobodyIn) {
  Mailbox<std::string> closed;
  engine.on_close([&](EngineSocket&, std::string_view reason) { closed.put(std::string(reason)); });
  const auto serving = server.start();
  std::vector<WebSocketClient> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back(server.port(), kWebSocket);
    clients.back().read_text();
  }
  EXPECT_EQ(engine.clients_count(), 4U);
  engine.close();
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(closed.take(), "forced close");
  EXPECT_EQ(engine.clients_count(), 0U);
  EXPECT_EQ(shake().status, 503);
}

TEST_P(EngineHooksTest, DiscardClosesWithoutWaitingForAGet) {
  Mailbox<std::string> closed;
  engine.on_connection([](EngineSocket& socket) { socket.close(true); });
  engine.on_close([&](EngineSocket&, std::string_view reason) { closed.put(std::string(reason)); });
  const auto serving = server.start();
  shake();
  EXPECT_EQ(closed.take(), "forced close");
}

}  // namespace
}  // namespace naru
