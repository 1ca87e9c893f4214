#include "naru/serve/service.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "naru/client/http_client.hpp"
#include "naru/serve/config_file.hpp"
#include "naru/serve/rules.hpp"
#include "naru/serve/sources.hpp"
#include "support/running_server.hpp"
#include "support/scratch_directory.hpp"

namespace apps {
namespace {

// A server as a configuration describes it, and requests to it.
class ServiceTest : public testing::Test {
 protected:
  void serve(const std::string& config) {
    Faults faults;
    const GivenFile file = read_config_text(config, "c.toml", faults);
    ServeSettings settings = gather({}, {}, file);
    settle(settings, file, faults);
    for (const Fault& fault : faults)
      ADD_FAILURE() << line_of(fault);
    service_.emplace(*running_, settings);
    serving_.reset(new naru::test::RunningServer::Serving(running_.start()));  // NOLINT: it cannot be moved
  }
  // Status, a blank and the body.
  std::string ask(const std::string& method, const std::string& target, const std::string& token = "") {
    HttpRequest request{.method = method,
                        .url = "http://127.0.0.1:" + std::to_string(running_.port()) + target};
    if (!token.empty()) request.fields.push_back("Authorization: bearer " + token);
    request.fields.emplace_back("Content-Type: application/json");
    if (method == "POST") request.body = "1";
    std::string body;
    const HttpAnswer answer = client_.perform(request, [&body](const HttpAnswer&, std::string_view piece) {
      body += piece;
      return true;
    });
    return std::to_string(answer.status) + " " + body + answer.failure;
  }
  int status(const std::string& method, const std::string& target, const std::string& token = "") {
    return std::stoi(ask(method, target, token));
  }

  Stop stop_;
  HttpClient client_{stop_};
  naru::test::ScratchDirectory scratch_;
  naru::test::RunningServer running_;
  std::optional<Service> service_;
  std::unique_ptr<naru::test::RunningServer::Serving> serving_;
};

TEST_F(ServiceTest, OpenOnLoopback) {
  serve("");
  EXPECT_EQ(status("POST", "/channels/news"), 201);
  EXPECT_EQ(status("GET", "/channels/news"), 200);
  EXPECT_EQ(status("GET", "/healthz"), 200);
  EXPECT_NE(ask("GET", "/").find("/channels/NAME"), std::string::npos);
  EXPECT_EQ(status("GET", "/socket.io/?EIO=4&transport=polling"), 200);
  EXPECT_EQ(status("GET", "/lab"), 404);
}

TEST_F(ServiceTest, TokensMayPublishAndRead) {
  serve("publish_tokens = [\"publisher-1\"]\nfollow_tokens = [\"follower-1\"]");
  EXPECT_EQ(ask("POST", "/channels/news"),
            R"(403 {"error":"to publish to this channel takes a bearer token"})");
  EXPECT_EQ(ask("POST", "/channels/news", "follower-1"),
            R"(403 {"error":"this token may not publish to this channel"})");
  EXPECT_EQ(status("POST", "/channels/news", "publisher-1"), 201);
  EXPECT_EQ(status("GET", "/channels/news"), 403);
  EXPECT_EQ(status("GET", "/channels/news", "nobody-knows"), 403);
  EXPECT_EQ(status("GET", "/channels/news", "follower-1"), 200);
  EXPECT_EQ(status("GET", "/channels/news", "publisher-1"), 200);
  EXPECT_EQ(status("GET", "/channels/news?access_token=follower-1"), 200);
}

TEST_F(ServiceTest, TheLongestPrefixDecides) {
  serve(
      "publish = \"none\"\n[[channels]]\nprefix = \"a\"\npublish = \"open\"\n"
      "[[channels]]\nprefix = \"ab\"\nfollow = \"none\"\npublish = \"none\"");
  EXPECT_EQ(ask("POST", "/channels/b"), R"(403 {"error":"nobody may publish to this channel"})");
  EXPECT_EQ(status("POST", "/channels/a1"), 201);
  EXPECT_EQ(status("POST", "/channels/ab"), 403);
  EXPECT_EQ(status("GET", "/channels/ab"), 403);
  EXPECT_EQ(status("GET", "/channels/a1"), 200);
}

TEST_F(ServiceTest, AGroupWithItsOwnAddress) {
  serve("[[channels]]\nprefix = \"ticker-\"\npath = \"/ticker\"\nslow = \"latest\"\npresence = true");
  EXPECT_EQ(status("POST", "/ticker/gold"), 201);
  EXPECT_EQ(status("GET", "/ticker/gold?who"), 200);
  EXPECT_EQ(status("GET", "/channels/news?who"), 404);
}

TEST_F(ServiceTest, TheChatsChannelsAreNobodysElse) {
  serve("chat = true\nlab = true\ndata = \"" + scratch_.file("data") + "\"");
  EXPECT_EQ(ask("GET", "/channels/people"), R"(403 {"error":"this channel is the chat's"})");
  EXPECT_EQ(status("POST", "/channels/chat:1"), 403);
  EXPECT_EQ(status("POST", "/channels/news"), 201);
  EXPECT_EQ(status("GET", "/api/me"), 200);
  EXPECT_EQ(status("GET", "/lab/"), 200);
}

TEST_F(ServiceTest, TokenFilesAreReadAgain) {
  const std::string file = scratch_.file("tokens");
  std::ofstream(file) << "first-token\n";
  serve("publish_tokens_file = \"" + file + "\"");
  EXPECT_EQ(status("POST", "/channels/news", "first-token"), 201);
  std::ofstream(file, std::ios::trunc) << "second-token\n";
  service_->reload();
  EXPECT_EQ(status("POST", "/channels/news", "first-token"), 403);
  EXPECT_EQ(status("POST", "/channels/news", "second-token"), 201);
}

TEST_F(ServiceTest, WithoutSocketIo) {
  serve("socketio = false");
  EXPECT_EQ(status("GET", "/socket.io/?EIO=4&transport=polling"), 404);
  EXPECT_EQ(status("POST", "/channels/news"), 201);
}

}  // namespace
}  // namespace apps
