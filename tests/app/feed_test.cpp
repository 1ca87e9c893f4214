// Feeds over plain sockets: what happens between loops, threads and clients that come and go. Shapes and
// fields are tests/interop/feed_doors.mjs's.
#include "naru/feed.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/mailbox.hpp"
#include "support/raw_client.hpp"
#include "support/running_server.hpp"

namespace naru {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::HttpAnswer;
using test::Mailbox;
using test::RawClient;
using test::read_answer;
using test::request_text;
using test::RunningServer;

constexpr std::string_view kJson = "Content-Type: application/json\r\n";

class FeedTest : public testing::TestWithParam<unsigned> {
 protected:
  FeedOptions open() { return {.open_publish = true}; }
  std::string position_of(const std::string& json) {
    const std::size_t at = json.rfind("\"position\":\"") + 12;
    return json.substr(at, json.find('"', at) - at);
  }
  HttpAnswer publish(std::string_view text, std::string_view target = "/c/news") {
    return ask(server.port(), "POST", target, kJson, text);
  }

  RunningServer server{{.loops = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Loops, FeedTest, testing::Values(1U, 2U));

TEST_P(FeedTest, PublishesAndReadsOnOneConnection) {
  server->feed("/c/:channel", open());
  const auto serving = server.start();
  RawClient client(server.port());
  EXPECT_EQ(ask(client, "POST", "/c/news", kJson, "1").status, 201);
  EXPECT_EQ(ask(client, "POST", "/c/news", kJson, "{").status, 400);
  EXPECT_EQ(ask(client, "POST", "/c/news", kJson, "2").status, 201);
  const HttpAnswer page = ask(client, "GET", "/c/news");
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("\"data\":1"), std::string::npos);
  EXPECT_NE(page.body.find("\"data\":2"), std::string::npos);
  EXPECT_EQ(ask(client, "HEAD", "/c/news").status, 200);
  EXPECT_EQ(ask(client, "GET", "/c/news?wait=0").status, 200);
}

// On every loop, whoever publishes, and the same connection again after it.
TEST_P(FeedTest, AnswersLongPollsOfAllLoops) {
  server->feed("/c/:channel", open());
  const auto serving = server.start();
  std::string since = position_of(publish("0").body);
  constexpr std::size_t kClients = 8;
  std::vector<RawClient> clients;
  clients.reserve(kClients);
  while (clients.size() < kClients)
    clients.emplace_back(server.port());
  for (int round = 1; round <= 20; ++round) {
    for (RawClient& client : clients)
      client.send(request_text("GET", "/c/news?wait=20&since=" + since));
    server->channel("news").publish(round, {}, [](const Result<Published>&) {});
    std::string next;
    for (RawClient& client : clients) {
      const HttpAnswer answer = read_answer(client);
      EXPECT_EQ(answer.status, 200);
      EXPECT_NE(answer.body.find("\"data\":" + std::to_string(round) + "}]"), std::string::npos)
          << answer.body;
      next = position_of(answer.body);
    }
    since = next;
  }
}

TEST_P(FeedTest, ClientsThatHangUpAreForgotten) {
  server->feed("/c/:channel", open());
  const auto serving = server.start();
  for (int i = 0; i < 20; ++i) {
    for (const std::string_view query : {"?wait=20", "?as=sse", "?as=ndjson&since=first", "?as=lines"}) {
      RawClient client(server.port());
      client.send(request_text("GET", "/c/news" + std::string(query)));
      if (i % 2 == 0) client.reset();
      if (i % 4 == 1) client.end_sending();
    }
    EXPECT_EQ(publish("1").status, 201);
  }
  RawClient client(server.port());
  EXPECT_EQ(ask(client, "GET", "/c/news").status, 200);
}

TEST_P(FeedTest, AClientMayHangUpWhileItsGateIsAsked) {
  Mailbox<Decision> asked;
  FeedOptions options;
  options.authorize = [&asked](const Access&, Decision decide) { asked.put(std::move(decide)); };
  server->feed("/c/:channel", std::move(options));
  const auto serving = server.start();
  for (const std::string_view request : {"GET", "POST"}) {
    RawClient gone(server.port());
    gone.send(request_text(request, "/c/news", kJson, request == "POST" ? "1" : ""));
    Decision late = asked.take();
    gone.close();
    RawClient stays(server.port());
    stays.send(request_text(request, "/c/news", kJson, request == "POST" ? "1" : ""));
    Decision decide = asked.take();
    late(allow);
    std::thread([&decide] { decide(allow); }).join();
    EXPECT_EQ(read_answer(stays).status, request == "POST" ? 201 : 200);
    // Pipelined behind it, and refused by being dropped.
    stays.send(request_text("GET", "/c/news"));
    { const Decision dropped = asked.take(); }
    EXPECT_EQ(read_answer(stays).status, 403);
  }
}

// A reader whose kernel buffers are small, and who takes all at last: each message once, in order.
TEST_P(FeedTest, ASlowReaderGoesOnWhereItWas) {
  constexpr int kMessages = 400;
  FeedOptions options = open();
  options.history = {.size = 1000, .bytes = std::size_t{64} << 20};
  server->feed("/c/:channel", std::move(options));
  const auto serving = server.start();
  RawClient slow(server.port(), 4096);
  slow.send("GET /c/news?as=ndjson HTTP/1.0\r\n\r\n");
  slow.read_until("\"notice\":\"start\"");
  slow.read_until("\n");
  const std::string filling(20'000, 'x');
  auto channel = server->channel("news");
  Mailbox<bool> done;
  for (int i = 0; i < kMessages; ++i) {
    channel.publish(std::to_string(i) + ":" + filling, {},
                    [&done](const Result<Published>& at) { done.put(at.has_value()); });
  }
  for (int i = 0; i < kMessages; ++i)
    EXPECT_TRUE(done.take());
  for (int i = 0; i < kMessages; ++i) {
    std::string line = slow.read_until("\n");
    while (line == "\n")
      line = slow.read_until("\n");
    ASSERT_NE(line.find("\"data\":\"" + std::to_string(i) + ":x"), std::string::npos) << line.substr(0, 200);
  }
}

TEST_P(FeedTest, AVerdictThatHasEndedPublishesNothing) {
  FeedOptions gated;
  gated.authorize = [](const Access& access) -> Verdict {
    if (access.action == Action::follow) return allow;
    return allow.until(std::chrono::system_clock::now() - 1s);
  };
  server->feed("/c/:channel", std::move(gated));
  const auto serving = server.start();
  EXPECT_EQ(publish("1").status, 403);
  EXPECT_EQ(ask(server.port(), "POST", "/c/news", "Content-Type: application/x-ndjson\r\n", "{\"data\":1}\n")
                .status,
            403);
  const HttpAnswer page = ask(server.port(), "GET", "/c/news");
  EXPECT_NE(page.body.find("\"messages\":[]"), std::string::npos) << page.body;
}

TEST_P(FeedTest, WhatWaitsForItsGateIsNotPublishedByOneWhoWasPutOut) {
  Mailbox<Decision> asked;
  FeedOptions gated;
  gated.authorize = [&asked](const Access& access, Decision decide) {
    if (access.action == Action::follow) return decide(allow.as("ann"));
    asked.put(std::move(decide));
  };
  server->feed("/c/:channel", std::move(gated));
  const auto serving = server.start();
  test::WebSocketClient client(server.port(), "/c/news");
  client.send(R"({"publish":{"data":1}})");
  Decision decision = asked.take();
  server->disconnect_identity("ann");
  EXPECT_EQ(client.read_close(), 1008);
  decision(allow);
  client.raw().read_to_end();
  const HttpAnswer page = ask(server.port(), "GET", "/c/news");
  EXPECT_NE(page.body.find("\"messages\":[]"), std::string::npos) << page.body;
}

TEST_P(FeedTest, WhatIsRefusedCountsToTheRateOfAWebSocket) {
  FeedOptions options = open();
  options.max_publishes_per_second = 1;
  server->feed("/c/:channel", std::move(options));
  const auto serving = server.start();
  test::WebSocketClient client(server.port(), "/c/news");
  client.raw().send(test::masked_frame(1, R"({"publish":{}})") +
                    test::masked_frame(1, R"({"publish":{"data":1}})"));
  EXPECT_NE(client.read_text().find("start"), std::string::npos);
  EXPECT_NE(client.read_text().find("error"), std::string::npos);
  EXPECT_EQ(client.read_text(), R"({"error":"at most 1 messages a second"})");
}

TEST_P(FeedTest, SaysGoodbyeWhenItStops) {
  FeedOptions options = open();
  options.presence.enabled = true;
  server->feed("/c/:channel", std::move(options));
  const auto serving = server.start();
  RawClient stream(server.port());
  stream.send("GET /c/news?as=ndjson HTTP/1.0\r\n\r\n");
  stream.read_until("\"notice\":\"start\"");
  RawClient poll(server.port());
  poll.send(request_text("GET", "/c/news?wait=30&client=poller"));
  while (ask(server.port(), "GET", "/c/news?who").body.find("poller") == std::string::npos)
    std::this_thread::yield();
  server.stop();
  EXPECT_NE(stream.read_to_end().find("\"reason\":\"the server stops\""), std::string::npos);
  EXPECT_NE(poll.read_to_end().find("{\"messages\":[],"), std::string::npos);
}

TEST_P(FeedTest, EndsAtOnceWithEverythingOpen) {
  Mailbox<Decision> asked;
  server->feed("/c/:channel", open());
  FeedOptions gated{.prefix = "gated:"};
  gated.authorize = [&asked](const Access&, Decision decide) { asked.put(std::move(decide)); };
  server->feed("/gated/:channel", std::move(gated));
  const auto serving = server.start();
  std::vector<RawClient> clients;
  for (const std::string_view target :
       {"/c/news?wait=30", "/c/news?as=sse", "/c/news?as=ndjson", "/c?channels=a,b&wait=30",
        "/c?channels=a,b&as=sse", "/gated/news", "/gated/news?as=sse"}) {
    clients.emplace_back(server.port()).send(request_text("GET", target));
  }
  const Decision first = asked.take();
  const Decision second = asked.take();
  server.stop(0ms);
  for (RawClient& client : clients)
    client.read_to_end();
}

}  // namespace
}  // namespace naru
