#include "naru/broadcast.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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

// With two loops the clients are on one and the other by turns.
class BroadcastTest : public testing::TestWithParam<unsigned> {
 protected:
  void SetUp() override {
    io.on("join", [](Socket& socket, std::string room, Ack ack) {
      socket.join(std::move(room));
      ack();
    });
  }
  void join(SocketIoClient& client, const std::string& room) {
    client.send(R"(21["join",")" + room + "\"]");
    ASSERT_EQ(client.read(), "31[]");
  }

  RunningServer server{{.loops = GetParam()}};
  Namespace& io = server->io();
};
INSTANTIATE_TEST_SUITE_P(Loops, BroadcastTest, testing::Values(1U, 2U));

TEST_P(BroadcastTest, RoomsExceptionsAndIds) {
  const auto serving = server.start();
  SocketIoClient a(server.port());
  SocketIoClient b(server.port());
  SocketIoClient c(server.port());
  const std::string a_id = a.connect();
  const std::string b_id = b.connect();
  c.connect();
  join(a, "red");
  join(b, "red");
  join(b, "blue");
  join(c, "blue");
  io.to("red").emit("1 red");
  io.to("red").to("blue").emit("2 both, once");
  io.to("red").except("blue").emit("3 red, not blue");
  io.to(b_id).emit("4 one");
  io.except(a_id).emit("5 all but a");
  io.in(std::vector<std::string>{"red", "blue"}).except({a_id, "nobody"}).emit("6 both but a");
  io.to("nowhere").emit("7 nobody");
  io.emit("8 end");
  auto read = [](SocketIoClient& client) {
    std::string numbers;
    for (;;) {
      const std::string packet = client.read();
      numbers += packet.substr(3, 1);
      if (packet == R"(2["8 end"])") return numbers;
    }
  };
  EXPECT_EQ(read(a), "1238");
  EXPECT_EQ(read(b), "124568");
  EXPECT_EQ(read(c), "2568");
}

TEST_P(BroadcastTest, SocketBroadcastLeavesItselfOut) {
  io.on("say", [](Socket& socket, std::string text) {
    socket.broadcast().emit("said", text);
    socket.to("room").emit("said in room", text);
    socket.emit("over");
  });
  const auto serving = server.start();
  SocketIoClient a(server.port());
  SocketIoClient b(server.port());
  a.connect();
  b.connect();
  join(a, "room");
  join(b, "room");
  a.send(R"(2["say","x"])");
  EXPECT_EQ(a.read(), R"(2["over"])");
  EXPECT_EQ(b.read(), R"(2["said","x"])");
  EXPECT_EQ(b.read(), R"(2["said in room","x"])");
}

// Whoever joins somebody, of whatever loop, and then sends to the room reaches it.
TEST_P(BroadcastTest, JoinThenBroadcastReachesAcrossLoops) {
  Mailbox<Socket> sockets;
  io.on_connection([&](Socket& socket) { sockets.put(socket); });
  std::vector<Socket> both;
  const auto serving = server.start();
  SocketIoClient a(server.port());
  SocketIoClient b(server.port());
  a.connect();
  b.connect();
  both = {sockets.take(), sockets.take()};
  io.on("gather", [&](Socket&, int round) {
    const std::string room = "round " + std::to_string(round);
    for (Socket socket : both)
      socket.join(room);
    io.to(room).emit("gathered", round);
    for (Socket socket : both)
      socket.leave(room);
    io.to(room).emit("never");
  });
  for (int round = 0; round < 100; ++round) {
    (round % 2 == 0 ? a : b).send(R"(2["gather",)" + std::to_string(round) + "]");
    const std::string expected = R"(2["gathered",)" + std::to_string(round) + "]";
    ASSERT_EQ(a.read(), expected);
    ASSERT_EQ(b.read(), expected);
  }
  for (int round = 0; round < 100; ++round) {  // the same from a thread that is no loop
    const std::string room = "foreign " + std::to_string(round);
    io.sockets_join(room);
    io.to(room).emit("gathered", round);
    const std::string expected = R"(2["gathered",)" + std::to_string(round) + "]";
    ASSERT_EQ(a.read(), expected);
    ASSERT_EQ(b.read(), expected);
  }
}

TEST_P(BroadcastTest, SelectedOnesJoinLeaveAndDisconnect) {
  const auto serving = server.start();
  SocketIoClient a(server.port());
  SocketIoClient b(server.port());
  a.connect();
  const std::string b_id = b.connect();
  join(a, "red");
  join(b, "red");
  io.in("red").sockets_join("blue");
  io.to("blue").emit("1");
  io.in("blue").except(b_id).sockets_leave("red");
  io.to("red").emit("2");
  io.to("blue").emit("3");
  EXPECT_EQ(a.read(), R"(2["1"])");
  EXPECT_EQ(b.read(), R"(2["1"])");
  EXPECT_EQ(a.read(), R"(2["3"])");
  EXPECT_EQ(b.read(), R"(2["2"])");
  EXPECT_EQ(b.read(), R"(2["3"])");
  io.in("red").disconnect_sockets();
  EXPECT_EQ(b.read(), "1");
  b.connect();  // the connection stays
  io.disconnect_sockets(true);
  EXPECT_EQ(a.read(), "1");
  EXPECT_TRUE(a.is_ended());
  EXPECT_TRUE(b.is_ended());
}

