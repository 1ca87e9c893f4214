#include "naru/namespace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "naru/engine.hpp"
#include "support/running_server.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

using test::Mailbox;
using test::RunningServer;
using test::SocketIoClient;

class NamespaceTest : public testing::TestWithParam<unsigned> {
 protected:
  using Names = std::vector<std::string>;
  RunningServer server{{.loops = GetParam()}};
  Namespace& io = server->io();
};
INSTANTIATE_TEST_SUITE_P(Loops, NamespaceTest, testing::Values(1U, 2U));

TEST_P(NamespaceTest, RoomsThatChangeAreTold) {
  Mailbox<std::string> told;
  io.on_create_room([&](std::string_view room) { told.put("create " + std::string(room)); });
  io.on_delete_room([&](std::string_view room) { told.put("delete " + std::string(room)); });
  auto with_id = [&](const char* what) {
    return [&, what](std::string_view room, std::string_view id) {
      told.put(what + std::string(room) + " " + std::string(id));
    };
  };
  io.on_join_room(with_id("join "));
  io.on_leave_room(with_id("leave "));
  io.on_leave_room([](std::string_view, std::string_view) { throw std::runtime_error("broken"); });
  io.on("join", [](Socket& socket, std::string room) { socket.join(std::move(room)); });
  io.on("leave", [](Socket& socket, std::string room) { socket.leave(std::move(room)); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  const std::string id = client.connect();
  EXPECT_EQ(told.take(), "create " + id);
  EXPECT_EQ(told.take(), "join " + id + " " + id);
  client.send(R"(2["join","a"])");
  client.send(R"(2["join","a"])");
  client.send(R"(2["leave","a"])");
  client.send(R"(2["join","b"])");
  for (const std::string expected : {"create a", "join a ", "leave a ", "delete a", "create b", "join b "})
    EXPECT_EQ(told.take(), expected.back() == ' ' ? expected + id : expected);
  client.send("1");
  for (const std::string& expected :
       {"leave b " + id, std::string("delete b"), "leave " + id + " " + id, "delete " + id})
    EXPECT_EQ(told.take(), expected);
}

// Whoever is told of a new socket's own room may throw it out at once.
TEST_P(NamespaceTest, AListenerToRoomsMayThrowOut) {
  io.on_join_room([&](std::string_view room, std::string_view id) {
    if (room == id) io.in(std::string(id)).disconnect_sockets(true);
  });
  Mailbox<bool> connected;
  io.on_connection([&](Socket&) { connected.put(true); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.send("0");
  EXPECT_TRUE(client.is_ended());
  EXPECT_TRUE(connected.empty());
}

TEST_P(NamespaceTest, AllRoomsAreListed) {
  Mailbox<Names> found;
  io.on("rooms", [&](Socket& socket) -> Task<> {
    socket.join(Names{"a", "b"});
    Names rooms = co_await io.all_rooms();
    std::sort(rooms.begin(), rooms.end());
    found.put(std::move(rooms));
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  const std::string id = client.connect();
  client.send(R"(2["rooms"])");
  Names expected{id, "a", "b"};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(found.take(), expected);
}

TEST_P(NamespaceTest, AloneNobodyAnswersForAServer) {
  Mailbox<std::size_t> answers;
  io.on("ask", [&](Socket&) -> Task<> {
    const BroadcastReply reply = co_await io.server_side_emit_with_ack("hello", 1);
    EXPECT_FALSE(reply.error);
    answers.put(reply.answers.size());
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  io.server_side_emit("hello", 1, "two");
  client.send(R"(2["ask"])");
  EXPECT_EQ(answers.take(), 0U);
  EXPECT_THROW(io.server_side_emit("connect"), std::logic_error);
}

TEST_P(NamespaceTest, ASocketKnowsWhereItIsAndWhatCarriesIt) {
  Mailbox<bool> checked;
  std::optional<Socket> kept;
  io.of("/x").on("check", [&](Socket& socket) {
    EXPECT_EQ(socket.nsp(), io.of("/x"));
    EXPECT_FALSE(socket.nsp() == io);
    EXPECT_FALSE(socket.recovered());
    EXPECT_FALSE(socket.disconnected());
    EXPECT_EQ(socket.conn().transport(), "websocket");
    EXPECT_EQ(socket.conn(), socket.conn());
    EXPECT_NE(socket.conn().id(), socket.id());
    EXPECT_TRUE(socket.conn().open());
    kept = socket;
    socket.conn().close();
    checked.put(true);
  });
  Mailbox<bool> ended;
  io.of("/x").on_disconnect([&](Socket& socket, std::string_view) {
    EXPECT_TRUE(socket.disconnected());
    ended.put(true);
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect("/x");
  client.send(R"(2/x,["check"])");
  checked.take();
  EXPECT_TRUE(client.is_ended());
  ended.take();
  EXPECT_FALSE(kept->conn().open());
  kept.reset();
}

TEST_P(NamespaceTest, CloseEndsItsConnectionsAndNothingElse) {
  Mailbox<std::string> reasons;
  auto note = [&](Socket& socket, std::string_view reason) {
    EXPECT_TRUE(socket.connected() == false);
    reasons.put(std::string(socket.namespace_name()) + " " + std::string(reason));
  };
  io.on_disconnect(note);
  io.of("/x").on_disconnect(note);
  server->get("/alive", [](Request, Response response) { response.end("yes"); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.connect("/x");
  io.emit("last words");
  io.of("/x").close();
  EXPECT_EQ(client.read(), R"(2["last words"])");
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(reasons.take(), "/ server shutting down");
  EXPECT_EQ(reasons.take(), "/x server shutting down");
  EXPECT_THROW(SocketIoClient again(server.port()), std::runtime_error);
  test::RawClient http(server.port());
  http.send("GET /alive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_NE(http.read_to_end().find("yes"), std::string::npos);
  io.close();  // again: nothing
}

TEST_P(NamespaceTest, NothingIsCompressedUnlessTheTransportDoes) {
  io.on("go", [&](Socket& socket) {
    socket.compress(false).emit("one", 1);
    socket.compress(true).emit("two", 2);
    io.compress(false).emit("three", 3);
    io.to(socket.id()).compress(false).emit("four", 4);
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["go"])");
  for (const char* expected : {R"(2["one",1])", R"(2["two",2])", R"(2["three",3])", R"(2["four",4])"})
    EXPECT_EQ(client.read(), expected);
}

TEST_P(NamespaceTest, PrependedConnectionHandlersRunFirst) {
  io.on_connection([](Socket& socket) { socket.emit("second"); });
  io.prepend_connection([](Socket& socket) { socket.emit("first"); });
  const HandlerId never = io.prepend_connection([](Socket& socket) { socket.emit("never"); });
  EXPECT_TRUE(io.off(never));
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  EXPECT_EQ(client.read(), R"(2["first"])");
  EXPECT_EQ(client.read(), R"(2["second"])");
}

TEST_P(NamespaceTest, KnowsItsServerAndWhatThatWasMadeWith) {
  EXPECT_EQ(&io.server(), &*server);
  EXPECT_EQ(&io.of("/other").server(), &*server);
  EXPECT_EQ(io.of("/other").options().path, "/socket.io/");
}

}  // namespace
}  // namespace naru
