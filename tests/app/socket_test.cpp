#include "naru/socket.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/running_server.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

using namespace std::chrono_literals;
using test::Mailbox;
using test::RunningServer;
using test::SocketIoClient;

class SocketTest : public testing::TestWithParam<unsigned> {
 protected:
  RunningServer server{{.loops = GetParam(), .max_queued = 200'000}};
};
INSTANTIATE_TEST_SUITE_P(Loops, SocketTest, testing::Values(1U, 2U));

std::string show(const Result<Args>& reply) {
  return reply ? reply->get<std::string>(0).value_or("?") : reply.error().message();
}

TEST_P(SocketTest, AcknowledgementsAnswerTimeOutAndEnd) {
  Namespace& io = server->io();
  Mailbox<std::string> replies;
  io.on("ask", [&](Socket& socket, int milliseconds) {
    socket.timeout(std::chrono::milliseconds(milliseconds)).emit("question", "text", [&](Result<Args> reply) {
      replies.put(show(reply));
    });
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["ask",20000])");
  EXPECT_EQ(client.read(), R"(20["question","text"])");
  client.send(R"(30["answer"])");
  EXPECT_EQ(replies.take(), "answer");
  client.send(R"(30["again"])");  // a second answer is ignored
  client.send(R"(2["ask",20])");
  EXPECT_EQ(replies.take(), "operation has timed out");
  client.send(R"(2["ask",20000])");
  EXPECT_EQ(client.read(), R"(21["question","text"])");
  EXPECT_EQ(client.read(), R"(22["question","text"])");
  client.raw().reset();
  EXPECT_EQ(replies.take(), "socket has been disconnected");
}

// The first that is due ends the socket, and with it all that wait beside it.
TEST_P(SocketTest, ReplyHandlerMayDisconnect) {
  Namespace& io = server->io();
  Mailbox<std::string> replies;
  io.on("ask", [&](Socket& socket) {
    for (int i = 0; i < 3; ++i) {
      socket.timeout(i < 2 ? 20ms : 20s).emit("question", [&, socket](Result<Args> reply) mutable {
        replies.put(show(reply));
        socket.disconnect();
      });
    }
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["ask"])");
  std::vector<std::string> all{replies.take(), replies.take(), replies.take()};
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, (std::vector<std::string>{"operation has timed out", "operation has timed out",
                                           "socket has been disconnected"}));
}

TEST_P(SocketTest, AcknowledgementFromAnotherThread) {
  Namespace& io = server->io();
  Mailbox<Ack> acks;
  Mailbox<Socket> sockets;
  io.on("ask", [&](Socket& socket, Ack ack) {
    acks.put(std::move(ack));
    sockets.put(socket);
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(21["ask"])");
  Ack ack = acks.take();
  EXPECT_TRUE(static_cast<bool>(ack));
  EXPECT_EQ(ack("late"), SendStatus::buffered);
  EXPECT_EQ(ack("twice"), SendStatus::dropped);
  EXPECT_EQ(client.read(), R"(31["late"])");
  Mailbox<std::string> replies;
  Socket socket = sockets.take();
  EXPECT_EQ(socket.timeout(20s).emit("question", [&](Result<Args> reply) { replies.put(show(reply)); }),
            SendStatus::buffered);
  EXPECT_EQ(client.read(), R"(20["question"])");
  client.send(R"(30["fine"])");
  EXPECT_EQ(replies.take(), "fine");
}

TEST_P(SocketTest, DataHasOneTypeForTheNamespace) {
  Namespace& io = server->io();
  io.on("keep", [](Socket& socket, int number, Ack ack) {
    socket.data<int>() += number;
    ack(socket.data<int>());
  });
  io.on("conflict", [](Socket& socket, Ack ack) {
    try {
      socket.data<std::string>() = "x";
      ack("kept");
    } catch (const std::logic_error&) {
      ack("refused");
    }
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(21["keep",3])");
  EXPECT_EQ(client.read(), "31[3]");
  client.send(R"(22["conflict"])");
  EXPECT_EQ(client.read(), R"(32["refused"])");
  client.send(R"(23["keep",4])");
  EXPECT_EQ(client.read(), "33[7]");
  SocketIoClient other(server.port());
  other.connect();
  other.send(R"(21["conflict"])");
  EXPECT_EQ(other.read(), R"(31["refused"])") << "fixed for every socket of the namespace";
}

TEST_P(SocketTest, RoomsFromBothSidesOfTheLimit) {
  Namespace& io = server->io({.max_rooms_per_socket = 2});
  io.on_connection([](Socket& socket) {
    socket.join(std::vector<std::string>{"a", "b", "c"});
    std::vector<std::string> rooms = socket.rooms();
    std::sort(rooms.begin() + 1, rooms.end());
    EXPECT_EQ(rooms, (std::vector<std::string>{socket.id(), "a", "b"}));
    socket.leave("a");
    socket.join("c");
    socket.emit("rooms", socket.rooms().size());
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  EXPECT_EQ(client.read(), R"(2["rooms",3])");
  io.to("a").emit("to a");
  io.to("c").emit("to c");
  EXPECT_EQ(client.read(), R"(2["to c"])");
}

TEST_P(SocketTest, HandleOutlivesConnectionAndServer) {
  Namespace& io = server->io();
  Mailbox<Socket> sockets;
  Mailbox<std::string> reasons;
  io.on_connection([&](Socket& socket) {
    socket.data<int>() = 5;
    sockets.put(socket);
  });
  io.on_disconnect([&](Socket&, std::string_view reason) { reasons.put(std::string(reason)); });
  const auto serving = server.start();
  auto client = std::make_unique<SocketIoClient>(server.port());
  const std::string id = client->connect("/", R"({"token":"t"})");
  Socket socket = sockets.take();
  EXPECT_TRUE(socket.connected());
  client->raw().close();
  EXPECT_EQ(reasons.take(), "transport close");
  auto check = [&] {
    EXPECT_EQ(socket.id(), id);
    EXPECT_FALSE(socket.connected());
    EXPECT_EQ(socket.handshake().auth.get<std::string>("token"), "t");
    EXPECT_EQ(socket.data<int>(), 5);
    EXPECT_EQ(socket.emit("x"), SendStatus::dropped);
    EXPECT_TRUE(socket.rooms().empty());
    socket.join("a");
    socket.leave("a");
    socket.to("a").emit("x");
    socket.disconnect();
  };
  check();
  server.destroy();
  check();
}

// Emits, joins, leaves and disconnects from everywhere while clients come and go.
TEST_P(SocketTest, ForeignThreadsDoAsTheyLike) {
  Namespace& io = server->io();
  std::mutex mutex;
  std::vector<Socket> known;
  std::atomic<int> connected{0};
  std::atomic<int> disconnected{0};
  io.on_connection([&](Socket& socket) {
    ++connected;
    std::lock_guard lock(mutex);
    known.push_back(socket);
  });
  io.on_disconnect([&](Socket&, std::string_view) { ++disconnected; });
  io.on("echo", [](Socket& socket, int number) {
    socket.to("room 1").emit("other", number);
    socket.emit("echo", number);
  });
  const auto serving = server.start();

  std::atomic<bool> over{false};
  std::vector<std::thread> foreign;
  for (int number = 0; number < 4; ++number) {
    foreign.emplace_back([&, number] {
      for (std::size_t i = 0; !over; ++i) {
        std::unique_lock lock(mutex);
        if (known.empty()) {
          lock.unlock();
          std::this_thread::yield();
          continue;
        }
        Socket socket = known[i % known.size()];
        if (number == 3 && known.size() > 20) known.erase(known.begin());
        lock.unlock();
        const std::string room = "room " + std::to_string(i % 3);
        switch ((i + static_cast<std::size_t>(number)) % 8) {
          case 0:
            socket.join(room);
            break;
          case 1:
            socket.leave(room);
            break;
          case 2:
            socket.volatile_().emit("volatile", i);
            break;
          case 3:
            io.to(room).emit("to room", i);
            break;
          case 4:
            io.in(room).except(socket.id()).sockets_join("room 1");
            break;
          case 5:
            socket.to(room).volatile_().emit("from socket", i);
            break;
          case 6:
            socket.emit("direct", std::string_view("text"));
            break;
          default:
            if (number == 0 && i % 64 == 0) socket.disconnect(i % 128 == 0);
            io.in(room).sockets_leave("room 1");
        }
        if (i % 16 == 0) {  // no faster than the loops: control messages are never refused
          Mailbox<std::size_t> found;
          io.fetch_sockets([&](std::vector<RemoteSocket> sockets) { found.put(sockets.size()); });
          found.take();
        }
      }
    });
  }
  for (int round = 0; round < 40; ++round) {
    try {
      SocketIoClient first(server.port());
      SocketIoClient second(server.port());
      first.connect();
      second.connect();
      for (int i = 0; i < 5; ++i)
        first.send(R"(2["echo",)" + std::to_string(i) + "]");
      std::string packet = first.read();
      while (packet != R"(2["echo",4])")
        packet = first.read();
      if (round % 2 == 0) second.raw().reset();
    } catch (const std::runtime_error&) {  // disconnected by a foreign thread: as it may be
    }
  }
  over = true;
  for (auto& thread : foreign)
    thread.join();
  server.stop();
  EXPECT_GT(connected, 40);
  EXPECT_EQ(connected, disconnected);
}

// Whoever asks again whenever he gets no answer is answered one time after the other, not one inside the
// other.
TEST_P(SocketTest, RepliesThatAskAgainUseNoStack) {
  constexpr int kTimes = 50'000;
  Namespace& io = server->io({.max_pending_acks = 1});
  Mailbox<std::error_code> ends;
  struct Asker {
    Socket socket;
    Mailbox<std::error_code>& ends;
    int left = kTimes;
    bool is_inside = false;

    void ask() {
      is_inside = true;
      socket.emit("question", [this](const Result<Args>& reply) {
        EXPECT_FALSE(is_inside);
        if (--left == 0) return ends.put(reply.error().code());
        ask();
      });
      is_inside = false;
    }
  };
  std::vector<std::unique_ptr<Asker>> askers;
  io.on("fill", [&](Socket& socket) {
    socket.emit("never answered", [](const Result<Args>&) {});
    askers.push_back(std::make_unique<Asker>(Asker{socket, ends}));
    askers.back()->ask();
  });
  io.on_disconnect([&](Socket& socket, std::string_view) {
    askers.push_back(std::make_unique<Asker>(Asker{socket, ends}));
    askers.back()->ask();
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["fill"])");
  EXPECT_EQ(ends.take(), errc::too_many_pending);
  client.raw().close();
  EXPECT_EQ(ends.take(), errc::disconnected);
}

// At max_queued the one who does not read is closed; others go on meanwhile. When it comes back it finds what
// waited, and why.
TEST_P(SocketTest, SlowReaderIsToldWhyItIsClosedWhileOthersGoOn) {
  Namespace& io = server->io();
  Mailbox<std::string> reasons;
  Mailbox<Socket> slow_ones;
  io.on("echo", [](Socket&, int number, Ack ack) { ack(number); });
  io.on_connection([&](Socket& socket) {
    if (socket.handshake().auth.get<bool>("slow") == true) slow_ones.put(socket);
  });
  io.on_disconnect([&](Socket& socket, std::string_view reason) {
    reasons.put(std::string(reason) + "; " + socket.disconnect_description());
  });
  const auto serving = server.start();
  SocketIoClient slow(server.port(), "", 4096);
  slow.connect("/", R"({"slow":true})");
  SocketIoClient quick(server.port());
  quick.connect();
  Socket socket = slow_ones.take();
  const std::string piece(50'000, 'x');
  while (socket.connected())
    socket.emit("much", piece);
  EXPECT_EQ(reasons.take(), "transport error; too slow: max_queued is reached");
  EXPECT_EQ(socket.emit("late"), SendStatus::dropped);
  quick.send(R"(21["echo",1])");
  EXPECT_EQ(quick.read(), "31[1]");

  test::WebSocketFrame frame = slow.websocket().read();
  while (frame.opcode != 8) {
    EXPECT_EQ(frame.data.size(), piece.size() + std::string_view(R"(42["much",""])").size());
    frame = slow.websocket().read();
  }
  EXPECT_EQ(frame.close_code(), 1008);
  EXPECT_EQ(frame.data.substr(2), "too slow: max_queued is reached");
}

// Each namespace's sockets hear of their own sends; those of other threads count.
TEST_P(SocketTest, DrainIsToldOncePerSocket) {
  Namespace& io = server->io();
  Mailbox<Socket> sockets;
  Mailbox<std::string> drained;
  Mailbox<bool> flooded;
  io.on_connection([&](Socket& socket) {
    socket.on_drain([&](Socket& own) { drained.put("own of " + std::string(own.namespace_name())); });
    sockets.put(socket);
  });
  io.on_drain([&](Socket& socket) {
    EXPECT_LT(socket.buffered(), 100U) << "what this turn writes leaves at its end";
    drained.put(std::string(socket.namespace_name()));
    socket.emit("drained");
  });
  io.of("/other").on_drain([&](Socket&) { drained.put("/other"); });
  io.on("flood", [&](Socket& socket) {
    const std::string piece(10'000, 'x');
    while (socket.emit("much", piece) == SendStatus::sent) {
    }
    EXPECT_EQ(socket.emit("much", piece), SendStatus::buffered);
    EXPECT_GT(socket.buffered(), piece.size());
    flooded.put(true);
  });
  const auto serving = server.start();
  SocketIoClient client(server.port(), "", 4096);
  client.connect();
  client.connect("/other");
  Socket socket = sockets.take();
  EXPECT_EQ(socket.emit("hello"), SendStatus::buffered);
  EXPECT_EQ(client.read(), R"(2["hello"])");
  EXPECT_EQ(client.read(), R"(2["drained"])");
  EXPECT_EQ(drained.take(), "/");
  EXPECT_EQ(drained.take(), "own of /");

  // Nobody reads meanwhile: a reader that keeps up would never let it end.
  client.send(R"(2["flood"])");
  EXPECT_TRUE(flooded.take());
  while (client.read() != R"(2["drained"])") {
  }
  EXPECT_EQ(drained.take(), "/");
  EXPECT_EQ(drained.take(), "own of /");
  client.send(R"(2["flood"])");
  EXPECT_TRUE(flooded.take());
  while (client.read() != R"(2["drained"])") {
  }
  EXPECT_EQ(drained.take(), "/") << "once for each time";
}

// A client that is kept though it misses events must not miss that it is connected.
TEST_P(SocketTest, WhatAConnectionCannotDoWithoutIsNotDropped) {
  Namespace& io = server->io({.max_queued = 100'000, .when_full = WhenFull::drop});
  Mailbox<std::string> reasons;
  io.on("flood", [&](Socket& socket) {
    const std::string piece(50'000, 'x');
    while (socket.emit("much", piece) != SendStatus::dropped) {
    }
    EXPECT_TRUE(socket.connected());
  });
  io.on_disconnect([&](Socket&, std::string_view reason) { reasons.put(std::string(reason)); });
  io.of("/other");
  const auto serving = server.start();
  SocketIoClient client(server.port(), "", 4096);
  client.connect();
  client.send(R"(2["flood"])");
  client.send("0/other,");
  EXPECT_EQ(reasons.take(), "transport error");
  test::WebSocketFrame frame = client.websocket().read();
  while (frame.opcode != 8)
    frame = client.websocket().read();
  EXPECT_EQ(frame.close_code(), 1008);
}

TEST_P(SocketTest, EventsBeyondTheRateAreReadLaterOnEachTransport) {
  Namespace& io = server->io({.max_messages_per_second = 100});
  Mailbox<int> seen;
  io.on("number", [&](Socket&, int number) { seen.put(number); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 150; ++i)
    client.send("2[\"number\"," + std::to_string(i) + "]");
  for (int i = 0; i < 150; ++i)
    ASSERT_EQ(seen.take(), i);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 450ms);

  const std::string path = "/socket.io/?EIO=4&transport=polling";
  const std::string open = test::ask(server.port(), "GET", path).body;
  const std::string sid = open.substr(open.find("sid") + 6, 20);
  std::string body = "40";
  for (int i = 0; i < 150; ++i)
    body +=
        "\x1e"
        "42[\"number\"," +
        std::to_string(i) + "]";
  const auto second_begin = std::chrono::steady_clock::now();
  EXPECT_EQ(test::ask(server.port(), "POST", path + "&sid=" + sid, "", body).body, "ok")
      << "answered when all of it was taken";
  EXPECT_GE(std::chrono::steady_clock::now() - second_begin, 450ms);
  for (int i = 0; i < 150; ++i)
    ASSERT_EQ(seen.take(), i);
}

// A volatile event is dropped for whoever cannot take it now; it never fills a queue.
TEST_P(SocketTest, VolatileEventsNeverFillTheQueueOfASlowReader) {
  Namespace& io = server->io();
  Mailbox<Socket> sockets;
  Mailbox<std::size_t> counted;
  io.on_connection([&](Socket& socket) { sockets.put(socket); });
  std::size_t dropped = 0;
  io.on("more", [&](Socket& socket, int i) {  // a callback each: only the slow reader is a reason to drop
    const std::string piece(50'000, 'x');
    dropped += socket.volatile_().emit("much", piece) == SendStatus::dropped ? 1 : 0;
    if (i == 999) counted.put(dropped);
  });
  const auto serving = server.start();
  SocketIoClient client(server.port(), "", 4096);
  client.connect();
  for (int i = 0; i < 1000; ++i)
    client.send(R"(2["more",)" + std::to_string(i) + "]");
  const std::size_t lost = counted.take();
  EXPECT_GT(lost, 500U);
  EXPECT_LT(lost, 1000U) << "the first ones found room";
  EXPECT_TRUE(sockets.take().connected());
}

// npm's server calls a WebSocket busy until what a callback has written to it is flushed.
TEST_P(SocketTest, AVolatileEventAfterAnotherOneOfTheSameCallbackIsDropped) {
  Namespace& io = server->io();
  io.on("go", [&](Socket& socket) {
    EXPECT_EQ(socket.volatile_().emit("first"), SendStatus::sent);
    EXPECT_EQ(socket.volatile_().emit("lost"), SendStatus::dropped);
    EXPECT_EQ(socket.emit("second"), SendStatus::sent);
    EXPECT_EQ(socket.volatile_().emit("lost"), SendStatus::dropped);
    io.volatile_().emit("lost");
    server->after(0ms, [socket] { socket.volatile_().emit("third"); });
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["go"])");
  EXPECT_EQ(client.read(), R"(2["first"])");
  EXPECT_EQ(client.read(), R"(2["second"])");
  EXPECT_EQ(client.read(), R"(2["third"])");
}

// Many messages come with one read; what one of their handlers wrote is no reason to drop another's event.
TEST_P(SocketTest, EachMessageOfOneReadMayBroadcastAVolatileEvent) {
  constexpr int kCount = 100;
  Namespace& io = server->io();
  io.on_connection([](Socket& socket) { socket.join("room"); });
  io.on("move", [&](Socket& socket, int i) { socket.to("room").volatile_().emit("moved", i); });
  const auto serving = server.start();
  SocketIoClient mover(server.port());
  SocketIoClient watcher(server.port());
  mover.connect();
  watcher.connect();
  for (int i = 0; i < kCount; ++i)
    mover.send(R"(2["move",)" + std::to_string(i) + "]");
  for (int i = 0; i < kCount; ++i)
    ASSERT_EQ(watcher.read(), R"(2["moved",)" + std::to_string(i) + "]");
}

}  // namespace
}  // namespace naru
