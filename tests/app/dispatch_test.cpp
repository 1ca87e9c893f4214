#include "app/dispatch.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "naru/completion.hpp"
#include "naru/offload.hpp"
#include "support/running_server.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

using namespace std::chrono_literals;
using test::Mailbox;
using test::masked_frame;
using test::RunningServer;
using test::SocketIoClient;

class DispatchTest : public testing::TestWithParam<unsigned> {
 protected:
  ServerOptions options() { return {.loops = GetParam()}; }
  RunningServer server{options()};
};
INSTANTIATE_TEST_SUITE_P(Loops, DispatchTest, testing::Values(1U, 2U));

TEST_P(DispatchTest, EventsAreDecodedBySignature) {
  Namespace& io = server->io();
  io.on("sum", [](Socket&, int a, std::optional<int> b, Ack ack) { ack(a + b.value_or(100)); });
  io.on("rest",
        [](Socket& socket, std::string first, const ArgsView& rest) { socket.emit("got", rest, first); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(21["sum",1,2])");
  EXPECT_EQ(client.read(), "31[3]");
  client.send(R"(22["sum",1])");
  EXPECT_EQ(client.read(), "32[101]");
  client.send(R"(2["sum",1])");  // nobody waits: the ack is inert
  client.send(R"(2["rest","a",[1],{"b":null}])");
  EXPECT_EQ(client.read(), R"(2["got",[1],{"b":null},"a"])");
}

TEST_P(DispatchTest, BinaryPartsComeAndGo) {
  server->io().on("mirror", [](Socket& socket, Bytes a, std::string text, Bytes b, Ack ack) {
    socket.emit("mirrored", b, text, a);
    ack(b);
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(52-7["mirror",{"_placeholder":true,"num":0},"x",{"_placeholder":true,"num":1}])");
  client.send_binary("first");
  client.send_binary("second");
  EXPECT_EQ(client.read(),
            R"(52-["mirrored",{"_placeholder":true,"num":0},"x",{"_placeholder":true,"num":1}])");
  EXPECT_EQ(client.read(), "second");
  EXPECT_EQ(client.read(), "first");
  EXPECT_EQ(client.read(), R"(61-7[{"_placeholder":true,"num":0}])");
  EXPECT_EQ(client.read(), "second");
}

TEST_P(DispatchTest, BadArgumentsAreAnsweredAndReported) {
  Namespace& io = server->io();
  Mailbox<std::string> errors;
  io.on("sum", [](Socket&, int a, int b, Ack ack) { ack(a + b); });
  io.on_error([&](Socket&, const HandlerError& error) { errors.put(error.event + ": " + error.message); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(21["sum",1,"two"])");
  EXPECT_EQ(client.read(), R"(31[{"error":"bad arguments","event":"sum"}])");
  EXPECT_EQ(errors.take(), "sum: argument 2 does not decode");
  client.send(R"(22["sum",1])");
  EXPECT_EQ(client.read(), R"(32[{"error":"bad arguments","event":"sum"}])");
  client.send(R"(23["sum",1,2])");
  EXPECT_EQ(client.read(), "33[3]");
}

TEST_P(DispatchTest, BadArgumentsMayBeSilent) {
  Namespace& io = server->io({.bad_arguments = IoOptions::BadArguments::silent});
  io.on("sum", [](Socket&, int a, Ack ack) { ack(a); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(21["sum","x"])");
  client.send(R"(22["sum",2])");
  EXPECT_EQ(client.read(), "32[2]");
}

TEST_P(DispatchTest, WhatHandlersThrowIsReportedAndTheSocketStays) {
  Namespace& io = server->io();
  Mailbox<std::string> errors;
  io.on("exception", [](Socket&) { throw std::runtime_error("broken"); });
  io.on("number", [](Socket&) { throw 42; });
  io.on("task", [](Socket&) -> Task<> {
    auto nothing = [] {};
    co_await offload(nothing);
    throw std::runtime_error("broken later");
  });
  io.on("good", [](Socket&, Ack ack) { ack(); });
  io.on_error([](Socket&, const HandlerError&) { throw std::runtime_error("on_error itself"); });
  io.on_error([](Socket&, const HandlerError&) { throw 43; });
  io.on_error([&](Socket&, const HandlerError& error) { errors.put(error.event + ": " + error.message); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["exception"])");
  EXPECT_EQ(errors.take(), "exception: broken");
  client.send(R"(2["number"])");
  EXPECT_EQ(errors.take().substr(0, 7), "number:");
  client.send(R"(2["task"])");
  EXPECT_EQ(errors.take(), "task: broken later");
  client.send(R"(21["good"])");
  EXPECT_EQ(client.read(), "31[]");
}

TEST_P(DispatchTest, AnyHandlersAndOwnHandlersSeeEvents) {
  Namespace& io = server->io();
  Mailbox<std::string> seen;
  io.on_any([&](Socket&, std::string_view event, const ArgsView& args) {
    seen.put("any " + std::string(event) + " " + std::to_string(args.size()));
  });
  io.on("event", [&](Socket&) { seen.put("shared"); });
  io.on_connection([&](Socket& socket) { socket.on("event", [&](Socket&) { seen.put("own"); }); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["event",1])");
  EXPECT_EQ(seen.take(), "any event 1");
  EXPECT_EQ(seen.take(), "shared");
  EXPECT_EQ(seen.take(), "own");
}

// While one handler is suspended the socket's next events wait, in order, and never overlap.
TEST_P(DispatchTest, SuspendedHandlerHoldsTheNextEvents) {
  Namespace& io = server->io();
  io.on("slow", [](Socket& socket, int number) -> Task<> {
    int& inside = socket.data<int>();
    EXPECT_EQ(inside, 0) << "two handlers of one socket overlap";
    ++inside;
    auto nothing = [] {};
    co_await offload(nothing);
    --inside;
    socket.emit("done", number);
  });
  io.on("quick", [](Socket& socket, int number) {
    EXPECT_EQ(socket.data<int>(), 0);
    socket.emit("done", number);
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  for (int i = 0; i < 60; ++i)
    client.send((i % 3 == 0 ? R"(2["slow",)" : R"(2["quick",)") + std::to_string(i) + "]");
  for (int i = 0; i < 60; ++i)
    EXPECT_EQ(client.read(), R"(2["done",)" + std::to_string(i) + "]");
}

// Tasks that end without a wait, one after another out of the queue: the queue outlives each.
TEST_P(DispatchTest, HeldTasksThatDoNotWaitRunInOrder) {
  Namespace& io = server->io();
  Mailbox<Completion<bool>> gates;
  io.on("wait", [&](Socket&) -> Task<> {
    Completion<bool> completion;
    Later<bool> later = completion.later();
    gates.put(std::move(completion));
    (void)co_await std::move(later);
  });
  io.on("task", [](Socket& socket, int number) -> Task<> {
    socket.emit("done", number);
    co_return;
  });
  auto answer = [](Socket&, Ack ack) { ack(); };
  io.on("count", answer);
  io.of("/beside").on("count", answer);
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.connect("/beside");
  client.send(R"(2["wait"])");
  Completion<bool> gate = gates.take();
  for (int i = 0; i < 100; ++i)
    client.send(R"(2["task",)" + std::to_string(i) + "]");
  client.send(R"(21["count"])");
  client.send(R"(2/beside,1["count"])");
  EXPECT_EQ(client.read(), "3/beside,1[]") << "other namespaces go on; and all is held by now";
  gate.complete(true);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(client.read(), R"(2["done",)" + std::to_string(i) + "]");
  EXPECT_EQ(client.read(), "31[]");
  client.send(R"(22["count"])");
  EXPECT_EQ(client.read(), "32[]") << "nothing is held any more";
}

TEST_P(DispatchTest, AnswersPassByHeldEvents) {
  Namespace& io = server->io();
  io.on("ask", [](Socket& socket, Ack ack) -> Task<> {
    const Result<Args> reply = co_await socket.emit_with_ack("sure?", 7);
    ack(reply ? reply->get<std::string>(0).value_or("") : reply.error().message());
  });
  io.on("next", [](Socket&, Ack ack) { ack("next"); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(21["ask"])");
  EXPECT_EQ(client.read(), R"(20["sure?",7])");
  client.send(R"(22["next"])");
  client.send(R"(30["yes"])");
  EXPECT_EQ(client.read(), R"(31["yes"])");
  EXPECT_EQ(client.read(), R"(32["next"])");
}

struct HeldCase {
  std::size_t max_events;
  std::size_t max_bytes;
  int numbers;  // events that wait, each of ten thousand bytes
  bool is_read_on;
};

// What is held is bounded by number and by bytes: beyond it the connection is not read, and nothing is lost.
TEST_P(DispatchTest, HeldEventsPauseReadingAndNothingIsLost) {
  constexpr HeldCase kCases[] = {
      {.max_events = 4, .max_bytes = 1'000'000, .numbers = 3, .is_read_on = true},
      {.max_events = 4, .max_bytes = 1'000'000, .numbers = 4, .is_read_on = false},
      {.max_events = 256, .max_bytes = 15'000, .numbers = 1, .is_read_on = true},
      {.max_events = 256, .max_bytes = 15'000, .numbers = 2, .is_read_on = false},
  };
  const std::string padding(10'000, 'x');
  for (const HeldCase& held : kCases) {
    RunningServer own{options()};
    Namespace& io = own->io({.max_held_events = held.max_events, .max_held_bytes = held.max_bytes});
    Mailbox<Completion<bool>> gates;
    io.on("wait", [&](Socket&) -> Task<> {
      Completion<bool> completion;
      Later<bool> later = completion.later();
      gates.put(std::move(completion));
      (void)co_await std::move(later);
    });
    io.on("number", [](Socket& socket, int number) { socket.emit("done", number); });
    io.of("/beside").on("count", [](Socket&, Ack ack) { ack(); });
    const auto serving = own.start();
    SocketIoClient client(own.port());
    client.connect();
    client.connect("/beside");
    // In one piece, so that what is not read is there to be read.
    std::string all = masked_frame(1, R"(42["wait"])");
    for (int i = 0; i < held.numbers; ++i)
      all += masked_frame(1, R"(42["number",)" + std::to_string(i) + ",\"" + padding + "\"]");
    client.raw().send(all + masked_frame(1, R"(42/beside,1["count"])"));
    Completion<bool> gate = gates.take();
    if (held.is_read_on) {
      EXPECT_EQ(client.read(), "3/beside,1[]");
    }
    gate.complete(true);
    for (int i = 0; i < held.numbers; ++i)
      EXPECT_EQ(client.read(), R"(2["done",)" + std::to_string(i) + "]");
    if (!held.is_read_on) {
      EXPECT_EQ(client.read(), "3/beside,1[]") << "was read when there was room again";
    }
  }
}

// on_disconnect comes when the suspended handler has ended; its wait ends with `disconnected` at once.
TEST_P(DispatchTest, DisconnectWaitsForTheSuspendedHandler) {
  Namespace& io = server->io();
  Mailbox<std::string> events;
  io.on("ask", [&](Socket& socket) -> Task<> {
    const Result<Args> reply = co_await socket.emit_with_ack("sure?");
    events.put(reply ? "answered" : reply.error().message());
    auto nothing = [] {};
    co_await offload(nothing);  // cannot be cut short
    events.put("ended");
  });
  io.on("next", [&](Socket&) { events.put("next"); });
  io.on_disconnect([&](Socket&, std::string_view reason) { events.put(std::string(reason)); });
  const auto serving = server.start();
  {
    SocketIoClient client(server.port());
    client.connect();
    client.send(R"(2["ask"])");
    EXPECT_EQ(client.read(), R"(20["sure?"])");
    client.send(R"(2["next"])");
    client.send("1");
  }
  EXPECT_EQ(events.take(), "socket has been disconnected");
  EXPECT_EQ(events.take(), "ended");
  EXPECT_EQ(events.take(), "client namespace disconnect");
}

TEST_P(DispatchTest, SuspendedConnectionHandlerHoldsEvents) {
  Namespace& io = server->io();
  io.on_connection([](Socket& socket) -> Task<> {
    auto nothing = [] {};
    co_await offload(nothing);
    socket.data<int>() = 1;
  });
  io.on("ready", [](Socket& socket, Ack ack) { ack(socket.data<int>()); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.send("0");
  client.send(R"(21["ready"])");
  EXPECT_EQ(client.read().front(), '0');
  EXPECT_EQ(client.read(), "31[1]");
}

TEST_P(DispatchTest, DisconnectInAHandlerEndsTheEvent) {
  Namespace& io = server->io();
  Mailbox<std::string> events;
  io.on("leave", [](Socket& socket) { socket.disconnect(); });
  io.on("leave", [&](Socket&) { events.put("second handler"); });
  io.on_disconnecting([&](Socket& socket, std::string_view) {
    socket.disconnect(true);  // again, from inside
    events.put("disconnecting in " + std::to_string(socket.rooms().size()));
  });
  io.on_disconnect([&](Socket& socket, std::string_view reason) {
    events.put(std::string(reason) + " in " + std::to_string(socket.rooms().size()));
  });
  io.on_connection([](Socket& socket) { socket.join("room"); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["leave"])");
  EXPECT_EQ(client.read(), "1");
  EXPECT_EQ(events.take(), "disconnecting in 2");
  EXPECT_EQ(events.take(), "server namespace disconnect in 0");
  EXPECT_TRUE(events.empty());
}

}  // namespace
}  // namespace naru
