#include "app/recovery.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "support/running_server.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

using namespace std::chrono_literals;
using test::Mailbox;
using test::RunningServer;
using test::SocketIoClient;

struct Player {
  static constexpr bool keep_on_recovery = true;
  std::string name;
};
struct Secret {
  int number = 0;
};
static_assert(keep_on_recovery<Player> && !keep_on_recovery<Secret> && !keep_on_recovery<int>);

}  // namespace
}  // namespace naru

template <>
struct naru::Codec<naru::Player> {
  static void encode(ArgumentWriter& out, const Player& player) { out.string(player.name); }
  static bool decode(const Argument& in, Player& player) { return in.string(player.name); }
};

namespace naru {
namespace {

// The text between `before` and the next quote.
std::string part_of(const std::string& packet, const std::string& before) {
  const std::size_t begin = packet.find(before);
  if (begin == std::string::npos) throw std::runtime_error("no " + before + " in " + packet);
  return packet.substr(begin + before.size(),
                       packet.find('"', begin + before.size()) - begin - before.size());
}

// The position at the end of an event.
std::string offset_of(const std::string& packet) {
  return part_of(packet, packet.substr(0, packet.rfind('"', packet.size() - 3) + 1));
}

class RecoveryTest : public testing::TestWithParam<unsigned> {
 protected:
  static IoOptions with_recovery() {
    IoOptions options;
    options.recovery_window = 2min;
    return options;
  }
  // Connects with this, and says what came before the answer and the answer.
  static std::vector<std::string> come(SocketIoClient& client, const std::string& auth) {
    client.send("0" + auth);
    std::vector<std::string> packets;
    do
      packets.push_back(client.read());
    while (packets.back().front() != '0');
    return packets;
  }
  static std::string back(const std::string& pid, const std::string& offset) {
    return R"({"pid":")" + pid + R"(","offset":")" + offset + R"("})";
  }
  // Connects, gets an event, and is cut off: the pid and the offset are left.
  struct Lost {
    std::string sid;
    std::string pid;
    std::string offset;
  };
  Lost lose(std::uint16_t port, Mailbox<std::string>& gone, const std::string& first = R"(2["hello")") {
    SocketIoClient client(port);
    const std::string answer = come(client, "").back();
    Lost lost{part_of(answer, R"("sid":")"), part_of(answer, R"("pid":")"), {}};
    const std::string event = client.read();
    EXPECT_TRUE(event.starts_with(first)) << event;
    lost.offset = offset_of(event);
    client.raw().close();
    gone.take();
    return lost;
  }

