#include "app/topics.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "app/websocket_fixture.hpp"

namespace naru {
namespace {

// "+x" subscribes, "-x" unsubscribes, "=x" publishes x on "news"; all are answered.
class WebSocketTopics : public WebSocketTest {
 protected:
  void serve_topics() {
    server->ws("/", {.max_topics = 3, .on_message = [](WebSocket& ws, Message message) {
                       const std::string rest(message.data.substr(1));
                       if (message.data.front() == '=') ws.publish("news", Message{rest, message.binary});
                       if (message.data.front() == '+')
                         return void(ws.send(ws.subscribe(rest) ? "yes" : "no"));
                       if (message.data.front() == '-')
                         return void(ws.send(ws.unsubscribe(rest) ? "yes" : "no"));
                       ws.send("published");
                     }});
  }
  // Several, so that with two loops both have some.
  std::vector<WebSocketClient> subscribers(int count) {
    std::vector<WebSocketClient> all;
    for (int i = 0; i < count; ++i) {
      all.emplace_back(server.port(), "/");
      all.back().send("+news");
      EXPECT_EQ(all.back().read_text(), "yes");
    }
    return all;
  }
};
INSTANTIATE_TEST_SUITE_P(Loops, WebSocketTopics, testing::Values(1U, 2U));

TEST_P(WebSocketTopics, EverybodyGetsItButWhoPublished) {
  serve_topics();
  const auto serving = server.start();
  WebSocketClient stranger(server.port(), "/");
  std::vector<WebSocketClient> all = subscribers(4);
  all[0].send("=hello");
  EXPECT_EQ(all[0].read_text(), "published");
  for (int i = 1; i < 4; ++i)
    EXPECT_EQ(all[i].read_text(), "hello");
  all[1].send_binary("=bytes");
  EXPECT_EQ(all[0].read().opcode, 2);
  EXPECT_EQ(all[1].read_text(), "published");
  stranger.send("=from outside");
  EXPECT_EQ(stranger.read_text(), "published") << "without a subscription of its own";
  EXPECT_EQ(all[0].read_text(), "from outside");
  EXPECT_EQ(all[1].read_text(), "from outside");
}

TEST_P(WebSocketTopics, ServerPublishesFromAnyThreadInOrder) {
  serve_topics();
  const auto serving = server.start();
  std::vector<WebSocketClient> all = subscribers(4);
  for (int i = 0; i < 200; ++i)
    server->publish("news", std::to_string(i));
  for (WebSocketClient& client : all) {
    for (int i = 0; i < 200; ++i)
      ASSERT_EQ(client.read_text(), std::to_string(i));
  }
}

TEST_P(WebSocketTopics, WhoHasLeftGetsNothing) {
  serve_topics();
  const auto serving = server.start();
  std::vector<WebSocketClient> all = subscribers(2);
  all[0].send("-news");
  EXPECT_EQ(all[0].read_text(), "yes");
  all[0].send("-news");
  EXPECT_EQ(all[0].read_text(), "no");
  server->publish("news", "one");
  EXPECT_EQ(all[1].read_text(), "one");
  all[0].send("+news");
  EXPECT_EQ(all[0].read_text(), "yes") << "and not the one that was missed";
  all[1].raw().reset();
  server->publish("news", "two");
  EXPECT_EQ(all[0].read_text(), "two");
}

TEST_P(WebSocketTopics, TopicsAreBounded) {
  serve_topics();
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  auto subscribe = [&](const std::string& topic) {
    client.send("+" + topic);
    return client.read_text();
  };
  EXPECT_EQ(subscribe(""), "no");
  EXPECT_EQ(subscribe(std::string("\0x", 2)), "no");
  EXPECT_EQ(subscribe(std::string(WebSocket::kMaxTopic + 1, 'x')), "no");
  EXPECT_EQ(subscribe(std::string(WebSocket::kMaxTopic, 'x')), "yes");
  EXPECT_EQ(subscribe("two"), "yes");
  EXPECT_EQ(subscribe("three"), "yes");
  EXPECT_EQ(subscribe("four"), "no") << "max_topics";
  EXPECT_EQ(subscribe("two"), "yes") << "is in it already";
  client.send("-two");
  EXPECT_EQ(client.read_text(), "yes");
  EXPECT_EQ(subscribe("four"), "yes");
  server->publish("", "nothing");
  server->publish(std::string(WebSocket::kMaxTopic, 'x'), "the long one");
  EXPECT_EQ(client.read_text(), "the long one");
}

TEST_P(WebSocketTopics, ItsTopicsAreListed) {
  server->ws("/", {.on_open =
                       [](WebSocket& ws) {
                         EXPECT_TRUE(ws.topics().empty());
                         EXPECT_FALSE(ws.subscribed("a"));
                         ws.subscribe("a");
                         ws.subscribe("b");
                         ws.subscribe("a");
                         EXPECT_TRUE(ws.subscribed("a"));
                         ws.send(std::to_string(ws.topics().size()));
                       },
                   .on_close =
                       [](WebSocket& ws, std::uint16_t, std::string_view) {
                         EXPECT_TRUE(ws.topics().empty());
                         EXPECT_FALSE(ws.subscribe("late"));
                       }});
  const auto serving = server.start();
  WebSocketClient client(server.port(), "/");
  EXPECT_EQ(client.read_text(), "2");
}

}  // namespace
}  // namespace naru
