// Remote sockets: what fetch_sockets() finds (src/app/fetch_sockets.cpp) and what can be done with it.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "naru/broadcast.hpp"
#include "support/running_server.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

// Has a codec, and so is shown.
struct Player {
  std::string name;
  int score = 0;
};
struct Secret {
  int number = 0;
};

}  // namespace

template <>
struct Codec<Player> {
  static void encode(ArgumentWriter& out, const Player& player) {
    out.begin_object();
    out.member("name", player.name);
    out.member("score", player.score);
    out.end_object();
  }
};

namespace {

using namespace std::chrono_literals;
using test::Mailbox;
using test::RunningServer;
using test::SocketIoClient;

class FetchSocketsTest : public testing::TestWithParam<unsigned> {
 protected:
  std::vector<RemoteSocket> fetch(const Broadcast& whom) {
    Mailbox<std::vector<RemoteSocket>> found;
    whom.fetch_sockets([&](std::vector<RemoteSocket> sockets) { found.put(std::move(sockets)); });
    return found.take();
  }
  RunningServer server{{.loops = GetParam()}};
  Namespace& io = server->io();
};
INSTANTIATE_TEST_SUITE_P(Loops, FetchSocketsTest, testing::Values(1U, 2U));

TEST(DataType, IsShownWhenAllThatItHoldsCanBeWritten) {
  EXPECT_TRUE(detail::kIsWritable<Player>);
  EXPECT_FALSE(detail::kIsWritable<Secret>);
  EXPECT_TRUE((detail::kIsWritable<std::vector<std::optional<Player>>>));
  EXPECT_FALSE((detail::kIsWritable<std::vector<std::optional<Secret>>>));
  EXPECT_FALSE((detail::kIsWritable<std::map<std::string, Secret>>));
  EXPECT_TRUE((detail::kIsWritable<std::pair<int, Player>>));
  EXPECT_FALSE((detail::kIsWritable<std::tuple<int, Secret>>));
  EXPECT_TRUE(detail::kDataType<Secret>.write == nullptr);
}

TEST_P(FetchSocketsTest, ShowsWhoItIs) {
  io.on_connection([](Socket& socket) {
    socket.join("red");
    const auto name = socket.handshake().auth.get<std::string>("name");
    if (name) socket.data<Player>() = {*name, 7};
  });
  const auto serving = server.start();
  SocketIoClient a(server.port());
  SocketIoClient b(server.port());
  const std::string id = a.connect("/", R"({"name":"ada"})");
  const std::string other = b.connect();
  std::vector<RemoteSocket> found = fetch(io.in(id));
  ASSERT_EQ(found.size(), 1U);
  std::sort(found[0].rooms.begin(), found[0].rooms.end());
  std::vector<std::string> rooms{id, "red"};
  std::sort(rooms.begin(), rooms.end());
  EXPECT_EQ(found[0].id, id);
  EXPECT_EQ(found[0].rooms, rooms);
  EXPECT_EQ(found[0].handshake.auth.get<std::string>("name"), "ada");
  EXPECT_EQ(found[0].data.text(), R"({"name":"ada","score":7})");
  EXPECT_TRUE(fetch(io.in(other))[0].data.is_null()) << "it has none";
  EXPECT_EQ(fetch(io.in("red")).size(), 2U);
}

TEST_P(FetchSocketsTest, DataWithoutACodecIsNotShown) {
  io.on_connection([](Socket& socket) { socket.data<Secret>().number = 1; });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  EXPECT_TRUE(fetch(io.everybody())[0].data.is_null());
}

TEST_P(FetchSocketsTest, ARemoteSocketDoesWhatItIsTold) {
  const auto serving = server.start();
  SocketIoClient client(server.port());
  SocketIoClient other(server.port());
  const std::string id = client.connect();
  other.connect();
  const RemoteSocket remote = fetch(io.in(id)).at(0);
  remote.emit("hello", 1, "two");
  EXPECT_EQ(client.read(), R"(2["hello",1,"two"])");
  remote.compress(false).volatile_().emit("plain");
  EXPECT_EQ(client.read(), R"(2["plain"])");
  remote.join("room");
  io.to("room").emit("in");
  EXPECT_EQ(client.read(), R"(2["in"])");
  remote.leave("room");
  io.to("room").emit("out");
  remote.disconnect();
  EXPECT_EQ(client.read(), "1");
  io.emit("rest");
  EXPECT_EQ(other.read(), R"(2["rest"])");
}

TEST_P(FetchSocketsTest, ARemoteSocketHasOneAnswer) {
  const auto serving = server.start();
  SocketIoClient client(server.port());
  const std::string id = client.connect();
  const RemoteSocket remote = fetch(io.in(id)).at(0);
  Mailbox<Result<Args>> answers;
  auto note = [&](Result<Args> answer) { answers.put(std::move(answer)); };
  remote.emit("sure?", 1, note);
  EXPECT_EQ(client.read(), R"(20["sure?",1])");
  client.send(R"(30["yes",2])");
  EXPECT_EQ(answers.take()->get<std::string>(0), "yes");
  remote.timeout(10ms).emit("silence", note);
  EXPECT_EQ(client.read(), R"(21["silence"])");
  EXPECT_EQ(answers.take().error().code(), errc::timed_out);
  client.send("1");
  client.connect();
  remote.emit("anybody?", note);
  EXPECT_EQ(answers.take().error().code(), errc::disconnected);
}

TEST_P(FetchSocketsTest, ARemoteSocketIsAwaited) {
  Mailbox<std::string> answers;
  io.on("ask", [&](Socket& socket) -> Task<> {
    const std::vector<RemoteSocket> found = co_await io.in(socket.id()).fetch_sockets();
    const Result<Args> answer = co_await found.at(0).emit_with_ack("sure?");
    answers.put(answer ? answer->get<std::string>(0).value_or("") : "none");
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect();
  client.send(R"(2["ask"])");
  EXPECT_EQ(client.read(), R"(20["sure?"])");
  client.send(R"(30["yes"])");
  EXPECT_EQ(answers.take(), "yes");
}

}  // namespace
}  // namespace naru
