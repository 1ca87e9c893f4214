#include "app/entrance.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "naru/offload.hpp"
#include "support/running_server.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

using test::Mailbox;
using test::RunningServer;
using test::SocketIoClient;

class EntranceTest : public testing::TestWithParam<unsigned> {
 protected:
  std::string knock(std::string_view auth = {}) {
    SocketIoClient client(server.port());
    client.send("0" + std::string(auth));
    return client.read();
  }
  RunningServer server{{.loops = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Loops, EntranceTest, testing::Values(1U, 2U));

TEST_P(EntranceTest, GatesRunInOrderAndTheFirstRefusalCounts) {
  Namespace& io = server->io();
  io.use([](Socket& socket) -> Verdict {
    if (socket.handshake().auth.get<std::string>("name").value_or("").empty()) {
      return refuse("who are you?", std::string("no name"));
    }
    return allow;
  });
  io.use([](Socket& socket) -> Verdict {
    if (socket.handshake().auth.get<std::string>("name") == "eve") return refuse("not you");
    return allow;
  });
  const auto serving = server.start();
  EXPECT_EQ(knock(), R"(4{"message":"who are you?","data":"no name"})");
  EXPECT_EQ(knock(R"({"name":"eve"})"), R"(4{"message":"not you"})");
  SocketIoClient client(server.port());
  EXPECT_EQ(client.connect("/", R"({"name":"ada"})").size(), 20U);
}

TEST_P(EntranceTest, RefusedOneMayTryAgainOnTheSameConnection) {
  server->io().use([](Socket& socket) -> Verdict {
    if (socket.handshake().auth.get<int>("try") == 2) return allow;
    return refuse("again");
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.send(R"(0{"try":1})");
  EXPECT_EQ(client.read(), R"(4{"message":"again"})");
  client.connect("/", R"({"try":2})");
}

TEST_P(EntranceTest, TaskDecidesLater) {
  server->io().use([](Socket& socket) -> Task<Verdict> {
    auto work = [] { return 7; };
    const int number = co_await offload(work);
    if (socket.handshake().auth.get<int>("number") == number) co_return allow;
    co_return refuse("wrong number");
  });
  const auto serving = server.start();
  EXPECT_EQ(knock(R"({"number":6})"), R"(4{"message":"wrong number"})");
  SocketIoClient client(server.port());
  client.connect("/", R"({"number":7})");
}

TEST_P(EntranceTest, DecisionComesFromAnotherThread) {
  Mailbox<std::pair<Socket, Decision>> asked;
  Namespace& io = server->io();
  io.use([&](Socket& socket, Decision decision) { asked.put({socket, std::move(decision)}); });
  io.use([](Socket&) -> Verdict { return allow; });
  const auto serving = server.start();
  std::thread judge([&] {
    for (int i = 0; i < 10; ++i) {
      auto [socket, decision] = asked.take();
      EXPECT_FALSE(socket.connected());
      decision(i % 2 == 0 ? Verdict(allow) : refuse("odd"));
      decision(refuse("the first one counts"));
    }
  });
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(knock().front(), i % 2 == 0 ? '0' : '4');
  judge.join();
}

// The judge may also say where the socket belongs: it is there when it is let in.
TEST_P(EntranceTest, JoinFromAnotherThreadBeforeTheDecision) {
  Mailbox<std::pair<Socket, Decision>> asked;
  Namespace& io = server->io();
  io.use([&](Socket& socket, Decision decision) { asked.put({socket, std::move(decision)}); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.send("0");
  auto [socket, decision] = asked.take();
  socket.join("judged");
  decision(allow);
  EXPECT_EQ(client.read().substr(0, 7), R"(0{"sid")");
  io.to("judged").emit("hello");
  EXPECT_EQ(client.read(), R"(2["hello"])");
}

TEST_P(EntranceTest, JoinsInAGateHoldOnceItIsLetIn) {
  Namespace& io = server->io();
  io.use([](Socket& socket) -> Verdict {
    socket.join(std::vector<std::string>{"a", "b", "c"});
    socket.leave("b");
    return allow;
  });
  Mailbox<std::vector<std::string>> rooms;
  io.on_connection([&](Socket& socket) { rooms.put(socket.rooms()); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  const std::string id = client.connect();
  EXPECT_EQ(rooms.take(), (std::vector<std::string>{id, "a", "c"}));
}

TEST_P(EntranceTest, NobodyWhoIsRefusedIsInARoom) {
  Namespace& io = server->io();
  io.use([](Socket& socket) -> Verdict {
    socket.join("a");
    return refuse("no");
  });
  Mailbox<std::string> told;
  io.on_disconnect([&](Socket&, std::string_view) { told.put("disconnect"); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.send("0");
  EXPECT_EQ(client.read(), R"(4{"message":"no"})");
  Mailbox<std::size_t> found;
  io.in("a").fetch_sockets([&](std::vector<RemoteSocket> sockets) { found.put(sockets.size()); });
  EXPECT_EQ(found.take(), 0U);
  EXPECT_TRUE(told.empty()) << "it never was connected";
}

TEST_P(EntranceTest, ForgottenDecisionAndThrowingGateRefuse) {
  server->io().use([](Socket& socket, Decision) {
    if (socket.handshake().auth.get<bool>("exception") == true) throw std::runtime_error("broken");
    if (socket.handshake().auth.get<bool>("number") == true) throw 42;
  });
  const auto serving = server.start();
  EXPECT_EQ(knock(), R"(4{"message":"no decision was made"})");
  EXPECT_EQ(knock(R"({"exception":true})"), R"(4{"message":"no decision was made"})");
  EXPECT_EQ(knock(R"({"number":true})"), R"(4{"message":"no decision was made"})");
}

TEST_P(EntranceTest, DecisionForOneWhoHasGoneIsIgnored) {
  Mailbox<std::pair<Socket, Decision>> asked;
  Namespace& io = server->io();
  io.use([&](Socket& socket, Decision decision) { asked.put({socket, std::move(decision)}); });
  Mailbox<bool> connected;
  io.on_connection([&](Socket&) { connected.put(true); });
  const auto serving = server.start();
  {
    SocketIoClient client(server.port());
    client.send("0");
    auto waiting = asked.take();
    client.raw().reset();
    waiting.second(allow);
    EXPECT_NO_THROW(waiting.first.join("late"));
  }
  SocketIoClient next(server.port());
  next.send("0");
  asked.take().second(allow);
  EXPECT_EQ(next.read().front(), '0');
  connected.take();
}

TEST_P(EntranceTest, VerdictSaysWhoItIs) {
  Namespace& io = server->io();
  io.use([](Socket& socket) -> Verdict {
    const auto name = socket.handshake().auth.get<std::string>("name");
    if (name) return allow.as("user:" + *name);
    return allow;
  });
  io.use([](Socket&) -> Verdict { return allow; });
  io.on("who", [](Socket& socket, Ack ack) { ack(socket.identity()); });
  const auto serving = server.start();
  SocketIoClient ada(server.port());
  ada.connect("/", R"({"name":"ada"})");
  ada.send(R"(21["who"])");
  EXPECT_EQ(ada.read(), R"(31["user:ada"])");
  SocketIoClient nobody(server.port());
  nobody.connect();
  nobody.send(R"(21["who"])");
  EXPECT_EQ(nobody.read(), R"(31[""])");
}

TEST_P(EntranceTest, WhoIsLetInForATimeIsClosedThen) {
  Namespace& io = server->io();
  Mailbox<std::string> reasons;
  io.use([](Socket&) -> Verdict {
    return allow.until(std::chrono::system_clock::now() + std::chrono::hours(1));
  });
  io.use([](Socket&) -> Verdict {
    return allow.until(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
  });
  io.on_disconnect([&](Socket&, std::string_view reason) { reasons.put(std::string(reason)); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(reasons.take(), "server namespace disconnect");
}

// Events before the answer break the protocol: the reference ends the connection.
TEST_P(EntranceTest, EventsBeforeTheDecisionEndTheConnection) {
  Mailbox<Decision> asked;
  server->io().use([&](Socket&, Decision decision) { asked.put(std::move(decision)); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.send("0");
  client.send(R"(2["early"])");
  EXPECT_TRUE(client.is_ended());
}

}  // namespace
}  // namespace naru
