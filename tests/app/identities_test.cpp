#include "app/identities.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "support/running_server.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

using test::Mailbox;
using test::RunningServer;
using test::SocketIoClient;

class IdentitiesTest : public testing::TestWithParam<unsigned> {
 protected:
  RunningServer server{{.loops = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Loops, IdentitiesTest, testing::Values(1U, 2U));

TEST_P(IdentitiesTest, OneCallEndsAllConnectionsOfAnIdentity) {
  Namespace& io = server->io();
  auto name = [](Socket& socket) -> Verdict {
    return allow.as(socket.handshake().auth.get<std::string>("name").value_or(""));
  };
  io.use(name);
  io.of("/other").use(name);
  Mailbox<std::string> reasons;
  io.on_disconnect([&](Socket& socket, std::string_view reason) {
    reasons.put(socket.identity() + ": " + std::string(reason));
  });
  const auto serving = server.start();
  SocketIoClient ada1(server.port());
  SocketIoClient ada2(server.port());
  SocketIoClient bob(server.port());
  ada1.connect("/", R"({"name":"ada"})");
  ada2.connect("/other", R"({"name":"ada"})");
  ada2.connect("/", R"({"name":"nobody"})");
  bob.connect("/", R"({"name":"bob"})");
  io.disconnect_identity("ada");
  EXPECT_TRUE(ada1.is_ended());
  EXPECT_TRUE(ada2.is_ended()) << "the whole connection, though another socket of it has another name";
  const auto expected = std::pair("ada: server namespace disconnect", "nobody: server namespace disconnect");
  const std::string first = reasons.take();
  const std::string second = reasons.take();
  EXPECT_TRUE((first == expected.first && second == expected.second) ||
              (first == expected.second && second == expected.first))
      << first << second;
  io.disconnect_identity("ada");  // nobody any more
  io.disconnect_identity("");     // nobody in particular is nobody
  io.emit("still here");
  EXPECT_EQ(bob.read(), R"(2["still here"])");
}

TEST_P(IdentitiesTest, AlsoBeforeItIsLetIn) {
  Namespace& io = server->io();
  Mailbox<Decision> waiting;
  io.use([](Socket&) -> Verdict { return allow.as("ada"); });
  io.use([&](Socket&, Decision decide) { waiting.put(std::move(decide)); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.send("0");
  Decision decide = waiting.take();
  io.disconnect_identity("ada");
  EXPECT_TRUE(client.is_ended());
  decide(allow);
}

// Refusing is the gate's word; a disconnect there means nothing, as in the reference.
TEST_P(IdentitiesTest, ADisconnectInAGateIsIgnored) {
  Namespace& io = server->io();
  io.use([](Socket& socket) -> Verdict {
    socket.disconnect();
    socket.disconnect(true);
    return socket.handshake().auth.get<bool>("refuse") == true ? refuse("no") : Verdict::allowed();
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.send(R"(0{"refuse":true})");
  EXPECT_EQ(client.read(), R"(4{"message":"no"})");
  client.connect();
}

}  // namespace
}  // namespace naru
