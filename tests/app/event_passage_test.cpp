#include "app/event_passage.hpp"

#include <gtest/gtest.h>

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

class EventPassageTest : public testing::TestWithParam<unsigned> {
 protected:
  void SetUp() override {
    io.on("echo", [](Socket&, std::string text, Ack ack) { ack(text); });
    io.on_error([this](Socket&, const HandlerError& error) {
      std::string data = error.data ? error.data->text : "";
      const bool is_middleware = error.source == HandlerError::Source::middleware;
      errors.put((is_middleware ? "" : "not a middleware: ") + error.event + ": " + error.message + data);
    });
  }
  RunningServer server{{.loops = GetParam()}};
  Namespace& io = server->io();
  Mailbox<std::string> errors;
};
INSTANTIATE_TEST_SUITE_P(Loops, EventPassageTest, testing::Values(1U, 2U));

TEST_P(EventPassageTest, GatesRunInOrderAndARefusalIsAnError) {
  Mailbox<std::string> seen;
  io.on_connection([&](Socket& socket) {
    socket.use([&](Socket&, std::string_view event, const ArgsView& args) -> Verdict {
      seen.put("1 " + std::string(event) + " " + args.get<std::string>(0).value_or(""));
      return args.get<std::string>(0) == "bad" ? refuse("not that", 7) : Verdict::allowed();
    });
    socket.use([&](Socket&, std::string_view, const ArgsView&) -> Verdict { return seen.put("2"), allow; });
    socket.on_error([&](Socket&, const HandlerError& error) { seen.put("own: " + error.message); });
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(21["echo","good"])");
  EXPECT_EQ(client.read(), R"(31["good"])");
  EXPECT_EQ(seen.take(), "1 echo good");
  EXPECT_EQ(seen.take(), "2");
  client.send(R"(22["echo","bad"])");
  client.send(R"(23["echo","again"])");
  EXPECT_EQ(client.read(), R"(33["again"])") << "the event was dropped, the socket stays";
  EXPECT_EQ(errors.take(), "echo: not that7");
  EXPECT_EQ(seen.take(), "1 echo bad");
  EXPECT_EQ(seen.take(), "own: not that");
}

TEST_P(EventPassageTest, EventsBehindAWaitingGateWait) {
  Mailbox<Decision> decisions;
  io.on_connection([&](Socket& socket) {
    socket.use([&](Socket&, std::string_view, const ArgsView& args, Decision decide) {
      if (args.get<std::string>(0) == "slow") return decisions.put(std::move(decide));
      decide(allow);
    });
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(21["echo","slow"])");
  client.send(R"(22["echo","fast"])");
  client.send(R"(23["echo","slow"])");
  Decision first = decisions.take();
  EXPECT_TRUE(decisions.empty());
  std::thread([&] { first(allow); }).join();
  EXPECT_EQ(client.read(), R"(31["slow"])");
  EXPECT_EQ(client.read(), R"(32["fast"])");
  { const Decision forgotten = decisions.take(); }
  EXPECT_EQ(errors.take(), "echo: no decision was made");
  client.send(R"(24["echo","fast"])");
  EXPECT_EQ(client.read(), R"(34["fast"])");
}

TEST_P(EventPassageTest, TasksSeeTheEventToTheirEnd) {
  io.on_connection([&](Socket& socket) {
    socket.use([](Socket& who, std::string_view event, const ArgsView& args) -> Task<Verdict> {
      auto work = [] { return 1; };
      co_await offload(work);
      const std::string text = std::string(event) + args.get<std::string>(0).value_or("");
      if (text == "echothrow") throw std::runtime_error("broken");
      co_return who.connected() && text == "echogood" ? Verdict::allowed() : refuse("no");
    });
    socket.use([](Socket&, std::string_view, const ArgsView&) -> Verdict { return allow; });
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(21["echo","good"])");
  EXPECT_EQ(client.read(), R"(31["good"])");
  client.send(R"(22["echo","other"])");
  EXPECT_EQ(errors.take(), "echo: no");
  client.send(R"(23["echo","throw"])");
  EXPECT_EQ(errors.take(), "echo: no decision was made");
}

TEST_P(EventPassageTest, ADisconnectInAGateEndsTheEvent) {
  Mailbox<std::string> reasons;
  io.on_disconnect([&](Socket&, std::string_view reason) { reasons.put(std::string(reason)); });
  Mailbox<bool> called;
  io.on("leave", [&](Socket&) { called.put(true); });
  io.on_connection([&](Socket& socket) {
    socket.use([](Socket& who, std::string_view, const ArgsView&) -> Verdict {
      who.disconnect();
      return allow;
    });
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["leave"])");
  EXPECT_EQ(client.read(), "1");
  EXPECT_EQ(reasons.take(), "server namespace disconnect");
  EXPECT_TRUE(called.empty());
}

TEST_P(EventPassageTest, WhoGoesWhileAGateWaitsIsToldWhenItHasAnswered) {
  Mailbox<Decision> decisions;
  Mailbox<std::string> reasons;
  Mailbox<bool> called;
  io.on("x", [&](Socket&) { called.put(true); });
  io.on_disconnect([&](Socket&, std::string_view reason) { reasons.put(std::string(reason)); });
  io.on_connection([&](Socket& socket) {
    socket.use([&](Socket&, std::string_view, const ArgsView&, Decision decide) {
      decisions.put(std::move(decide));
    });
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["x"])");
  Decision decide = decisions.take();
  client.send("1");
  client.connect();
  decide(allow);
  EXPECT_EQ(reasons.take(), "client namespace disconnect");
  EXPECT_TRUE(called.empty());
}

// A packet that cannot be decoded is an error of every socket of the connection.
TEST_P(EventPassageTest, DecoderErrorsAreTold) {
  Mailbox<HandlerError> told;
  io.of("/other").on_error([&](Socket&, const HandlerError& error) { told.put(error); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.connect("/other");
  client.send("9");
  EXPECT_TRUE(client.is_ended());
  const HandlerError error = told.take();
  EXPECT_EQ(error.source, HandlerError::Source::decoder);
  EXPECT_FALSE(error.message.empty());
  EXPECT_EQ(errors.take().substr(0, 18), "not a middleware: ");
}

}  // namespace
}  // namespace naru