TEST_P(BroadcastTest, SelectedOnesJoinAndLeaveSeveralRooms) {
  Namespace& io = server->io();
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  io.sockets_join(std::vector<std::string>{"a", "b", "c"});
  io.sockets_leave(std::vector<std::string>{"a", "c"});
  for (const char* room : {"a", "b", "c"})
    io.to(room).emit(room);
  io.emit("end");
  EXPECT_EQ(client.read(), R"(2["b"])");
  EXPECT_EQ(client.read(), R"(2["end"])");
}

TEST_P(BroadcastTest, FindsSocketsOnAllLoops) {
  const auto serving = server.start();
  std::vector<SocketIoClient> clients;
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back(server.port());
    ids.push_back(clients.back().connect("/", R"({"number":)" + std::to_string(i) + "}"));
    join(clients.back(), i % 2 == 0 ? "even" : "odd");
  }
  Mailbox<std::vector<RemoteSocket>> found;
  auto ask = [&](const Broadcast& whom) {
    whom.fetch_sockets([&](std::vector<RemoteSocket> sockets) { found.put(std::move(sockets)); });
    return found.take();
  };
  EXPECT_EQ(ask(io.except("nobody")).size(), 4U);
  EXPECT_EQ(ask(io.in("nowhere")).size(), 0U);
  const std::vector<RemoteSocket> even = ask(io.in("even").except(ids[0]));
  ASSERT_EQ(even.size(), 1U);
  EXPECT_EQ(even[0].id, ids[2]);
  EXPECT_EQ(even[0].rooms, (std::vector<std::string>{ids[2], "even"}));
  EXPECT_EQ(even[0].handshake.auth.get<int>("number"), 2);
}

TEST_P(BroadcastTest, FindsSocketsInATask) {
  io.on("who", [&](Socket&, Ack ack) -> Task<> {
    const std::vector<RemoteSocket> sockets = co_await io.in("room").fetch_sockets();
    ack(sockets.size());
  });
  const auto serving = server.start();
  SocketIoClient a(server.port());
  SocketIoClient b(server.port());
  a.connect();
  b.connect();
  join(a, "room");
  join(b, "room");
  a.send(R"(21["who"])");
  EXPECT_EQ(a.read(), "31[2]");
}

TEST_P(BroadcastTest, AsksAllForAnAnswer) {
  const auto serving = server.start();
  SocketIoClient a(server.port());
  SocketIoClient b(server.port());
  a.connect();
  b.connect();
  Mailbox<BroadcastReply> replies;
  auto ask = [&](const Broadcast& whom) {
    whom.emit_with_reply([&](BroadcastReply reply) { replies.put(std::move(reply)); }, "name?");
  };
  ask(io.in("nowhere"));
  const BroadcastReply nobody = replies.take();
  EXPECT_TRUE(nobody.answers.empty());
  EXPECT_FALSE(nobody.error);

  auto answer = [](SocketIoClient& client, std::string_view name) {
    const std::string packet = client.read();  // 2ID["name?"]
    client.send("3" + packet.substr(1, packet.find('[') - 1) + "[\"" + std::string(name) + "\"]");
  };
  ask(io.except("nobody"));
  answer(a, "ada");
  answer(b, "bob");
  const BroadcastReply all = replies.take();
  EXPECT_FALSE(all.error);
  ASSERT_EQ(all.answers.size(), 2U);
  std::vector<std::string> names{*all.answers[0].get<std::string>(0), *all.answers[1].get<std::string>(0)};
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"ada", "bob"}));

  ask(io.timeout(1s));
  answer(a, "ada");
  const BroadcastReply late = replies.take();
  EXPECT_EQ(late.error, errc::timed_out);
  EXPECT_EQ(late.answers.size(), 1U);

  b.read();
  ask(io.timeout(20s));
  answer(a, "ada");
  b.read();
  b.raw().reset();
  const BroadcastReply gone = replies.take();
  EXPECT_EQ(gone.error, errc::disconnected);
  EXPECT_EQ(gone.answers.size(), 1U);
}

TEST_P(BroadcastTest, AsksAllInATask) {
  io.on("ask", [&](Socket& socket, Ack ack) -> Task<> {
    const BroadcastReply reply = co_await socket.broadcast().emit_with_ack("number?");
    ack(reply.answers.size(), reply.answers.at(0).get<int>(0));
  });
  const auto serving = server.start();
  SocketIoClient a(server.port());
  SocketIoClient b(server.port());
  a.connect();
  b.connect();
  a.send(R"(21["ask"])");
  const std::string packet = b.read();
  b.send("3" + packet.substr(1, packet.find('[') - 1) + "[7]");
  EXPECT_EQ(a.read(), "31[1,7]");
}

TEST_P(BroadcastTest, HalfBuiltTargetIsAValue) {
  const auto serving = server.start();
  SocketIoClient a(server.port());
  a.connect();
  join(a, "red");
  const Broadcast red = io.to("red");
  const Broadcast none = red.except("red");
  none.emit("never");
  red.emit("once");
  red.volatile_().emit("twice");
  EXPECT_EQ(a.read(), R"(2["once"])");
  EXPECT_EQ(a.read(), R"(2["twice"])");
}

TEST_P(BroadcastTest, AnswersWhenTheServerHasGone) {
  const auto serving = server.start();
  const Broadcast all = io.except("nobody");
  server.destroy();
  all.emit("x");
  all.sockets_join("a");
  all.disconnect_sockets();
  SUCCEED();
}

}  // namespace
}  // namespace naru
