#include "app/namespace_search.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "naru/offload.hpp"
#include "support/running_server.hpp"
#include "support/socketio_client.hpp"

namespace naru {
namespace {

using test::Mailbox;
using test::RunningServer;
using test::SocketIoClient;

class NamespaceSearchTest : public testing::TestWithParam<unsigned> {
 protected:
  std::string knock(const std::string& name, std::string_view auth = {}) {
    SocketIoClient client(server.port());
    client.send("0" + name + "," + std::string(auth));
    return client.read().substr(0, name.size() + 9);
  }
  static std::string welcome(const std::string& name) { return "0" + name + R"(,{"sid":)"; }
  static std::string refusal(const std::string& name) { return "4" + name + R"(,{"messa)"; }
  RunningServer server{{.loops = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Loops, NamespaceSearchTest, testing::Values(1U, 2U));

TEST_P(NamespaceSearchTest, PatternsDecideByName) {
  Namespace& io = server->io();
  Namespace& tenants = io.of(Pattern("^/tenant-\\d+$"));
  Mailbox<std::string> connected;
  tenants.on_connection([&](Socket& socket) { connected.put(std::string(socket.nsp().name())); });
  tenants.on("name", [](Socket& socket, Ack ack) { ack(socket.namespace_name()); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect("/tenant-1");
  EXPECT_EQ(connected.take(), "/tenant-1");
  client.send(R"(2/tenant-1,7["name"])");
  EXPECT_EQ(client.read(), R"(3/tenant-1,7["/tenant-1"])");
  client.send("0/tenant-x,");
  EXPECT_EQ(client.read(), R"(4/tenant-x,{"message":"Invalid namespace"})");
  client.connect("/tenant-2");  // the connection goes on
  EXPECT_EQ(connected.take(), "/tenant-2");
}

TEST_P(NamespaceSearchTest, ParentsAreAskedInOrderAndTheFirstThatWantsItHasIt) {
  Namespace& io = server->io();
  std::mutex mutex;
  std::vector<std::string> asked;
  auto note = [&](const char* who) {
    std::lock_guard lock(mutex);
    asked.emplace_back(who);
  };
  io.of([&](std::string_view, const Value&) -> Verdict {
    note("first");
    return refuse("not mine");
  });
  io.of([&](std::string_view, const Value& auth) -> Verdict {
    note("second");
    if (auth.get<bool>("exception") == true) throw std::runtime_error("broken");
    return auth.get<std::string>("key") == "open" ? Verdict::allowed() : refuse("no key");
  });
  Namespace& last = io.of(Pattern("^/last$"));
  last.on_connection([&](Socket&) { note("last"); });
  const auto serving = server.start();
  EXPECT_EQ(knock("/a", R"({"key":"open"})"), welcome("/a"));
  EXPECT_EQ(knock("/b"), refusal("/b"));
  EXPECT_EQ(knock("/b", R"({"exception":true})"), refusal("/b"));
  EXPECT_EQ(knock("/last"), welcome("/last"));
  std::lock_guard lock(mutex);
  const std::vector<std::string> expected{"first", "second", "first", "second",
                                          "first", "second", "first", "second"};
  asked.resize(8);
  EXPECT_EQ(asked, expected);
}

TEST_P(NamespaceSearchTest, GatesMayAnswerLater) {
  Namespace& io = server->io();
  Mailbox<Decision> decisions;
  io.of([&](std::string_view name, const Value&, Decision decide) {
    if (name == "/wait") decisions.put(std::move(decide));  // another one is forgotten, and refuses
  });
  io.of([](std::string_view name, const Value& auth) -> Task<Verdict> {
    auto work = [key = auth.get<std::string>("key")] { return key == "open"; };
    const bool good = co_await offload(work);
    co_return good&& name == "/task" ? Verdict::allowed() : refuse("no");
  });
  const auto serving = server.start();
  EXPECT_EQ(knock("/task", R"({"key":"open"})"), welcome("/task"));
  EXPECT_EQ(knock("/other", R"({"key":"open"})"), refusal("/other"));
  SocketIoClient client(server.port());
  client.send("0/wait,");
  Decision decide = decisions.take();
  client.connect();  // meanwhile everything else goes on
  std::thread([&] { decide(allow.as("user:1")); }).join();
  EXPECT_EQ(client.read().substr(0, 14), welcome("/wait"));
}

TEST_P(NamespaceSearchTest, WhatTheGateSaysHoldsForTheSocket) {
  Namespace& io = server->io();
  Namespace& parent = io.of([](std::string_view, const Value& auth) -> Verdict {
    return allow.as(auth.get<std::string>("name").value_or("")).until(std::chrono::system_clock::now());
  });
  Mailbox<std::string> who;
  parent.on_connection([&](Socket& socket) { who.put(socket.identity()); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.connect("/x", R"({"name":"ada"})");
  EXPECT_EQ(who.take(), "ada");
  EXPECT_TRUE(client.is_ended()) << "its time was over at once";
}

TEST_P(NamespaceSearchTest, ASecondConnectWhileTheFirstIsLookedIntoBreaksTheProtocol) {
  Mailbox<Decision> decisions;
  server->io().of([&](std::string_view, const Value&, Decision decide) { decisions.put(std::move(decide)); });
  const auto serving = server.start();
  SocketIoClient client(server.port());
  client.send("0/x,");
  Decision decide = decisions.take();
  client.send("0/x,");
  EXPECT_TRUE(client.is_ended());
  decide(allow);  // nobody is there any more
  SocketIoClient eager(server.port());
  eager.send("0/x,");
  Decision second = decisions.take();
  eager.send(R"(2/x,["early"])");
  EXPECT_TRUE(eager.is_ended());
}

TEST_P(NamespaceSearchTest, TheClientMayGoMeanwhile) {
  Mailbox<Decision> decisions;
  Namespace& io = server->io({.cleanup_empty_child_namespaces = true});
  Namespace& parent =
      io.of([&](std::string_view, const Value&, Decision decide) { decisions.put(std::move(decide)); });
  Mailbox<bool> connected;
  parent.on_connection([&](Socket&) { connected.put(true); });
  const auto serving = server.start();
  {
    SocketIoClient client(server.port());
    client.send("0/x,");
    Decision decide = decisions.take();
    client.send("9");  // breaks the protocol
    EXPECT_TRUE(client.is_ended());
    decide(allow);
  }
  SocketIoClient next(server.port());
  next.send("0/x,");
  decisions.take()(allow);
  EXPECT_EQ(next.read().substr(0, 11), welcome("/x"));
  connected.take();
  EXPECT_TRUE(connected.empty());
}

}  // namespace
}  // namespace naru
