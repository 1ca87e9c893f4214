// One contract for all six transports of `naru tail`, against a real server.
#include "naru/client/channel_reader.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "naru/client/publisher.hpp"
#include "naru/feed.hpp"
#include "support/running_server.hpp"

namespace apps {
namespace {

using Lines = std::vector<std::string>;

// Takes so many messages, and then stops the reader.
class Collected final : public ReaderEvents {
 public:
  explicit Collected(std::size_t most) : most_(most) {}
  bool on_message(std::string_view json, std::string_view at) override {
    messages.emplace_back(json);
    position = at;
    return messages.size() < most_;
  }
  void on_position(std::string_view at) override {
    position = at;
    if (on_standing) on_standing();
  }
  void on_gap(std::optional<std::uint64_t>) override { ++gaps; }

  Lines messages;
  std::string position;
  int gaps = 0;
  std::function<void()> on_standing;

 private:
  const std::size_t most_;
};

class ChannelReaderTest : public testing::TestWithParam<std::string> {
 protected:
  ChannelReaderTest() {
    running_->io();
    naru::FeedOptions options;
    options.history.size = 5;
    options.authorize = [](const naru::Access& access) -> naru::Verdict {
      if (access.channel == "closed") return naru::refuse("not for you");
      return naru::allow;
    };
    running_->feed("/channels/:channel", std::move(options));
    serving_.reset(new naru::test::RunningServer::Serving(running_.start()));  // NOLINT: it cannot be moved
    server_ = "http://127.0.0.1:" + std::to_string(running_.port()) + "/";
  }

  ChannelAddress address(const std::string& channel) const { return {.server = server_, .channel = channel}; }
  std::unique_ptr<ChannelReader> reader(const std::string& channel) {
    const std::string& name = GetParam();
    const Transport transport = name == "poll"        ? Transport::poll
                                : name == "longpoll"  ? Transport::longpoll
                                : name == "stream"    ? Transport::stream
                                : name == "sse"       ? Transport::sse
                                : name == "websocket" ? Transport::websocket
                                                      : Transport::socketio;
    return make_reader(transport, {.address = address(channel), .interval = std::chrono::milliseconds(10)},
                       stop_);
  }
  void publish(const std::string& channel, const std::string& json) {
    Publisher publisher(address(channel), {.patience = std::chrono::milliseconds(0)}, stop_);
    const PublishAnswer answer = publisher.publish({.body = json, .type = "application/json"});
    ASSERT_EQ(answer.sentence, "");
  }
  // The data of messages, which all look like {"position":…,"data":N}.
  static Lines data_of(const Lines& messages) {
    Lines data;
    for (const std::string& message : messages) {
      const auto at = message.find("\"data\":");
      data.push_back(message.starts_with("{\"position\":") ? message.substr(at + 7, message.size() - at - 8)
                                                           : message);
    }
    return data;
  }

  std::string server_;
  Stop stop_;
  naru::test::RunningServer running_{naru::ServerOptions{.loops = 2}};
  std::unique_ptr<naru::test::RunningServer::Serving> serving_;
};

TEST_P(ChannelReaderTest, FromTheFirstMessageOnAndThenFromAPosition) {
  for (const char* json : {"1", "2", "3"})
    publish("news", json);
  Collected two(2);
  EXPECT_EQ(reader("news")->read("first", two).kind, Ending::Kind::enough);
  EXPECT_EQ(data_of(two.messages), (Lines{"1", "2"}));
  Collected third(1);
  EXPECT_EQ(reader("news")->read(two.position, third).kind, Ending::Kind::enough);
  EXPECT_EQ(data_of(third.messages), (Lines{"3"}));
  EXPECT_EQ(third.gaps, 0);
}

TEST_P(ChannelReaderTest, WhatIsPublishedWhileItReads) {
  publish("live", "0");
  Collected news(2);
  bool is_published = false;
  news.on_standing = [&] {  // it stands at the end: what comes now is new
    if (std::exchange(is_published, true)) return;
    publish("live", "{\"a\":1.0}");
    publish("live", "2");
  };
  EXPECT_EQ(reader("live")->read("last", news).kind, Ending::Kind::enough);
  EXPECT_EQ(data_of(news.messages), (Lines{"{\"a\":1.0}", "2"}));
}

TEST_P(ChannelReaderTest, AChannelNobodyHasPublishedTo) {
  Collected news(1);
  bool is_published = false;
  news.on_standing = [&] {
    if (!std::exchange(is_published, true)) publish("new channel/ü", "1");
  };
  EXPECT_EQ(reader("new channel/ü")->read("last", news).kind, Ending::Kind::enough);
  EXPECT_EQ(data_of(news.messages), (Lines{"1"}));
}

TEST_P(ChannelReaderTest, SaysWhatWasLost) {
  publish("short", "1");
  Collected first(1);
  reader("short")->read("first", first);
  for (const char* json : {"2", "3", "4", "5", "6", "7", "8"})
    publish("short", json);
  Collected rest(5);
  EXPECT_EQ(reader("short")->read(first.position, rest).kind, Ending::Kind::enough);
  EXPECT_EQ(rest.gaps, 1);
  EXPECT_EQ(data_of(rest.messages), (Lines{"4", "5", "6", "7", "8"}));
}

TEST_P(ChannelReaderTest, ARefusalHasTheGatesSentence) {
  Collected none(1);
  const Ending ending = reader("closed")->read("last", none);
  EXPECT_EQ(ending.kind, Ending::Kind::refused);
  EXPECT_NE(ending.sentence.find("not for you"), std::string::npos) << ending.sentence;
}

TEST_P(ChannelReaderTest, StopEndsIt) {
  Collected none(1);
  none.on_standing = [this] { stop_.ask(); };
  EXPECT_EQ(reader("quiet")->read("last", none).kind, Ending::Kind::enough);
}

TEST_P(ChannelReaderTest, AServerThatIsNotThereIsWorthAnotherTry) {
  Collected none(1);
  server_ = "http://127.0.0.1:1";  // nobody's port, so that no other test's server can be there
  const Ending ending = reader("news")->read("last", none);
  EXPECT_EQ(ending.kind, Ending::Kind::again);
  EXPECT_NE(ending.sentence, "");
}

INSTANTIATE_TEST_SUITE_P(Transports, ChannelReaderTest,
                         testing::Values("poll", "longpoll", "stream", "sse", "websocket", "socketio"),
                         [](const auto& transport) { return transport.param; });

}  // namespace
}  // namespace apps
