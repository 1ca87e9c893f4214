#include "app/websocket_connection.hpp"

#include <gtest/gtest.h>

#include <string>

#include "app/websocket_fixture.hpp"

namespace naru {
namespace {

class WebSocketEvents : public WebSocketTest {};
INSTANTIATE_TEST_SUITE_P(Loops, WebSocketEvents, testing::Values(1U, 2U));

// --- states and ends ---

TEST_P(WebSocketEvents, TellsItsState) {
  Mailbox<WebSocketState> states;
  server->ws("/",
             {.on_open =
                  [&](WebSocket& ws) {
                    states.put(ws.state());
                    ws.close(4000, "enough");
                    states.put(ws.state());
                    EXPECT_EQ(ws.send("late"), SendStatus::dropped);
                    EXPECT_EQ(ws.ping(), SendStatus::dropped);
                  },
              .on_close = [&](WebSocket& ws, std::uint16_t, std::string_view) { states.put(ws.state()); }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  EXPECT_EQ(client.read_close(), 4000);
  client.raw().close();
  EXPECT_EQ(states.take(), WebSocketState::open);
  EXPECT_EQ(states.take(), WebSocketState::closing);
  EXPECT_EQ(states.take(), WebSocketState::closed);
}

TEST_P(WebSocketEvents, TerminateCutsAtOnce) {
  Mailbox<WebSocket> opened;
  Mailbox<std::uint16_t> closed;
  server->ws("/", {.on_open = [&](WebSocket& ws) { opened.put(ws); },
                   .on_message = [](WebSocket& ws, Message) { ws.terminate(); },
                   .on_close = [&](WebSocket&, std::uint16_t code, std::string_view) { closed.put(code); }});
  const auto serving = server.start();
  WebSocketClient one(server.port(), "/");
  opened.take();
  one.send("go");
  EXPECT_EQ(one.raw().read_to_end(), "") << "no Close frame";
  EXPECT_EQ(closed.take(), 1006);
  WebSocketClient two(server.port(), "/");
  WebSocket handle = opened.take();
  handle.terminate();
  handle.terminate();
  EXPECT_FALSE(handle.open());
  EXPECT_EQ(two.raw().read_to_end(), "");
  EXPECT_EQ(closed.take(), 1006);
}

TEST_P(WebSocketEvents, WhatThePeerBreaksIsAnErrorWithASentence) {
  Mailbox<std::string> told;
  server->ws("/", {.on_error =
                       [&](WebSocket&, std::uint16_t code, std::string_view why) {
                         told.put(std::to_string(code) + " " + std::string(why));
                       },
                   .on_close = [&](WebSocket&, std::uint16_t code,
                                   std::string_view) { told.put("close " + std::to_string(code)); }});
  const auto serving = server.start();
  WebSocketClient broken(server.port(), "/");
  broken.raw().send(std::string("\x81\x01x", 3));  // not masked
  EXPECT_EQ(broken.read_close(), 1002);
  broken.raw().close();
  const std::string error = told.take();
  EXPECT_EQ(error.substr(0, 5), "1002 ");
  EXPECT_GT(error.size(), 5U);
  EXPECT_EQ(told.take(), "close 1002");
  {
    WebSocketClient good(server.port(), "/");
    good.send_close();
    EXPECT_EQ(good.read_close(), 1000);
  }
  EXPECT_EQ(told.take(), "close 1000") << "no error";
}

TEST_P(WebSocketEvents, PingsAndPongsAreTold) {
  Mailbox<std::string> told;
  server->ws("/",
             {.on_open = [](WebSocket& ws) { ws.ping("ours"); },
              .on_ping = [&](WebSocket&, std::string_view data) { told.put("ping " + std::string(data)); },
              .on_pong = [&](WebSocket&, std::string_view data) { told.put("pong " + std::string(data)); }});
  const auto serving = server.start();
  RawClient raw(server.port());
  raw.send(websocket_request("/"));
  EXPECT_EQ(read_answer(raw, false).status, 101);
  EXPECT_EQ(raw.read(6), "\x89\x04ours");
  raw.send(masked_frame(10, "ours") + masked_frame(9, "theirs"));
  EXPECT_EQ(told.take(), "pong ours");
  EXPECT_EQ(told.take(), "ping theirs");
  EXPECT_EQ(raw.read(8), "\x8a\x06theirs") << "is answered";
}

// --- timers, other threads, pauses ---

TEST_P(WebSocketEvents, TimersBelongToTheConnection) {
  struct Ticks {
    int count = 0;
    WebSocketTimer timer{};
    WebSocketTimer last{};
  };
  Mailbox<bool> closed;
  server->ws("/", {.on_open =
                       [](WebSocket& ws) {
                         auto& ticks = ws.data<Ticks>();
                         ticks.timer = ws.every(1ms, [](WebSocket& self) {
                           auto& mine = self.data<Ticks>();
                           self.send("tick " + std::to_string(++mine.count));
                           if (mine.count < 3) return;
                           EXPECT_TRUE(self.cancel(mine.timer));
                           self.after(1ms, [](WebSocket& same) { same.send("done"); });
                         });
                         const WebSocketTimer never =
                             ws.after(1ms, [](WebSocket& self) { self.send("never"); });
                         EXPECT_TRUE(ws.cancel(never));
                         EXPECT_FALSE(ws.cancel(never));
                         ticks.last = ws.every(1h, [](WebSocket&) {});
                       },
                   .on_close =
                       [&](WebSocket& ws, std::uint16_t, std::string_view) {
                         EXPECT_FALSE(ws.cancel(ws.data<Ticks>().last)) << "has ended with it";
                         EXPECT_FALSE(ws.cancel(ws.after(1ms, [](WebSocket&) {}))) << "no new one either";
                         closed.put(true);
                       }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  for (const char* expected : {"tick 1", "tick 2", "tick 3", "done"})
    EXPECT_EQ(client.read_text(), expected);
  client.send_close();
  EXPECT_EQ(client.read_close(), 1000);
  client.raw().close();
  EXPECT_TRUE(closed.take());
}

// The timer's own work may be what ends the connection, and with it the timer.
TEST_P(WebSocketEvents, ATimerMayEndItsConnection) {
  Mailbox<std::uint16_t> closed;
  server->ws("/", {.on_open = [](WebSocket& ws) { ws.every(1ms, [](WebSocket& self) { self.terminate(); }); },
                   .on_close = [&](WebSocket&, std::uint16_t code, std::string_view) { closed.put(code); }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  EXPECT_EQ(client.raw().read_to_end(), "");
  EXPECT_EQ(closed.take(), 1006);
}

TEST_P(WebSocketEvents, DeferLeadsToItsLoop) {
  Mailbox<WebSocket> opened;
  Mailbox<bool> closed;
  server->ws("/", {.on_open = [&](WebSocket& ws) { opened.put(ws); },
                   .on_close = [&](WebSocket&, std::uint16_t, std::string_view) { closed.put(true); }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  WebSocket handle = opened.take();
  EXPECT_TRUE(handle.defer([](WebSocket& ws) { ws.send(std::to_string(++ws.data<int>())); }));
  EXPECT_EQ(client.read_text(), "1");
  client.raw().reset();
  closed.take();
  EXPECT_FALSE(handle.defer([](WebSocket&) { ADD_FAILURE() << "it has gone"; }));
}

TEST_P(WebSocketEvents, NothingIsReadWhileItIsPaused) {
  Mailbox<WebSocket> paused;
  server->ws("/", {.on_message = [&](WebSocket& ws, Message message) {
               ++ws.data<int>();
               ws.send(message);
               if (message.data != "pause") return;
               ws.pause();
               paused.put(ws);
             }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  client.raw().send(masked_frame(1, "pause") + masked_frame(1, "behind it"));
  WebSocket handle = paused.take();
  EXPECT_EQ(client.read_text(), "pause");
  handle.defer([](WebSocket& ws) {
    EXPECT_EQ(ws.data<int>(), 1);
    ws.send("resumed");
    ws.resume();
  });
  EXPECT_EQ(client.read_text(), "resumed");
  EXPECT_EQ(client.read_text(), "behind it");
}

}  // namespace
}  // namespace naru
