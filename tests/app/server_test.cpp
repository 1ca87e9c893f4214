#include "naru/server.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "naru/offload.hpp"
#include "support/running_server.hpp"
#include "support/scratch_directory.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::Mailbox;
using test::RawClient;
using test::request_text;
using test::RunningServer;
using test::SocketIoClient;
using test::WebSocketClient;

class ServerTest : public testing::TestWithParam<unsigned> {
 protected:
  RunningServer server{{.loops = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Loops, ServerTest, testing::Values(1U, 2U));

TEST_P(ServerTest, StopSaysGoodbyeInEachProtocolsWords) {
  Mailbox<std::string> reasons;
  server->ws("/ws", {});
  server->io().on_disconnect([&](Socket&, std::string_view reason) { reasons.put(std::string(reason)); });
  const auto serving = server.start();
  WebSocketClient bare(server.port(), "/ws");
  SocketIoClient socket(server.port());
  socket.connect();

  const std::string path = "/socket.io/?EIO=4&transport=polling";
  RawClient poller(server.port());
  const std::string open = ask(poller, "GET", path).body;
  const std::size_t begin = open.find(R"("sid":")") + 7;
  const std::string mine = path + "&sid=" + open.substr(begin, open.find('"', begin) - begin);
  EXPECT_EQ(ask(poller, "POST", mine, "", "40").body, "ok");
  EXPECT_EQ(ask(poller, "GET", mine).body.substr(0, 2), "40");
  poller.send(request_text("GET", mine));
  RawClient idle(server.port());  // once they are answered, each on its loop, the GET has been read
  RawClient other(server.port());
  EXPECT_EQ(ask(idle, "GET", "/nothing").status, 404);
  EXPECT_EQ(ask(other, "GET", "/nothing").status, 404);

  std::thread stopper([&] { server->stop(20s); });
  EXPECT_EQ(bare.read_close(), 1001);
  EXPECT_TRUE(bare.raw().is_at_end());
  bare.raw().close();  // else the server waits for our end
  EXPECT_TRUE(socket.is_ended());
  socket.raw().close();
  const test::HttpAnswer last = read_answer(poller);
  EXPECT_EQ(last.status, 200);
  EXPECT_EQ(last.body, "1");
  EXPECT_TRUE(idle.is_at_end());
  for (RawClient* client : {&poller, &idle, &other})
    client->close();
  stopper.join();
  server.join();
  EXPECT_EQ(reasons.take(), "server shutting down");
  EXPECT_EQ(reasons.take(), "server shutting down");
  EXPECT_THROW(RawClient(server.port()), std::runtime_error) << "nobody listens any more";
}

TEST_P(ServerTest, AnswerThatIsOwedIsGivenBeforeTheEnd) {
  Mailbox<Response> owed;
  server->get("/", [&](Request, Response response) { owed.put(std::move(response)); });
  const auto serving = server.start();
  RawClient client(server.port());
  client.send(request_text("GET", "/"));
  Response response = owed.take();
  server->stop(20s);
  response.end("in time");
  EXPECT_EQ(read_answer(client).body, "in time");
  client.close();
  server.join();
}

TEST_P(ServerTest, DeadlineCutsWhoDoesNotGo) {
  Mailbox<Response> owed;
  Mailbox<std::uint16_t> closed;
  server->get("/", [&](Request, Response response) { owed.put(std::move(response)); });
  server->ws("/ws",
             {.on_close = [&](WebSocket&, std::uint16_t code, std::string_view) { closed.put(code); }});
  const auto serving = server.start();
  RawClient client(server.port());
  client.send(request_text("GET", "/"));
  WebSocketClient silent(server.port(), "/ws");  // answers no Close
  Response response = owed.take();
  server.stop(50ms);
  EXPECT_TRUE(client.is_at_end());
  closed.take();
  response.end("too late");
}

// What handlers refer to may go once run() has returned: the suspended ones have run out by then.
TEST_P(ServerTest, SuspendedHandlersHaveEndedWhenRunReturns) {
  Mailbox<std::string> ended;
  server->io().on("ask", [&](Socket& socket) -> Task<> {
    const Result<Args> reply = co_await socket.emit_with_ack("sure?");
    auto nothing = [] {};
    co_await offload(nothing);
    ended.put(reply ? "answered" : reply.error().message());
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["ask"])");
  EXPECT_EQ(client.read(), R"(20["sure?"])");
  server.stop(50ms);
  ASSERT_FALSE(ended.empty());
  EXPECT_EQ(ended.take(), "socket has been disconnected");
}

TEST_P(ServerTest, StopInsideAHandler) {
  server->get("/stop", [&](Request, Response response) {
    response.end("bye");
    server->stop();
  });
  const auto serving = server.start();
  EXPECT_EQ(ask(server.port(), "GET", "/stop").body, "bye");
  server.join();
}

TEST_P(ServerTest, StopBeforeRun) {
  server->get("/", [](Request, Response response) { response.end(); });
  server->stop();
  const auto serving = server.start();
  server.join();
}

Server* signalled = nullptr;

TEST_P(ServerTest, StopInsideASignalHandler) {
  server->ws("/ws", {});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/ws");
  signalled = &*server;
  auto* const before = std::signal(SIGUSR1, [](int) { signalled->stop(std::chrono::seconds(20)); });
  std::raise(SIGUSR1);
  EXPECT_EQ(client.read_close(), 1001);
  client.raw().close();
  server.join();
  std::signal(SIGUSR1, before);
}

TEST_P(ServerTest, StopDuringTraffic) {
  Namespace& io = server->io();
  io.on_connection([](Socket& socket) { socket.join("all"); });
  io.on("say", [&](Socket& socket, int number) { socket.to("all").emit("said", number); });
  server->get("/", [](Request, Response response) -> Task<> {
    auto nothing = [] {};
    co_await offload(nothing);
    response.end("x");
  });
  const auto serving = server.start();
  std::vector<std::thread> clients;
  Mailbox<bool> busy;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&, i] {
      try {
        if (i == 0) {
          for (bool is_first = true;; is_first = false) {
            ask(server.port(), "GET", "/");
            if (is_first) busy.put(true);
          }
        }
        SocketIoClient client(server.port());
        client.connect();
        for (int number = 0;; ++number) {
          client.send(R"(2["say",)" + std::to_string(number) + "]");
          if (number == 100) busy.put(true);
        }
      } catch (const std::runtime_error&) {  // the server has gone
      }
    });
  }
  for (int i = 0; i < 4; ++i)
    busy.take();
  server.stop(100ms);
  for (auto& client : clients)
    client.join();
}

