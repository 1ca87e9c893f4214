#include "naru/websocket.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "app/websocket_fixture.hpp"

namespace naru {
namespace {

class WebSocketHandle : public WebSocketTest {};
INSTANTIATE_TEST_SUITE_P(Loops, WebSocketHandle, testing::Values(1U, 2U));

TEST_P(WebSocketHandle, EchoesTextAndBinary) {
  serve_echo();
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/echo");
  client.send("hello");
  EXPECT_EQ(client.read_text(), "hello");
  for (const std::size_t size : {0U, 125U, 126U, 65535U, 65536U}) {
    client.send_binary(std::string(size, 'x'));
    const test::WebSocketFrame frame = client.read();
    EXPECT_EQ(frame.opcode, 2);
    EXPECT_EQ(frame.data.size(), size);
  }
}

// What a client sends right behind its handshake, in the same segment, is not lost.
TEST_P(WebSocketHandle, FramesBehindTheHandshakeArrive) {
  serve_echo();
  const auto serving = server.start();
  RawClient raw(server.port());
  raw.send(websocket_request("/echo") + masked_frame(1, "one") + masked_frame(1, "two"));
  EXPECT_EQ(read_answer(raw, false).status, 101);
  WebSocketClient client(std::move(raw));
  EXPECT_EQ(client.read_text(), "one");
  EXPECT_EQ(client.read_text(), "two");
}

TEST_P(WebSocketHandle, OnUpgradeRefusesWithASentence) {
  server->ws("/guarded", {.on_upgrade = [](const Handshake& handshake) -> Verdict {
               if (handshake.query("key") == "right") return allow;
               return refuse("the key is wrong");
             }});
  const auto serving = server.start();
  RawClient raw(server.port());
  raw.send(websocket_request("/guarded?key=wrong"));
  const test::HttpAnswer refused = read_answer(raw);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body, "the key is wrong");
  WebSocketClient client(server.port(), "/guarded?key=right");
}

TEST_P(WebSocketHandle, NobodyWaitsForAnUpgradeWhenTheServerStops) {
  Mailbox<Decision> asked;
  server->ws("/guarded",
             {.on_upgrade = [&asked](const Handshake&, Decision decide) { asked.put(std::move(decide)); }});
  const auto serving = server.start();
  RawClient raw(server.port());
  raw.send(websocket_request("/guarded"));
  Decision decision = asked.take();
  server.stop();
  EXPECT_EQ(read_answer(raw).status, 503);
  decision(allow);
}

TEST_P(WebSocketHandle, ForeignOriginIsRefused) {
  serve_echo();
  server->ws("/open", {.allowed_origins = {"https://friend.example"}});
  const auto serving = server.start();
  auto status_of = [&](std::string_view path, const std::string& origin) {
    RawClient raw(server.port());
    raw.send(websocket_request(path, "Origin: " + origin + "\r\n"));
    return read_answer(raw).status;
  };
  EXPECT_EQ(status_of("/echo", "https://foreign.example"), 403);
  EXPECT_EQ(status_of("/echo", "http://localhost"), 101);
  EXPECT_EQ(status_of("/open", "https://friend.example"), 101);
  EXPECT_EQ(status_of("/open", "https://foreign.example"), 403);
}

TEST_P(WebSocketHandle, ChoosesASubprotocol) {
  server->ws("/", {.subprotocols = {"new", "old"}});
  const auto serving = server.start();
  RawClient raw(server.port());
  raw.send(websocket_request("/", "Sec-WebSocket-Protocol: unknown, old\r\n"));
  EXPECT_EQ(read_answer(raw, false).field("sec-websocket-protocol"), "old");
}

TEST_P(WebSocketHandle, TellsOpenAndClose) {
  Mailbox<std::string> events;
  server->ws("/", {.on_open =
                       [&](WebSocket& ws) {
                         ws.data<int>() = 7;
                         ws.send("welcome");
                       },
                   .on_close =
                       [&](WebSocket& ws, std::uint16_t code, std::string_view reason) {
                         events.put(std::to_string(ws.data<int>()) + " " + std::to_string(code) + " " +
                                    std::string(reason));
                         EXPECT_FALSE(ws.open());
                         EXPECT_EQ(ws.send("late"), SendStatus::dropped);
                       }});
  const auto serving = server.start();
  WebSocketClient leaving(server.port(), "/");
  EXPECT_EQ(leaving.read_text(), "welcome");
  leaving.raw().send(masked_frame(8, "\x0f\xa1the end"));
  EXPECT_EQ(leaving.read_close(), 4001);
  leaving.raw().close();  // else the server waits for our end
  EXPECT_EQ(events.take(), "7 4001 the end");
  WebSocketClient breaking(server.port(), "/");
  breaking.raw().reset();
  EXPECT_EQ(events.take().substr(0, 6), "7 1006");
}

TEST_P(WebSocketHandle, ClosesFromOnOpen) {
  Mailbox<std::uint16_t> closed;
  server->ws("/", {.on_open = [](WebSocket& ws) { ws.close(4002, "not now"); },
                   .on_close = [&](WebSocket&, std::uint16_t code, std::string_view) { closed.put(code); }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  EXPECT_EQ(client.read_close(), 4002);
  EXPECT_TRUE(client.raw().is_at_end());
  client.raw().close();
  EXPECT_EQ(closed.take(), 4002);
}

TEST_P(WebSocketHandle, TooLargeAMessageCloses1009) {
  server->ws("/",
             {.max_message = 10, .on_message = [](WebSocket& ws, Message message) { ws.send(message); }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  client.send(std::string(10, 'x'));
  EXPECT_EQ(client.read_text().size(), 10U);
  client.send(std::string(11, 'x'));
  EXPECT_EQ(client.read_close(), 1009);
}

TEST_P(WebSocketHandle, SilentPeerIsPingedThenCut) {
  Mailbox<std::uint16_t> closed;
  server->ws("/", {.ping_interval = std::chrono::milliseconds(50),
                   .on_close = [&](WebSocket&, std::uint16_t code, std::string_view) { closed.put(code); }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  EXPECT_EQ(client.raw().read(2), std::string("\x89\x00", 2)) << "a ping";
  EXPECT_TRUE(client.raw().is_at_end());
  EXPECT_EQ(closed.take(), 1006);
}

TEST_P(WebSocketHandle, WhatAHandlerThrowsEndsThere) {
  server->ws("/", {.on_message = [](WebSocket& ws, Message message) {
               if (message.data == "exception") throw std::runtime_error("broken");
               if (message.data == "number") throw 42;
               ws.send(message);
             }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  client.send("exception");
  client.send("number");
  client.send("still here");
  EXPECT_EQ(client.read_text(), "still here");
}

TEST_P(WebSocketHandle, SendsFromForeignThreadsKeepEachThreadsOrder) {
  Mailbox<WebSocket> opened;
  server->ws("/", {.on_open = [&](WebSocket& ws) { opened.put(ws); }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  WebSocket handle = opened.take();
  constexpr int kThreads = 4;
  constexpr int kMessages = 200;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([handle, thread]() mutable {
      for (int i = 0; i < kMessages; ++i)
        handle.send(std::to_string(thread) + " " + std::to_string(i));
    });
  }
  std::vector<int> next(kThreads, 0);
  for (int i = 0; i < kThreads * kMessages; ++i) {
    const std::string text = client.read_text();
    const auto thread = static_cast<std::size_t>(text.front() - '0');
    EXPECT_EQ(text.substr(2), std::to_string(next[thread]++));
  }
  for (auto& thread : threads)
    thread.join();
  handle.close(4000, "bye");
  EXPECT_EQ(client.read_close(), 4000);
}

// The one who does not read is closed at max_queued; the other one goes on. When it comes back it finds what
// waited, and why.
TEST_P(WebSocketHandle, SlowReaderIsToldWhyItIsClosedWhileOthersGoOn) {
  Mailbox<WebSocket> opened;
  Mailbox<std::uint16_t> closed;
  server->ws("/slow",
             {.on_open = [&](WebSocket& ws) { opened.put(ws); },
              .on_close = [&](WebSocket&, std::uint16_t code, std::string_view) { closed.put(code); }});
  serve_echo();
  const auto serving = server.start();
  WebSocketClient slow(server.port(), "/slow", "", 4096);
  WebSocketClient quick(server.port(), "/echo");
  WebSocket handle = opened.take();
  const std::string piece(50'000, 'x');
  while (handle.open())
    handle.send(piece);
  EXPECT_EQ(closed.take(), 1008);
  EXPECT_EQ(handle.send(piece), SendStatus::dropped);
  quick.send("still here");
  EXPECT_EQ(quick.read_text(), "still here");

  test::WebSocketFrame frame = slow.read();
  while (frame.opcode != 8) {
    EXPECT_EQ(frame.data, piece);
    frame = slow.read();
  }
  EXPECT_EQ(frame.close_code(), 1008);
  EXPECT_EQ(frame.data.substr(2), "too slow: max_queued is reached");
  slow.send_close();
  EXPECT_EQ(slow.raw().read_to_end(), "");
}

// A few milliseconds are not enough for so much: the Close frame stands behind it and never comes.
TEST_P(WebSocketHandle, SlowReaderThatDoesNotComeBackInTimeIsCut) {
  RunningServer hasty{{.loops = GetParam(), .max_queued = 16'000'000, .slow_grace = 1ms}};
  Mailbox<WebSocket> opened;
  Mailbox<std::string> closed;
  hasty->ws("/slow", {.on_open = [&](WebSocket& ws) { opened.put(ws); },
                      .on_close = [&](WebSocket&, std::uint16_t,
                                      std::string_view reason) { closed.put(std::string(reason)); }});
  const auto serving = hasty.start();
  WebSocketClient slow(hasty.port(), "/slow", "", 4096);
  WebSocket handle = opened.take();
  const std::string piece(50'000, 'x');
  while (handle.open())
    handle.send(piece);
  EXPECT_EQ(closed.take(), "too slow: max_queued is reached");
  const std::string rest = slow.raw().read_to_end();
  EXPECT_LT(rest.size(), 16'000'000U);
  EXPECT_EQ(rest.find("too slow"), std::string::npos);
}

// Who asks for it may go on with a reader that has missed something, once it has drained.
TEST_P(WebSocketHandle, SlowReaderMayBeKept) {
  Mailbox<int> taken;
  const std::string piece(50'000, 'x');
  server->ws("/slow", {.when_full = WhenFull::drop,
                       .on_open =
                           [&](WebSocket& ws) {
                             int count = 0;
                             while (ws.send(piece) != SendStatus::dropped)
                               ++count;
                             EXPECT_GE(ws.buffered(), 100'000U);
                             EXPECT_LT(ws.buffered(), 100'000U + piece.size() + 100);
                             EXPECT_EQ(ws.send("refused as well"), SendStatus::dropped);
                             EXPECT_EQ(ws.ping(), SendStatus::dropped);
                             taken.put(count);
                           },
                       .on_drain = [](WebSocket& ws) { ws.send("drained"); }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/slow", "", 4096);
  for (int count = taken.take(); count > 0; --count)
    EXPECT_EQ(client.read_text(), piece);
  EXPECT_EQ(client.read_text(), "drained");
}

// `buffered` is what a send from another thread says: it is told when that has left, as anybody else.
TEST_P(WebSocketHandle, DrainIsToldToOtherThreadsToo) {
  Mailbox<WebSocket> opened;
  Mailbox<bool> drained;
  server->ws("/", {.on_open = [&](WebSocket& ws) { opened.put(ws); },
                   .on_drain = [&](WebSocket&) { drained.put(true); }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  WebSocket handle = opened.take();
  EXPECT_EQ(handle.send("x"), SendStatus::buffered);
  EXPECT_TRUE(drained.take());
  EXPECT_EQ(client.read_text(), "x");
}

// What comes too fast waits on the client's side; nothing is lost.
TEST_P(WebSocketHandle, MessagesBeyondTheRateAreReadLater) {
  constexpr int kMessages = 300;
  server->ws("/slowly", {.max_messages_per_second = 200,
                         .on_message = [](WebSocket& ws, Message message) { ws.send(message); }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/slowly");
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kMessages; ++i)
    client.send(std::to_string(i));
  for (int i = 0; i < kMessages; ++i)
    ASSERT_EQ(client.read_text(), std::to_string(i));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 450ms) << "a hundred were too many: half a second";
}

// The same for their bytes: a second's worth may come at once, the rest takes its time.
TEST_P(WebSocketHandle, BytesBeyondTheRateAreReadLater) {
  constexpr int kMessages = 30;
  const std::string piece(1'000, 'x');
  server->ws("/slowly", {.max_bytes_per_second = 20'000,
                         .on_message = [](WebSocket& ws, Message message) { ws.send(message); }});
  serve_echo();
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/slowly");
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kMessages; ++i)
    client.send(piece);
  for (int i = 0; i < kMessages; ++i)
    ASSERT_EQ(client.read_text(), piece);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 400ms) << "nine thousand were too many before the last";
}

TEST_P(WebSocketHandle, HandleOutlivesTheServer) {
  Mailbox<WebSocket> opened;
  server->ws("/", {.on_open = [&](WebSocket& ws) { opened.put(ws); }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/?a=b");
  WebSocket handle = opened.take();
  server.destroy();
  EXPECT_FALSE(handle.open());
  EXPECT_EQ(handle.send("x"), SendStatus::dropped);
  EXPECT_EQ(handle.ping(), SendStatus::dropped);
  handle.close();
  EXPECT_EQ(handle.handshake().query("a"), "b");
  EXPECT_EQ(handle.state(), WebSocketState::closed);
  EXPECT_FALSE(handle.defer([](WebSocket&) {}));
  handle.terminate();
  handle.publish("news", "x");
}

}  // namespace
}  // namespace naru