  RunningServer server{{.loops = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Loops, RecoveryTest, testing::Values(1U, 2U));

TEST_P(RecoveryTest, KeepsDataThatAsksForItAndWhoItIs) {
  Namespace& io = server->io(with_recovery());
  Mailbox<std::string> gone;
  Mailbox<std::string> seen;
  io.use([](Socket& socket) -> Verdict {
    return allow.as("user:" + socket.handshake().auth.get<std::string>("name").value_or("ann"));
  });
  io.on_connection([&](Socket& socket) {
    const bool recovered = socket.recovered();
    if (!recovered) socket.data<Player>().name = "Ann";
    seen.put(std::string(recovered ? "again " : "new ") + socket.identity() + " " +
             socket.data<Player>().name);
    socket.emit("hello", 1);
  });
  io.on_disconnect([&](Socket&, std::string_view reason) { gone.put(std::string(reason)); });
  const auto serving = server.start();
  const Lost lost = lose(server.port(), gone);
  EXPECT_EQ(seen.take(), "new user:ann Ann");
  std::string offset = lost.offset;
  for (int round = 0; round < 3; ++round) {
    SocketIoClient client(server.port());
    const auto packets =
        come(client, R"({"name":"bob","pid":")" + lost.pid + R"(","offset":")" + offset + R"("})");
    EXPECT_EQ(packets,
              (std::vector<std::string>{R"(0{"sid":")" + lost.sid + R"(","pid":")" + lost.pid + R"("})"}));
    EXPECT_EQ(seen.take(), "again user:ann Ann");
    offset = offset_of(client.read());
    client.raw().close();
    EXPECT_EQ(gone.take(), "transport close");
  }
}

TEST_P(RecoveryTest, DataThatDoesNotAskIsNew) {
  Namespace& io = server->io(with_recovery());
  Mailbox<std::string> gone;
  io.on_connection([&](Socket& socket) { socket.emit("hello", ++socket.data<Secret>().number); });
  io.on_disconnect([&](Socket&, std::string_view reason) { gone.put(std::string(reason)); });
  const auto serving = server.start();
  const Lost lost = lose(server.port(), gone, R"(2["hello",1,)");
  SocketIoClient client(server.port());
  EXPECT_EQ(come(client, back(lost.pid, lost.offset)).size(), 1U);
  EXPECT_TRUE(client.read().starts_with(R"(2["hello",1,)"));
}

// Emits to a socket that has gone wait for it, when it may come back; else they are dropped.
TEST_P(RecoveryTest, EmitsToASocketThatIsAway) {
  Namespace& io = server->io(with_recovery());
  Mailbox<std::string> gone;
  Mailbox<Socket> sockets;
  io.on_connection([&](Socket& socket) {
    sockets.put(socket);
    if (!socket.recovered()) socket.emit("hello");
  });
  io.on_disconnect([&](Socket&, std::string_view reason) { gone.put(std::string(reason)); });
  const auto serving = server.start();
  const Lost lost = lose(server.port(), gone);
  Socket away = sockets.take();
  EXPECT_EQ(away.emit("missed", 1), SendStatus::buffered);
  EXPECT_EQ(away.volatile_().emit("missed", 2), SendStatus::dropped);
  {
    SocketIoClient client(server.port());
    const auto packets = come(client, back(lost.pid, lost.offset));
    ASSERT_EQ(packets.size(), 2U);
    EXPECT_TRUE(packets[0].starts_with(R"(2["missed",1,")")) << packets[0];
    // The old handle still names it.
    EXPECT_EQ(away.emit("still", 3), SendStatus::buffered);
    EXPECT_TRUE(client.read().starts_with(R"(2["still",3,")"));
    client.send("1");
    EXPECT_EQ(gone.take(), "client namespace disconnect");
  }
  sockets.take();
  SocketIoClient other(server.port());
  EXPECT_NE(part_of(come(other, back(lost.pid, lost.offset)).back(), R"("sid":")"), lost.sid);
  Socket left = sockets.take();
  other.send("1");
  EXPECT_EQ(gone.take(), "client namespace disconnect");
  EXPECT_EQ(left.emit("never"), SendStatus::dropped);
}

// How many sockets may come back, and what is kept of them: about 600 bytes each. The one that was lost first
// goes first.
TEST_P(RecoveryTest, SessionsFromBothSidesOfTheirLimits) {
  struct Case {
    const char* what;
    std::size_t sessions;
    std::size_t bytes;
    bool is_first_kept;
  };
  constexpr Case kCases[] = {{"two of two", 2, 2000, true},
                             {"two of one", 1, 2000, false},
                             {"the bytes of two", 3, 1400, true},
                             {"the bytes of one", 3, 1000, false}};
  for (const Case& each : kCases) {
    RunningServer own{{.loops = GetParam()}};
    IoOptions options = with_recovery();
    options.recovery_max_sessions = each.sessions;
    options.recovery_max_session_bytes = each.bytes;
    Namespace& io = own->io(options);
    Mailbox<std::string> gone;
    io.on_connection([](Socket& socket) {
      if (!socket.recovered()) socket.emit("hello");
    });
    io.on_disconnect([&](Socket&, std::string_view reason) { gone.put(std::string(reason)); });
    const auto serving = own.start();
    const Lost first = lose(own.port(), gone);
    const Lost second = lose(own.port(), gone);
    const auto is_back = [&](SocketIoClient& client, const Lost& lost) {
      return part_of(come(client, back(lost.pid, lost.offset)).back(), R"("sid":")") == lost.sid;
    };
    SocketIoClient again_first(own.port());
    SocketIoClient again_second(own.port());
    EXPECT_EQ(is_back(again_first, first), each.is_first_kept) << each.what;
    EXPECT_TRUE(is_back(again_second, second)) << each.what;
  }
}

// From the socket's own loop an emit says what became of it; a foreign thread's goes before its answer.
TEST_P(RecoveryTest, SaysWhatBecameOfAnEmitAndKeepsAThreadsOrder) {
  Namespace& io = server->io(with_recovery());
  Mailbox<SendStatus> statuses;
  std::vector<std::thread> threads;
  io.on("here", [&](Socket& socket) { statuses.put(socket.emit("event", 0)); });
  io.on("there", [&](Socket& socket, int number, Ack ack) {
    threads.emplace_back([socket, number, ack = std::move(ack)]() mutable {
      socket.emit("before", number);
      ack(number);
      socket.emit("after", number);
    });
  });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  come(client, "");
  client.send(R"(2["here"])");
  EXPECT_EQ(statuses.take(), SendStatus::sent);
  client.read();
  for (int i = 0; i < 50; ++i) {
    const std::string number = std::to_string(i);
    client.send("2" + number + R"(["there",)" + number + "]");
    EXPECT_TRUE(client.read().starts_with(R"(2["before",)" + number));
    EXPECT_EQ(client.read(), "3" + number + "[" + number + "]");
    EXPECT_TRUE(client.read().starts_with(R"(2["after",)" + number));
  }
  server.stop(0ms);
  for (auto& thread : threads)
    thread.join();
}

// Who was told `buffered` is told when it has left, also when that was at once.
TEST_P(RecoveryTest, WhatAForeignThreadEmitsDrains) {
  Namespace& io = server->io(with_recovery());
  Mailbox<Socket> sockets;
  Mailbox<std::string> drained;
  io.on_connection([&](Socket& socket) { sockets.put(socket); });
  io.on_drain([&](Socket& socket) { drained.put(socket.id()); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  const std::string sid = part_of(come(client, "").back(), R"("sid":")");
  Socket socket = sockets.take();
  EXPECT_EQ(socket.emit("hello"), SendStatus::buffered);
  EXPECT_TRUE(client.read().starts_with(R"(2["hello",")"));
  EXPECT_EQ(drained.take(), sid);
}

// An expiry that a gate has set is not lifted by coming back.
TEST_P(RecoveryTest, AnExpiredGuestAsksTheGatesAgain) {
  Namespace& io = server->io(with_recovery());
  Mailbox<std::string> gone;
  Mailbox<bool> asked;
  Mailbox<std::chrono::system_clock::time_point> ends;
  io.use([&](Socket& socket) -> Verdict {
    asked.put(socket.recovered());
    const auto end = std::chrono::system_clock::now() + 300ms;
    ends.put(end);
    return allow.until(end);
  });
  io.on_connection([](Socket& socket) { socket.emit("hello"); });
  io.on_disconnect([&](Socket&, std::string_view reason) { gone.put(std::string(reason)); });
  const auto serving = server.start();
  const Lost lost = lose(server.port(), gone);
  EXPECT_FALSE(asked.take());
  std::this_thread::sleep_until(ends.take() +
                                20ms);  // what expires is not a socket any more: nobody could tell us
  SocketIoClient client(server.port());
  EXPECT_NE(part_of(come(client, back(lost.pid, lost.offset)).back(), R"("sid":")"), lost.sid);
  EXPECT_FALSE(asked.take());
}

// More than a connection may leave lying is not sent: it connects as somebody new.
TEST_P(RecoveryTest, TooMuchToBring) {
  Namespace& io = server->io(with_recovery());
  Mailbox<std::string> gone;
  io.on_connection([](Socket& socket) { socket.emit("hello"); });
  io.on_disconnect([&](Socket&, std::string_view reason) { gone.put(std::string(reason)); });
  const auto serving = server.start();
  const std::string piece(900'000, 'x');
  for (const int pieces : {8, 10}) {  // max_queued is 8 MiB
    const Lost lost = lose(server.port(), gone);
    for (int i = 0; i < pieces; ++i)
      io.emit("piece", piece);
    SocketIoClient client(server.port());
    const auto packets = come(client, back(lost.pid, lost.offset));
    EXPECT_EQ(packets.size(), pieces == 8 ? 9U : 1U);
    EXPECT_EQ(part_of(packets.back(), R"("sid":")") == lost.sid, pieces == 8);
    client.raw().close();
    gone.take();
  }
}

// The connection ends while gates decide: what was found waits on.
TEST_P(RecoveryTest, GoesWhileGatesDecide) {
  IoOptions options = with_recovery();
  options.recovery_skip_middlewares = false;
  Namespace& io = server->io(std::move(options));
  Mailbox<std::string> gone;
  Mailbox<Decision> decisions;
  io.use([&](Socket&, Decision decide) { decisions.put(std::move(decide)); });
  io.on_connection([](Socket& socket) { socket.emit("hello"); });
  io.on_disconnect([&](Socket&, std::string_view reason) { gone.put(std::string(reason)); });
  const auto serving = server.start();
  std::thread doorman([&] { decisions.take()(allow); });
  const Lost lost = lose(server.port(), gone);
  doorman.join();
  {
    SocketIoClient client(server.port());
    client.send("0" + back(lost.pid, lost.offset));
    const Decision decide = decisions.take();
    client.raw().close();
    // Until the server has noticed, others who show the pid are somebody new.
    std::string sid;
    for (int tries = 0; sid != lost.sid && tries < 10'000; ++tries) {
      SocketIoClient again(server.port());
      again.send("0" + back(lost.pid, lost.offset));
      decisions.take()(allow);
      sid = part_of(again.read(), R"("sid":")");
    }
    EXPECT_EQ(sid, lost.sid);
  }
}

// Who was put out does not come back, not even past gates that are not asked again.
TEST_P(RecoveryTest, AnIdentityThatIsDisconnectedIsForgotten) {
  Namespace& io = server->io(with_recovery());
  Mailbox<std::string> gone;
  io.use([](Socket&) -> Verdict { return allow.as("user:ann"); });
  io.on_connection([](Socket& socket) { socket.emit("hello"); });
  io.on_disconnect([&](Socket&, std::string_view reason) { gone.put(std::string(reason)); });
  const auto serving = server.start();
  const Lost lost = lose(server.port(), gone);
  io.disconnect_identity("user:bob");
  io.disconnect_identity("user:ann");
  SocketIoClient client(server.port());
  EXPECT_NE(part_of(come(client, back(lost.pid, lost.offset)).back(), R"("sid":")"), lost.sid);
}

// Listeners to what goes out see the event without its position; what they emit goes behind it.
TEST_P(RecoveryTest, WhatGoesOutIsTold) {
  Namespace& io = server->io(with_recovery());
  Mailbox<std::string> told;
  io.on_any_outgoing([&](Socket& socket, std::string_view event, const ArgsView& arguments) {
    told.put(std::string(event) + std::to_string(arguments.size()));
    if (event == "first") socket.emit("second");
  });
  io.on("go", [&](Socket&) { io.emit("first", 1); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  come(client, "");
  client.send(R"(2["go"])");
  EXPECT_TRUE(client.read().starts_with(R"(2["first",1,")"));
  EXPECT_TRUE(client.read().starts_with(R"(2["second",")"));
  EXPECT_EQ(told.take(), "first1");
}

TEST_P(RecoveryTest, HandlesOutliveTheServer) {
  Namespace& io = server->io(with_recovery());
  Mailbox<Socket> sockets;
  io.on_connection([&](Socket& socket) { sockets.put(socket); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  come(client, "");
  Socket socket = sockets.take();
  Broadcast all = socket.broadcast();
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 2000; ++j) {
        all.emit("x", j);
        socket.join("room");
        socket.emit("y", j);
      }
    });
  server.destroy();
  for (auto& thread : threads)
    thread.join();
  all.emit("x");
  socket.emit("x");
  socket.join("room");
}

}  // namespace
}  // namespace naru
