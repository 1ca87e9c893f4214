#include "app/socket_follow.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "naru/engine.hpp"
#include "naru/server.hpp"
#include "support/mailbox.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

namespace naru {
namespace {

using test::ask;
using test::Mailbox;
using test::RunningServer;

// It takes nothing, and stays until its client comes for the goodbye: nobody may try again each turn.
TEST(SocketFollowTest, APollingSessionThatClosesIsLeftAlone) {
  RunningServer running;
  Mailbox<Socket> sockets;
  std::atomic<int> drains = 0;
  running->feed("/channels/:channel");
  Namespace& nsp = running->io().of("/channels");
  nsp.on_connection([&](Socket& socket) { sockets.put(socket); });
  nsp.on_drain([&](Socket&) { ++drains; });
  const auto serving = running.start();
  const std::string path = "/socket.io/?EIO=4&transport=polling";
  const std::string open = ask(running.port(), "GET", path).body;
  const std::size_t at = open.find("\"sid\":\"") + 7;
  const std::string session = path + "&sid=" + open.substr(at, open.find('"', at) - at);
  ask(running.port(), "POST", session, {}, "40/channels,");
  Socket socket = sockets.take();
  ask(running.port(), "GET", session);
  ask(running.port(), "POST", session, {}, R"(42/channels,0["follow",{"channel":"news"}])");
  EXPECT_NE(ask(running.port(), "GET", session).body.find("43/channels,0[{\"position\""), std::string::npos);

  running->defer([&] { socket.conn().close(); });  // on its loop, the only one
  Mailbox<int> turns;
  for (int turn = 0; turn < 50; ++turn) {
    if (turn == 1) running->channel("news").publish(1, {}, [](Result<Published>) {});
    running->defer([&] { turns.put(turn); });
    EXPECT_EQ(turns.take(), turn);
  }
  EXPECT_LE(drains, 1);
  EXPECT_TRUE(socket.connected()) << "or this says nothing";
}

}  // namespace
}  // namespace naru
