#include "app/outgoing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "support/running_server.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

using test::Mailbox;
using test::RunningServer;
using test::SocketIoClient;

class OutgoingTest : public testing::TestWithParam<unsigned> {
 protected:
  Socket::AnyHandler noting(std::string who) {
    return [this, who = std::move(who)](Socket&, std::string_view event, const ArgsView& args) {
      std::string text = who + " " + std::string(event);
      for (std::size_t i = 0; i < args.size(); ++i)
        text += " " + std::string(args.raw(i).text) + (args[i].bytes() ? args[i].bytes()->view().data() : "");
      told.put(text);
    };
  }
  RunningServer server{{.loops = GetParam()}};
  Namespace& io = server->io();
  Mailbox<std::string> told;
};
INSTANTIATE_TEST_SUITE_P(Loops, OutgoingTest, testing::Values(1U, 2U));

TEST_P(OutgoingTest, EmitsAndBroadcastsAreToldAndAnswersAreNot) {
  io.on_connection([&](Socket& socket) {
    socket.on_any_outgoing(noting("own 2"));
    socket.prepend_any_outgoing(noting("own 1"));
  });
  io.on("ask", [](Socket&, Ack ack) { ack("answer"); });
  io.on("emit", [&](Socket& socket) { socket.emit("one", 1, "two", std::vector<int>{3}); });
  io.on("question", [](Socket& socket) { socket.emit("q", 1, [](Result<Args>) {}); });
  io.on("binary", [](Socket& socket) { socket.emit("bytes", Bytes(std::string("abc"))); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  const std::string id = client.connect();
  client.send(R"(21["ask"])");
  EXPECT_EQ(client.read(), R"(31["answer"])");
  client.send(R"(2["emit"])");
  EXPECT_EQ(client.read(), R"(2["one",1,"two",[3]])");
  EXPECT_EQ(told.take(), R"(own 1 one 1 "two" [3])") << "the acknowledgement was not told";
  EXPECT_EQ(told.take(), R"(own 2 one 1 "two" [3])");
  client.send(R"(2["question"])");
  EXPECT_EQ(client.read(), R"(20["q",1])");
  EXPECT_EQ(told.take(), "own 1 q 1");
  told.take();
  client.send(R"(2["binary"])");
  client.read();
  EXPECT_EQ(client.read(), "abc");
  EXPECT_EQ(told.take().substr(0, 11), "own 1 bytes");
  told.take();
  io.emit("all", "x");  // from a foreign thread
  EXPECT_EQ(client.read(), R"(2["all","x"])");
  EXPECT_EQ(told.take(), R"(own 1 all "x")");
  told.take();
  io.to(id).timeout(std::chrono::seconds(5)).emit_with_reply([](BroadcastReply) {}, "asked");
  EXPECT_EQ(told.take(), "own 1 asked");
}

TEST_P(OutgoingTest, OfTheNamespaceForAllItsSocketsAndNotForOthers) {
  const HandlerId id = io.on_any_outgoing(noting("nsp"));
  io.of("/other").on("echo", [](Socket& socket) { socket.emit("echo"); });
  const auto serving = server.start();
  SocketIoClient a(server.port());
  SocketIoClient b(server.port());
  a.connect();
  b.connect();
  a.connect("/other");
  a.send(R"(2/other,["echo"])");
  EXPECT_EQ(a.read(), R"(2/other,["echo"])");
  EXPECT_TRUE(told.empty());
  io.emit("all");
  EXPECT_EQ(a.read(), R"(2["all"])");
  EXPECT_EQ(b.read(), R"(2["all"])");
  EXPECT_EQ(told.take(), "nsp all");
  EXPECT_EQ(told.take(), "nsp all");
  EXPECT_TRUE(io.off_any_outgoing(id));
  io.emit("again");
  EXPECT_EQ(a.read(), R"(2["again"])");
  EXPECT_EQ(b.read(), R"(2["again"])");
  EXPECT_TRUE(told.empty());
}

// What a listener does to rooms, to its socket and by emitting must not break the broadcast that it hears.
TEST_P(OutgoingTest, ListenersMayDoWhatTheyLike) {
  io.on_any_outgoing([&](Socket& socket, std::string_view event, const ArgsView&) {
    if (event == "leave") socket.leave("room");
    if (event == "join") socket.join("room");
    if (event == "go") socket.disconnect();
    if (event == "more") socket.emit("more", 2);
    told.put(std::string(event));
  });
  io.on_connection([](Socket& socket) { socket.join("room"); });
  const auto serving = server.start();
  std::vector<std::unique_ptr<SocketIoClient>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<SocketIoClient>(server.port()));
    clients.back()->connect();
  }
  auto all_read = [&](const std::string& expected) {
    for (auto& client : clients)
      EXPECT_EQ(client->read(), expected);
  };
  io.to("room").emit("leave");
  all_read(R"(2["leave"])");
  io.to("room").emit("nobody");
  io.emit("join");
  all_read(R"(2["join"])");
  io.to("room").emit("more", 1);
  all_read(R"(2["more",2])");  // what it emits comes first, and is not told again
  all_read(R"(2["more",1])");
  io.to("room").emit("go");
  all_read("1");
  std::size_t count = 0;
  for (; count < 16; ++count)
    told.take();
  EXPECT_TRUE(told.empty()) << "leave, join, more, go: four each";
}

TEST_P(OutgoingTest, RemovedInTimeAndGoneWithTheSocket) {
  std::weak_ptr<int> kept;
  io.on_connection([&](Socket& socket) {
    auto keep = std::make_shared<int>(1);
    kept = keep;
    const HandlerId id =
        socket.on_any_outgoing([this, keep](Socket&, std::string_view, const ArgsView&) { told.put("one"); });
    socket.on_any_outgoing(noting("two"));
    socket.on("off one", [id](Socket& who) { EXPECT_TRUE(who.off_any_outgoing(id)); });
    socket.on("off all", [](Socket& who) { who.off_any_outgoing(); });
    socket.on("emit", [](Socket& who) { who.emit("x"); });
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["off one"])");
  client.send(R"(2["emit"])");
  EXPECT_EQ(client.read(), R"(2["x"])");
  EXPECT_EQ(told.take(), "two x");
  EXPECT_TRUE(kept.expired());
  client.send(R"(2["off all"])");
  client.send(R"(2["emit"])");
  EXPECT_EQ(client.read(), R"(2["x"])");
  EXPECT_TRUE(told.empty());
}

}  // namespace
}  // namespace naru
