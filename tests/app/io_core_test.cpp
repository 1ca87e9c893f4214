#include "app/io_core.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
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

class IoCoreTest : public testing::TestWithParam<unsigned> {
 protected:
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const Namespace& nsp : server->io().namespaces())
      names.emplace_back(nsp.name());
    std::sort(names.begin(), names.end());
    return names;
  }
  // What ends on a loop is seen there: asked for until it is so.
  template <class Holds>
  void wait_until(Holds holds) {
    const auto deadline = std::chrono::steady_clock::now() + test::kPatience;
    while (!holds() && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
    EXPECT_TRUE(holds());
  }
  using Names = std::vector<std::string>;
  RunningServer server{{.loops = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Loops, IoCoreTest, testing::Values(1U, 2U));

TEST_P(IoCoreTest, NamesAreMadeOnceWithOrWithoutTheirSlash) {
  Namespace& io = server->io();
  EXPECT_EQ(&io.of("chat"), &io.of("/chat"));
  EXPECT_EQ(&io.of("/"), &io);
  EXPECT_THROW(io.of("a,b"), std::logic_error);
  EXPECT_THROW(io.of("/" + std::string(512, 'x')), std::logic_error);
  EXPECT_NO_THROW(io.of("/" + std::string(511, 'x')));
}

TEST_P(IoCoreTest, AChildBeginsWithWhatItsParentHasThen) {
  Namespace& parent = server->io().of(Pattern("^/d-"));
  Mailbox<std::string> heard;
  parent.use([&](Socket&) -> Verdict { return heard.put("gate"), allow; });
  parent.on("say", [&](Socket&, std::string text) { heard.put(text); });
  const auto serving = server.start();
  SocketIoClient first(server.port());
  first.connect("/d-1");
  EXPECT_EQ(heard.take(), "gate");
  parent.on("late", [&](Socket&) { heard.put("late"); });
  first.send(R"(2/d-1,["late"])");
  first.send(R"(2/d-1,["say","1"])");
  EXPECT_EQ(heard.take(), "1") << "what is registered later holds for later children, as in the reference";
  SocketIoClient second(server.port());
  second.connect("/d-2");
  EXPECT_EQ(heard.take(), "gate");
  second.send(R"(2/d-2,["late"])");
  EXPECT_EQ(heard.take(), "late");
}

TEST_P(IoCoreTest, AnEmitOnAParentReachesAllChildren) {
  Namespace& io = server->io();
  Namespace& parent = io.of(Pattern("^/d-"));
  const auto serving = server.start();
  SocketIoClient a(server.port());
  SocketIoClient b(server.port());
  SocketIoClient other(server.port());
  a.connect("/d-1");
  const std::string id = b.connect("/d-2");
  other.connect();
  parent.emit("hello", 1);
  EXPECT_EQ(a.read(), R"(2/d-1,["hello",1])");
  EXPECT_EQ(b.read(), R"(2/d-2,["hello",1])");
  parent.in(id).sockets_join("room");
  parent.to("room").emit("in room");
  parent.except("room").emit("outside");
  EXPECT_EQ(b.read(), R"(2/d-2,["in room"])");
  EXPECT_EQ(a.read(), R"(2/d-1,["outside"])");
  EXPECT_EQ(parent.sockets_count(), 2U);
  io.emit("root");
  EXPECT_EQ(other.read(), R"(2["root"])");
  parent.disconnect_sockets();
  EXPECT_EQ(a.read(), "1/d-1,");
  EXPECT_EQ(b.read(), "1/d-2,");
}

TEST_P(IoCoreTest, NobodyIsAskedOnAParent) {
  Namespace& parent = server->io().of(Pattern("^/d-"));
  EXPECT_THROW(parent.fetch_sockets([](std::vector<RemoteSocket>) {}), std::logic_error);
  EXPECT_THROW(static_cast<void>(parent.fetch_sockets()), std::logic_error);
  EXPECT_THROW(parent.to("room").emit_with_reply([](BroadcastReply) {}, "x"), std::logic_error);
  EXPECT_THROW(parent.all_rooms([](std::vector<std::string>) {}), std::logic_error);
  EXPECT_THROW(parent.on_create_room([](std::string_view) {}), std::logic_error);
}

// Two clients, on two loops perhaps, ask at once: one child.
TEST_P(IoCoreTest, ARaceYieldsOneChild) {
  Namespace& io = server->io();
  std::vector<Decision> waiting;
  std::mutex mutex;
  Mailbox<bool> asked;
  Namespace& parent = io.of([&](std::string_view, const Value&, Decision decide) {
    std::lock_guard lock(mutex);
    waiting.push_back(std::move(decide));
    asked.put(true);
  });
  Mailbox<std::string> made;
  io.on_new_namespace([&](Namespace& nsp) { made.put(std::string(nsp.name())); });
  const auto serving = server.start();
  SocketIoClient a(server.port());
  SocketIoClient b(server.port());
  a.send("0/x,");
  b.send("0/x,");
  asked.take();
  asked.take();
  {
    std::lock_guard lock(mutex);
    for (Decision& decide : waiting)
      decide(allow);
  }
  EXPECT_EQ(a.read().front(), '0');
  EXPECT_EQ(b.read().front(), '0');
  EXPECT_EQ(made.take(), "/x");
  EXPECT_TRUE(made.empty());
  EXPECT_EQ(names(), (Names{"/", "/x"}));
  parent.emit("hello");
  EXPECT_EQ(a.read(), R"(2/x,["hello"])");
  EXPECT_EQ(b.read(), R"(2/x,["hello"])");
}

TEST_P(IoCoreTest, NewNamespacesAreToldBeforeTheirFirstClientEnters) {
  Namespace& io = server->io();
  Mailbox<std::string> made;
  io.on_new_namespace([&](Namespace& nsp) {
    made.put(std::string(nsp.name()));
    nsp.on("who", [copy = nsp](Socket&, Ack ack) { ack(copy.name()); });
  });
  io.on_new_namespace([](Namespace&) { throw std::runtime_error("broken"); });
  io.of("/static");
  EXPECT_EQ(made.take(), "/static");
  io.of("/static");
  io.of(Pattern("^/d-"));
  EXPECT_TRUE(made.empty()) << "it was there, and a parent is none";
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect("/d-1");
  EXPECT_EQ(made.take(), "/d-1");
  client.send(R"(2/d-1,1["who"])");
  EXPECT_EQ(client.read(), R"(3/d-1,1["/d-1"])");
  EXPECT_TRUE(made.empty());
}

TEST_P(IoCoreTest, AChildMadeByNameBelongsToItsParent) {
  Namespace& io = server->io();
  Namespace& parent = io.of(Pattern("^/d-"));
  parent.on("say", [](Socket&, Ack ack) { ack("inherited"); });
  io.of("/d-1");
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect("/d-1");
  client.send(R"(2/d-1,1["say"])");
  EXPECT_EQ(client.read(), R"(3/d-1,1["inherited"])");
  parent.emit("all");
  EXPECT_EQ(client.read(), R"(2/d-1,["all"])");
}

TEST_P(IoCoreTest, EmptyChildrenAreCleanedUpWhenAsked) {
  Namespace& io = server->io({.cleanup_empty_child_namespaces = true});
  Namespace& parent = io.of(Pattern("^/d-"));
  parent.use([](Socket& socket) -> Verdict {
    return socket.handshake().auth.get<bool>("refuse") == true ? refuse("no") : Verdict::allowed();
  });
  std::weak_ptr<int> kept;
  io.on_new_namespace([&](Namespace& nsp) {
    auto keep = std::make_shared<int>(1);
    kept = keep;
    nsp.on("x", [copy = nsp, keep](Socket&) {});  // a ring: the namespace keeps what keeps it
  });
  const auto serving = server.start();
  SocketIoClient a(server.port());
  SocketIoClient b(server.port());
  a.connect("/d-1");
  b.connect("/d-1");
  EXPECT_EQ(names(), (Names{"/", "/d-1"}));
  a.send("1/d-1,");
  a.connect();  // after that
  EXPECT_EQ(names(), (Names{"/", "/d-1"}));
  b.send("1/d-1,");
  wait_until([&] { return names() == Names{"/"}; });
  wait_until([&] { return kept.expired(); });
  parent.emit("nobody");
  a.send(R"(0/d-2,{"refuse":true})");
  EXPECT_EQ(a.read(), R"(4/d-2,{"message":"no"})");
  wait_until([&] { return names() == Names{"/"}; });
  a.connect("/d-1");  // again
  EXPECT_EQ(names(), (Names{"/", "/d-1"}));
  io.of("/d-1");  // whoever has a reference finds it there
  a.send("1/d-1,");
  a.connect("/d-2");
  EXPECT_EQ(names(), (Names{"/", "/d-1", "/d-2"}));
}

TEST_P(IoCoreTest, ChildrenStayUnlessCleanUpIsAskedFor) {
  server->io().of(Pattern("^/d-"));
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect("/d-1");
  client.send("1/d-1,");
  client.connect();
  EXPECT_EQ(names(), (Names{"/", "/d-1"}));
}

TEST_P(IoCoreTest, ChildrenAreLimited) {
  server->io({.max_child_namespaces = 2, .cleanup_empty_child_namespaces = true}).of(Pattern("^/d-"));
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect("/d-1");
  client.connect("/d-2");
  client.send("0/d-3,");
  EXPECT_EQ(client.read(), R"(4/d-3,{"message":"too many namespaces"})");
  SocketIoClient other(server.port());
  other.connect("/d-2");
  client.send("1/d-1,");
  client.connect("/d-3");
}

// The dead are not counted, and a socket's end is.
TEST_P(IoCoreTest, SocketsAreCounted) {
  Namespace& io = server->io();
  Mailbox<std::size_t> counts;
  io.on_connection([&](Socket& socket) { counts.put(socket.nsp().sockets_count()); });
  const auto serving = server.start();
  EXPECT_EQ(io.sockets_count(), 0U);
  SocketIoClient a(server.port());
  a.connect();
  EXPECT_EQ(counts.take(), 1U);
  {
    SocketIoClient b(server.port());
    b.connect();
    EXPECT_EQ(counts.take(), 2U);
  }
  wait_until([&] { return io.sockets_count() == 1; });
}

TEST_P(IoCoreTest, AHandleOutlivesItsServer) {
  Namespace copy = server->io();
  const auto serving = server.start();
  server.destroy();
  copy.emit("nobody");
  EXPECT_TRUE(copy.namespaces().empty());
  EXPECT_THROW(copy.of("/x"), std::logic_error);
  copy.disconnect_identity("nobody");
}

}  // namespace
}  // namespace naru
