#include "app/websocket_route.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/websocket_fixture.hpp"
#include "naru/completion.hpp"
#include "naru/offload.hpp"

namespace naru {
namespace {

class WebSocketRoutes : public WebSocketTest {};
INSTANTIATE_TEST_SUITE_P(Loops, WebSocketRoutes, testing::Values(1U, 2U));

TEST_P(WebSocketRoutes, WhatIsNoWebSocketIsToldSo) {
  serve_echo();
  server->post("/posted", [](Request, Response response) { response.end("ok"); });
  server->ws("/posted", {});
  const auto serving = server.start();
  const test::HttpAnswer got = ask(server.port(), "GET", "/echo");
  EXPECT_EQ(got.status, 426);
  EXPECT_EQ(got.field("upgrade"), "websocket");
  EXPECT_EQ(ask(server.port(), "POST", "/echo", "", "x").status, 405);
  EXPECT_EQ(ask(server.port(), "GET", "/nowhere").status, 404);
  EXPECT_EQ(ask(server.port(), "POST", "/posted", "", "x").status, 200);
  EXPECT_EQ(ask(server.port(), "GET", "/posted").status, 405);
}

TEST_P(WebSocketRoutes, PartsOfThePathAreParameters) {
  server->ws("/rooms/:room/seats/:seat", {.on_open = [](WebSocket& ws) {
               const Handshake& shake = ws.handshake();
               ws.send(std::string(shake.param("room")) + " " + std::string(shake.param("seat")) + " " +
                       std::string(shake.param("none")) + "." +
                       std::string(shake.header("x-own").value_or("")));
             }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/rooms/caf%C3%A9/seats/7", "X-Own: yes\r\n");
  EXPECT_EQ(client.read_text(), "caf\xC3\xA9 7 .yes");
}

Task<Verdict> decide_from_a_worker(std::string key) {
  auto look = [key] { return key == "right"; };
  const bool is_good = co_await offload(std::move(look));
  co_return is_good ? allow.as("user:" + key) : refuse("a worker said no");
}

TEST_P(WebSocketRoutes, TheGateMayWait) {
  server->ws("/", {.on_upgrade = [](const Handshake& shake) -> Task<Verdict> {
                     return decide_from_a_worker(shake.query("key").value_or(""));
                   },
                   .on_open = [](WebSocket& ws) { ws.send(ws.identity()); }});
  const auto serving = server.start();
  RawClient wrong(server.port());
  wrong.send(websocket_request("/?key=wrong"));
  const test::HttpAnswer refused = read_answer(wrong);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body, "a worker said no");
  // Frames behind the request wait with it.
  RawClient right(server.port());
  right.send(websocket_request("/?key=right") + masked_frame(8, "\x03\xe8"));
  EXPECT_EQ(read_answer(right, false).status, 101);
  WebSocketClient client(std::move(right));
  EXPECT_EQ(client.read_text(), "user:right");
  EXPECT_EQ(client.read_close(), 1000);
}

TEST_P(WebSocketRoutes, TheGateMayDecideOnAnyThread) {
  Mailbox<Decision> asked;
  server->ws("/", {.on_upgrade = [&](const Handshake&, Decision decide) { asked.put(std::move(decide)); },
                   .on_open = [](WebSocket& ws) { ws.send("in as " + ws.identity()); }});
  const auto serving = server.start();
  RawClient first(server.port());
  first.send(websocket_request("/"));
  asked.take()(allow.as("ann"));
  EXPECT_EQ(read_answer(first, false).status, 101);
  EXPECT_EQ(WebSocketClient(std::move(first)).read_text(), "in as ann");

  RawClient second(server.port());
  second.send(websocket_request("/"));
  asked.take();  // dropped
  const test::HttpAnswer refused = read_answer(second);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body, "no decision was made");
}

TEST_P(WebSocketRoutes, AGateThatThrowsRefuses) {
  server->ws("/", {.on_upgrade = [](const Handshake&) -> Verdict { throw std::runtime_error("broken"); }});
  const auto serving = server.start();
  RawClient raw(server.port());
  raw.send(websocket_request("/"));
  EXPECT_EQ(read_answer(raw).status, 403);
}

// Decides for whoever says so, when nobody waits for it any more.
Task<Verdict> decide_too_late(Mailbox<std::string>& told) {
  Completion<int> never;
  Later<int> later = never.later();
  told.put("asked");
  const Result<int> answer = co_await std::move(later);
  told.put(answer.error().code() == errc::disconnected ? "gone" : "other");
  co_return allow.as("ghost");
}

TEST_P(WebSocketRoutes, WhoGoesWhileTheGateThinksIsNotLetIn) {
  Mailbox<std::string> told;
  Mailbox<std::string> opened;
  WebSockets& clients = server->ws("/", {.on_upgrade = [&](const Handshake& shake) -> Task<Verdict> {
                                           if (shake.query("wait")) return decide_too_late(told);
                                           return decide_from_a_worker("right");
                                         },
                                         .on_open = [&](WebSocket& ws) { opened.put(ws.identity()); }});
  const auto serving = server.start();
  RawClient gone(server.port());
  gone.send(websocket_request("/?wait"));
  EXPECT_EQ(told.take(), "asked");
  gone.close();
  EXPECT_EQ(told.take(), "gone");
  WebSocketClient there(server.port(), "/");
  EXPECT_EQ(opened.take(), "user:right");
  EXPECT_EQ(clients.count(), 1U);
}

TEST_P(WebSocketRoutes, TheSubprotocolMayBeChosen) {
  Mailbox<std::string> chosen;
  server->ws("/", {.choose_subprotocol =
                       [](const Handshake& shake, const std::vector<std::string>& offered) {
                         return shake.query("want").value_or(offered.back());
                       },
                   .on_open = [&](WebSocket& ws) { chosen.put(ws.subprotocol()); }});
  const auto serving = server.start();
  auto agreed = [&](std::string_view target, std::string_view fields) {
    RawClient raw(server.port());
    raw.send(websocket_request(target, fields));
    const test::HttpAnswer answer = read_answer(raw, false);
    EXPECT_EQ(answer.status, 101);
    EXPECT_EQ(answer.field("sec-websocket-protocol").value_or(""), chosen.take());
    return answer.field("sec-websocket-protocol").value_or("none");
  };
  EXPECT_EQ(agreed("/", "Sec-WebSocket-Protocol: a, b\r\nSec-WebSocket-Protocol: c\r\n"), "c");
  EXPECT_EQ(agreed("/?want=b", "Sec-WebSocket-Protocol: a, b\r\n"), "b");
  EXPECT_EQ(agreed("/?want=x", "Sec-WebSocket-Protocol: a, b\r\n"), "none") << "not offered";
  EXPECT_EQ(agreed("/?want=", "Sec-WebSocket-Protocol: a, b\r\n"), "none");
  EXPECT_EQ(agreed("/", ""), "none") << "not asked";
}

TEST_P(WebSocketRoutes, The101MayCarryFields) {
  server->ws("/", {.on_headers = [](ResponseHeaders& headers, const Handshake& shake) {
               EXPECT_TRUE(headers.add("Set-Cookie", "seen=" + std::string(shake.address())));
               EXPECT_FALSE(headers.add("Sec-WebSocket-Accept", "forged"));
               EXPECT_FALSE(headers.add("X", "a\r\nY: b"));
             }});
  const auto serving = server.start();
  RawClient raw(server.port());
  raw.send(websocket_request("/"));
  const test::HttpAnswer answer = read_answer(raw, false);
  EXPECT_EQ(answer.field("set-cookie"), "seen=127.0.0.1");
  EXPECT_EQ(answer.field("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(answer.field("y"), std::nullopt);
}

TEST_P(WebSocketRoutes, AnIdentityIsDisconnectedByName) {
  server->ws("/", {.on_upgrade = [](const Handshake& shake) -> Verdict {
               return allow.as(shake.query("name").value_or(""));
             }});
  serve_echo();
  const auto serving = server.start();
  WebSocketClient ann(server.port(), "/?name=ann");
  WebSocketClient also_ann(server.port(), "/?name=ann");
  WebSocketClient other(server.port(), "/echo");
  server->disconnect_identity("ann");
  EXPECT_EQ(ann.read_close(), 1008);
  EXPECT_EQ(also_ann.read_close(), 1008);
  other.send("still here");
  EXPECT_EQ(other.read_text(), "still here");
}

TEST_P(WebSocketRoutes, AVerdictMayEnd) {
  server->ws("/", {.on_upgrade = [](const Handshake&) -> Verdict {
               return allow.until(std::chrono::system_clock::now() + 20ms);
             }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  EXPECT_EQ(client.read_close(), 1008);
}

// --- all of a route ---

TEST_P(WebSocketRoutes, AllOfARouteAreReached) {
  Mailbox<int> visited;
  Mailbox<bool> closed;
  WebSockets& clients =
      server->ws("/", {.on_open = [](WebSocket& ws) { ws.send("welcome"); },
                       .on_close = [&](WebSocket&, std::uint16_t, std::string_view) { closed.put(true); }});
  serve_echo();
  const auto serving = server.start();
  EXPECT_EQ(clients.count(), 0U);
  std::vector<WebSocketClient> all;
  WebSocketClient other(server.port(), "/echo");
  for (int i = 0; i < 5; ++i) {
    all.emplace_back(server.port(), "/");
    EXPECT_EQ(all.back().read_text(), "welcome");
  }
  EXPECT_EQ(clients.count(), 5U);
  clients.send("to all");
  for (WebSocketClient& client : all)
    EXPECT_EQ(client.read_text(), "to all");
  other.send("not to me");
  EXPECT_EQ(other.read_text(), "not to me");
  clients.each([&](WebSocket& ws) {
    visited.put(1);
    ws.terminate();  // changes what is walked
  });
  for (int i = 0; i < 5; ++i) {
    visited.take();
    closed.take();
  }
  EXPECT_EQ(clients.count(), 0U);
  for (WebSocketClient& client : all)
    EXPECT_EQ(client.raw().read_to_end(), "");
}

}  // namespace
}  // namespace naru