TEST_P(ServerTest, ManyStartsAndStops) {
  for (int round = 0; round < 20; ++round) {
    RunningServer one({.loops = GetParam()});
    one->io().on("echo", [](Socket&, Ack ack) { ack(); });
    const auto serving = one.start();
    SocketIoClient client(one.port());
    client.connect();
    client.send(R"(21["echo"])");
    EXPECT_EQ(client.read(), "31[]");
    if (round % 2 == 0) one.stop(0ms);
  }
}

TEST_P(ServerTest, NeverRun) {
  server->io();
  server->listen({.host = "127.0.0.1"});
  RawClient waiting(server->port());
  server.destroy();
  EXPECT_TRUE(waiting.is_at_end());
}

TEST_P(ServerTest, DeferAfterAndEveryRunOnLoop0) {
  Mailbox<std::thread::id> threads;
  Mailbox<int> ticks;
  server->defer([&] {
    threads.put(std::this_thread::get_id());
    throw std::runtime_error("ends here");
  });
  server->after(10ms, [&] { threads.put(std::this_thread::get_id()); });
  server->every(1ms, [&, n = 0]() mutable { ticks.put(++n); });
  const auto serving = server.start();
  const std::thread::id first = threads.take();
  EXPECT_EQ(threads.take(), first);
  for (int i = 1; i <= 3; ++i)
    EXPECT_EQ(ticks.take(), i);
  server->defer([] { throw 42; });
  server->defer([&] { threads.put(std::this_thread::get_id()); });
  EXPECT_EQ(threads.take(), first);
}

TEST_P(ServerTest, SetupThatContradictsItselfThrows) {
  server->get("/a", [](Request, Response) {});
  EXPECT_ANY_THROW(server->get("/a", [](Request, Response) {}));
  server->io({.path = "/one/"});
  EXPECT_THROW(server->io(IoOptions{}), std::logic_error);
  EXPECT_NO_THROW(server->io());
  EXPECT_THROW(server->engine({.path = "/one/"}), std::logic_error);
  EXPECT_THROW(server->io().of("/with,comma"), std::logic_error);
  EXPECT_THROW(server->io().on("disconnect", [](Socket&) {}), std::logic_error);
  EXPECT_THROW(server->io().on("connection", [](Socket&) {}), std::logic_error);
  EXPECT_THROW(server->io().emit("connect"), std::logic_error);
  server->listen({.host = "127.0.0.1"});
  EXPECT_THROW(server->listen({.port = server->port(), .host = "127.0.0.1"}), std::system_error);
  EXPECT_THROW(Server({.loops = 256}), std::logic_error);
}

TEST_P(ServerTest, ListensOnAUnixSocket) {
  const test::ScratchDirectory scratch;
  server->listen({.unix_path = scratch.file("socket")});
  EXPECT_TRUE(std::filesystem::exists(scratch.file("socket")));
}

TEST(ServerLimitTest, ConnectionsFromBothSidesOfTheLimit) {
  RunningServer server({.max_connections = 2});
  server->get("/", [](Request, Response response) { response.end("served"); });
  const auto serving = server.start();
  auto first = std::make_unique<RawClient>(server.port());
  RawClient second(server.port());
  EXPECT_EQ(ask(*first, "GET", "/").body, "served");
  EXPECT_EQ(ask(second, "GET", "/").body, "served");
  RawClient third(server.port());
  EXPECT_TRUE(third.is_at_end());
  first.reset();
  bool is_served = false;
  while (!is_served) {  // until the end of the first has been seen
    try {
      is_served = ask(server.port(), "GET", "/").body == "served";
    } catch (const std::runtime_error&) {
    }
  }
}

TEST(ServerEmbeddingTest, RunsInsideSomebodyElsesLoop) {
  Server server;
  server.get("/", [](Request, Response response) -> Task<> {
    auto work = [] { return std::string("embedded"); };
    const std::string text = co_await offload(work);
    response.end(text);
  });
  server.listen({.host = "127.0.0.1"});
  Mailbox<std::string> answers;
  std::thread client([&] { answers.put(ask(server.port(), "GET", "/").body); });
  while (answers.empty()) {
    pollfd ready{server.poll_fd(), POLLIN, 0};
    ASSERT_GE(::poll(&ready, 1, 100), 0);
    server.poll();
  }
  EXPECT_EQ(answers.take(), "embedded");
  client.join();
  Server two({.loops = 2});
  EXPECT_THROW(two.poll_fd(), std::logic_error);
}

}  // namespace
}  // namespace naru
