#include "app/handlers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/running_server.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

using test::Mailbox;
using test::RunningServer;
using test::SocketIoClient;

TEST(HandlerTable, RemovesByIdWhateverKindItIs) {
  app::HandlerTable table;
  auto handler = std::make_shared<const app::Registered<EventHandler>>(make_event_handler([](Socket&) {}));
  auto reason = std::make_shared<const app::Registered<app::ReasonHandler>>(
      app::ReasonHandler([](Socket&, std::string_view) {}));
  auto outgoing = std::make_shared<const app::Registered<app::AnyHandler>>(
      app::AnyHandler([](Socket&, std::string_view, const ArgsView&) {}));
  table.events["x"].push_back(handler);
  table.disconnect.push_back(reason);
  table.any_outgoing.push_back(outgoing);
  table.watch = std::make_shared<const char>();
  EXPECT_FALSE(table.remove(HandlerId()));
  EXPECT_FALSE(table.remove(HandlerId::next()));
  EXPECT_TRUE(table.remove(handler->id));
  EXPECT_FALSE(table.remove(handler->id));
  EXPECT_EQ(table.find("x"), nullptr);
  EXPECT_TRUE(table.remove(reason->id));
  EXPECT_TRUE(table.watch != nullptr);
  EXPECT_TRUE(table.remove(outgoing->id));
  EXPECT_TRUE(table.watch == nullptr) << "nobody listens to what goes out any more";
}

TEST(HandlerTable, OnceIsClaimedOnce) {
  app::Registered<int> once(1, true);
  EXPECT_TRUE(once.claim());
  EXPECT_FALSE(once.claim());
  app::Registered<int> always(1);
  EXPECT_TRUE(always.claim());
  EXPECT_TRUE(always.claim());
}

class HandlersTest : public testing::TestWithParam<unsigned> {
 protected:
  // What has been noted when everything that was sent has been handled.
  std::vector<std::string> notes(SocketIoClient& client) {
    client.send(R"(299["sync"])");
    EXPECT_EQ(client.read(), "399[]");
    std::vector<std::string> all;
    while (!log.empty())
      all.push_back(log.take());
    return all;
  }
  auto noting(std::string text) {
    return [this, text = std::move(text)](Socket&) { log.put(text); };
  }
  auto noting_any(std::string text) {
    return [this, text = std::move(text)](Socket&, std::string_view event, const ArgsView& args) {
      if (event != "sync") log.put(text + " " + std::string(event) + " " + std::to_string(args.size()));
    };
  }
  void SetUp() override {
    io.on("sync", [](Socket&, Ack ack) { ack(); });
  }
  using Notes = std::vector<std::string>;
  RunningServer server{{.loops = GetParam()}};
  Namespace& io = server->io();
  Mailbox<std::string> log;
};
INSTANTIATE_TEST_SUITE_P(Loops, HandlersTest, testing::Values(1U, 2U));

TEST_P(HandlersTest, OnceIsForTheFirstEventAndOffRemoves) {
  io.once("x", noting("namespace once"));
  const HandlerId always = io.on("x", noting("namespace"));
  HandlerId own;
  io.on_connection([&](Socket& socket) {
    socket.once("x", noting("once"));
    own = socket.on("x", noting("own"));
    socket.on("off", [&](Socket& who) {
      EXPECT_TRUE(who.off(own));
      EXPECT_FALSE(who.off(own));
      EXPECT_FALSE(who.off(always)) << "it is the namespace's";
      EXPECT_TRUE(io.off(always));
      EXPECT_FALSE(io.off(always));
    });
    socket.on("off all", [](Socket& who) { who.off("y"); });
    socket.on("y", noting("y1"));
    socket.on("y", noting("y2"));
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["x"])");
  client.send(R"(2["x"])");
  EXPECT_EQ(notes(client), (Notes{"namespace once", "namespace", "once", "own", "namespace", "own"}));
  client.send(R"(2["off"])");
  client.send(R"(2["x"])");
  EXPECT_EQ(notes(client), Notes());
  client.send(R"(2["y"])");
  client.send(R"(2["off all"])");
  client.send(R"(2["y"])");
  EXPECT_EQ(notes(client), (Notes{"y1", "y2"}));
}

// A handler that is called once is spent by the first event, though it was not his.
TEST_P(HandlersTest, OnceIsSpentByArgumentsThatDoNotDecode) {
  io.once("number", [&](Socket&, int) { log.put("called"); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["number","no"])");
  client.send(R"(2["number",1])");
  EXPECT_EQ(notes(client), Notes());
}

TEST_P(HandlersTest, CatchAllsComeInOrderAndGo) {
  io.on_any(noting_any("nsp 2"));
  const HandlerId first = io.prepend_any(noting_any("nsp 1"));
  io.on_connection([&](Socket& socket) {
    socket.on_any(noting_any("own 2"));
    const HandlerId id = socket.prepend_any(noting_any("own 1"));
    socket.on("off one", [id](Socket& who) { EXPECT_TRUE(who.off_any(id)); });
    socket.on("off all", [&, first](Socket& who) {
      who.off_any();
      EXPECT_TRUE(io.off_any(first));
    });
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(21["a",1,2])");
  EXPECT_EQ(notes(client), (Notes{"nsp 1 a 2", "nsp 2 a 2", "own 1 a 2", "own 2 a 2"}));
  client.send(R"(2["off one"])");
  notes(client);
  client.send(R"(2["b"])");
  EXPECT_EQ(notes(client), (Notes{"nsp 1 b 0", "nsp 2 b 0", "own 2 b 0"}));
  client.send(R"(2["off all"])");
  notes(client);
  client.send(R"(2["c"])");
  EXPECT_EQ(notes(client), (Notes{"nsp 2 c 0"}));
}

TEST_P(HandlersTest, OfSeveralHandlersTheFirstAnswerCounts) {
  io.on("all", [](Socket&, Ack ack) { ack("namespace"); });
  Mailbox<Ack> kept;
  io.on("later", [&](Socket&, Ack ack) { kept.put(std::move(ack)); });
  io.on("mixed", [](Socket&, int, Ack ack) { ack("a number"); });
  io.on("mixed", [](Socket&, std::string, Ack ack) { ack("a text"); });
  io.on_connection([](Socket& socket) {
    socket.on("all", [](Socket&, Ack ack) { EXPECT_EQ(ack("own"), SendStatus::dropped); });
    socket.on("later", [](Socket&, Ack ack) { ack("own"); });
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(21["all"])");
  EXPECT_EQ(client.read(), R"(31["namespace"])");
  client.send(R"(22["later"])");
  EXPECT_EQ(client.read(), R"(32["own"])") << "the first that answers, not the first that could";
  EXPECT_EQ(kept.take()("late"), SendStatus::dropped);
  client.send(R"(23["mixed","x"])");
  EXPECT_EQ(client.read(), R"(33["a text"])") << "one of them can";
  client.send(R"(24["mixed",null])");
  EXPECT_EQ(client.read(), R"(34[{"error":"bad arguments","event":"mixed"}])");
  EXPECT_EQ(notes(client), Notes()) << "and nobody twice";
}

}  // namespace
}  // namespace naru
