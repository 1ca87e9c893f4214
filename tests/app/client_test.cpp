#include "app/client.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/running_server.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::Mailbox;
using test::RawClient;
using test::RunningServer;
using test::SocketIoClient;

class ClientTest : public testing::TestWithParam<unsigned> {
 protected:
  RunningServer server{{.loops = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Loops, ClientTest, testing::Values(1U, 2U));

TEST_P(ClientTest, NamespacesShareAConnection) {
  Namespace& io = server->io();
  for (const char* name : {"/", "/chat"}) {
    io.of(name).on("where", [](Socket& socket, Ack ack) { ack(socket.namespace_name()); });
  }
  const auto serving = server.start();
  SocketIoClient client(server.port());
  const std::string main_id = client.connect();
  const std::string chat_id = client.connect("/chat");
  EXPECT_NE(main_id, chat_id);
  client.send(R"(21["where"])");
  EXPECT_EQ(client.read(), R"(31["/"])");
  client.send(R"(2/chat,1["where"])");
  EXPECT_EQ(client.read(), R"(3/chat,1["/chat"])");
  io.of("/chat").emit("only chat");
  EXPECT_EQ(client.read(), R"(2/chat,["only chat"])");
  client.send("1");
  client.send(R"(2/chat,2["where"])");
  EXPECT_EQ(client.read(), R"(3/chat,2["/chat"])");
}

TEST_P(ClientTest, UnknownNamespaceIsRefused) {
  server->io();
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.send("0/unknown,");
  EXPECT_EQ(client.read(), R"(4/unknown,{"message":"Invalid namespace"})");
  client.connect();
}

TEST_P(ClientTest, NamespacesFromBothSidesOfTheLimit) {
  Namespace& io = server->io({.max_namespaces_per_connection = 2});
  io.of("/a");
  io.of("/b");
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.connect("/a");
  client.send("0/b,");
  EXPECT_EQ(client.read(), R"(4/b,{"message":"too many namespaces"})");
  client.send("1/a,");
  client.connect("/b");
}

TEST_P(ClientTest, WhoJoinsNoNamespaceInTimeIsClosed) {
  server->io({.connect_timeout = 50ms});
  const auto serving = server.start();
  SocketIoClient idle(server.port());
  EXPECT_TRUE(idle.is_ended());
}

TEST_P(ClientTest, WhoJoinsInTimeStays) {
  Namespace& io = server->io({.connect_timeout = 1s});
  io.on("here", [](Socket&, Ack ack) { ack(); });
  const auto serving = server.start();
  SocketIoClient idle(server.port());
  SocketIoClient joined(server.port());
  joined.connect();
  EXPECT_TRUE(idle.is_ended()) << "so the time is over for the other one as well";
  joined.send(R"(21["here"])");
  EXPECT_EQ(joined.read(), "31[]");
}

TEST_P(ClientTest, BrokenProtocolEndsTheConnection) {
  server->io();
  const auto serving = server.start();
  for (const char* packet :
       {"9", R"(2/none,["unjoined"])", "2[", "x", "3/none,1[]", "0", "2[]", R"(2["connect"])"}) {
    SocketIoClient client(server.port());
    client.connect();
    client.send(packet);
    EXPECT_TRUE(client.is_ended()) << packet;
  }
}

TEST_P(ClientTest, PollingClientIsServedToo) {
  Namespace& io = server->io();
  io.on("echo", [](Socket&, std::string text, Ack ack) { ack(text); });
  const auto serving = server.start();
  // Each request on a connection of its own: with two loops half of them are handed over.
  const std::string path = "/socket.io/?EIO=4&transport=polling";
  const std::string open = ask(server.port(), "GET", path).body;
  const std::size_t begin = open.find(R"("sid":")") + 7;
  const std::string sid = open.substr(begin, open.find('"', begin) - begin);
  const std::string mine = path + "&sid=" + sid;
  EXPECT_EQ(ask(server.port(), "POST", mine, "", "40").body, "ok");
  EXPECT_EQ(ask(server.port(), "GET", mine).body.substr(0, 2), "40");
  for (int i = 0; i < 6; ++i) {
    const std::string number = std::to_string(i);
    EXPECT_EQ(ask(server.port(), "POST", mine, "", "42" + number + R"(["echo","x"])").body, "ok");
    EXPECT_EQ(ask(server.port(), "GET", mine).body, "43" + number + R"(["x"])");
  }
}

// Everything that was sent behind a request goes with the connection to the loop of its session.
TEST_P(ClientTest, PipelinedRequestsMoveWithTheirConnection) {
  Namespace& io = server->io();
  io.on("number", [](Socket& socket, int number) { socket.emit("number", number); });
  server->get("/plain/:n", [](Request request, Response response) { response.end(request.param("n")); });
  const auto serving = server.start();
  const std::string path = "/socket.io/?EIO=4&transport=polling";
  for (int round = 0; round < 10; ++round) {
    const std::string open = ask(server.port(), "GET", path).body;
    const std::size_t begin = open.find(R"("sid":")") + 7;
    const std::string mine = path + "&sid=" + open.substr(begin, open.find('"', begin) - begin);
    RawClient client(server.port());
    RawClient beside(server.port());  // of two in a row one is on another loop than the session
    for (RawClient* one : {&client, &beside}) {
      const bool is_first = one == &client;
      std::string all =
          is_first ? test::request_text("POST", mine, "", "40") + test::request_text("GET", mine) : "";
      const int base = is_first ? 0 : 10;
      for (int i = base; i < base + 3; ++i) {
        all += test::request_text("POST", mine, "", R"(42["number",)" + std::to_string(i) + "]");
        all += test::request_text("GET", "/plain/" + std::to_string(i));
        all += test::request_text("GET", mine);
      }
      one->send(all);
      if (is_first) {
        EXPECT_EQ(read_answer(*one).body, "ok");
        EXPECT_EQ(read_answer(*one).body.substr(0, 2), "40");
      }
      for (int i = base; i < base + 3; ++i) {
        EXPECT_EQ(read_answer(*one).body, "ok");
        EXPECT_EQ(read_answer(*one).body, std::to_string(i));
        EXPECT_EQ(read_answer(*one).body, R"(42["number",)" + std::to_string(i) + "]");
      }
    }
  }
}

TEST_P(ClientTest, ServesTheClientLibrary) {
  server->io();
  const auto serving = server.start();
  const test::HttpAnswer script = ask(server.port(), "GET", "/socket.io/socket.io.min.js");
  EXPECT_EQ(script.status, 200);
  EXPECT_NE(script.field("content-type").value_or("").find("javascript"), std::string::npos);
  const std::string tag = script.field("etag").value_or("");
  EXPECT_EQ(ask(server.port(), "GET", "/socket.io/socket.io.min.js", "If-None-Match: " + tag + "\r\n").status,
            304);
}

TEST_P(ClientTest, TheClientLibraryMayStayAway) {
  server->io({.serve_client = false});
  const auto serving = server.start();
  EXPECT_EQ(ask(server.port(), "GET", "/socket.io/socket.io.min.js").status, 400);  // Engine.IO's own answer
}

TEST_P(ClientTest, ForeignOriginIsRefusedUnlessAllowed) {
  server->io({.cors = {.origin = {"https://friend.example"}}});
  const auto serving = server.start();
  const std::string path = "/socket.io/?EIO=4&transport=polling";
  const auto foreign = ask(server.port(), "GET", path, "Origin: https://foreign.example\r\n");
  EXPECT_EQ(foreign.status, 403);
  const auto friendly = ask(server.port(), "GET", path, "Origin: https://friend.example\r\n");
  EXPECT_EQ(friendly.status, 200);
  EXPECT_EQ(friendly.field("access-control-allow-origin"), "https://friend.example");
  EXPECT_THROW(SocketIoClient(server.port(), "Origin: https://foreign.example\r\n"), std::runtime_error);
  SocketIoClient(server.port(), "Origin: https://friend.example\r\n").connect();
}

}  // namespace
}  // namespace naru
