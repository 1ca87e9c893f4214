#include "naru/engine.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "support/raw_client.hpp"
#include "support/running_server.hpp"

namespace naru {
namespace {

using test::Mailbox;
using test::RunningServer;
using test::WebSocketClient;

constexpr std::string_view kPath = "/engine.io/?EIO=4&transport=websocket";

class EngineTest : public testing::TestWithParam<unsigned> {
 protected:
  RunningServer server{{.loops = GetParam()}};
  Engine& engine = server->engine();
};
INSTANTIATE_TEST_SUITE_P(Loops, EngineTest, testing::Values(1U, 2U));

TEST_P(EngineTest, MessagesBothWays) {
  Mailbox<std::string> closed;
  engine.on_connection(
      [](EngineSocket& socket) { socket.send("welcome by " + std::string(socket.transport())); });
  engine.on_message([](EngineSocket& socket, Message message) {
    if (message.data == "throw") throw 42;
    socket.send(message);
  });
  engine.on_close([&](EngineSocket& socket, std::string_view reason) {
    EXPECT_EQ(socket.send("late"), SendStatus::dropped);
    closed.put(std::string(reason));
  });
  const auto serving = server.start();
  WebSocketClient client(server.port(), kPath);
  EXPECT_EQ(client.read_text().front(), '0');
  EXPECT_EQ(client.read_text(), "4welcome by websocket");
  client.send("4hello");
  EXPECT_EQ(client.read_text(), "4hello");
  client.send("4throw");
  client.send_binary("bytes");
  EXPECT_EQ(client.read().data, "bytes");
  client.raw().close();
  EXPECT_EQ(closed.take(), "transport close");
}

// A second's worth of bytes may come at once; the rest takes its time, and nothing is lost.
TEST_P(EngineTest, BytesBeyondTheRateAreReadLater) {
  constexpr int kMessages = 30;
  const std::string piece = "4" + std::string(999, 'x');
  RunningServer slow{{.loops = GetParam()}};
  slow->engine({.max_bytes_per_second = 20'000}).on_message([](EngineSocket& socket, Message message) {
    socket.send(message);
  });
  const auto serving = slow.start();
  WebSocketClient client(slow.port(), kPath);
  EXPECT_EQ(client.read_text().front(), '0');
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kMessages; ++i)
    client.send(piece);
  for (int i = 0; i < kMessages; ++i)
    ASSERT_EQ(client.read_text(), piece);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(400))
      << "nine thousand were too many before the last";
}

// Its end is told and the handle knows it, though the handler that is to be told was only just made.
TEST_P(EngineTest, CloseInsideOnConnectionIsAnOrdinaryEnd) {
  Mailbox<EngineSocket> sockets;
  Mailbox<std::string> closed;
  engine.on_connection([&](EngineSocket& socket) {
    socket.close();
    sockets.put(socket);
  });
  engine.on_close([&](EngineSocket&, std::string_view reason) { closed.put(std::string(reason)); });
  const auto serving = server.start();
  WebSocketClient client(server.port(), kPath);
  EXPECT_EQ(closed.take(), "forced close");
  EngineSocket handle = sockets.take();
  EXPECT_FALSE(handle.open());
  EXPECT_EQ(handle.send("x"), SendStatus::dropped);
  EXPECT_TRUE(handle.handshake().query("transport") == "websocket");
}

TEST_P(EngineTest, DrainIsToldWhenWhatWaitedHasLeft) {
  Mailbox<bool> drained;
  engine.on_drain([&](EngineSocket& socket) {
    EXPECT_EQ(socket.buffered(), 0U);
    drained.put(true);
    socket.send("drained");
  });
  engine.on_message([](EngineSocket& socket, Message) {
    const std::string piece(10'000, 'x');
    while (socket.send(piece) == SendStatus::sent) {
    }
    EXPECT_GT(socket.buffered(), 0U);
  });
  const auto serving = server.start();
  WebSocketClient client(server.port(), kPath, "", 4096);
  EXPECT_EQ(client.read_text().front(), '0');
  client.send("4go");
  while (client.read_text() != "4drained") {
  }
  EXPECT_TRUE(drained.take());
  EXPECT_TRUE(drained.empty());
}

TEST_P(EngineTest, SendAndCloseFromAnotherThread) {
  Mailbox<EngineSocket> sockets;
  Mailbox<std::string> closed;
  engine.on_connection([&](EngineSocket& socket) { sockets.put(socket); });
  engine.on_close([&](EngineSocket&, std::string_view reason) { closed.put(std::string(reason)); });
  const auto serving = server.start();
  WebSocketClient client(server.port(), kPath);
  EXPECT_EQ(client.read_text().front(), '0');
  EngineSocket handle = sockets.take();
  EXPECT_EQ(handle.send("from afar"), SendStatus::buffered);
  EXPECT_EQ(client.read_text(), "4from afar");
  handle.close();
  EXPECT_EQ(closed.take(), "forced close");
  server.destroy();
  EXPECT_EQ(handle.send("x"), SendStatus::dropped);
}

}  // namespace
}  // namespace naru
