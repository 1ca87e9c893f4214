#include "naru/client/http_client.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/running_server.hpp"

namespace apps {
namespace {

using namespace std::chrono_literals;

class HttpClientTest : public testing::Test {
 protected:
  void start() {
    serving_.reset(new naru::test::RunningServer::Serving(running_.start()));  // NOLINT: it cannot be moved
  }
  std::string url(const std::string& target) const {
    return "http://127.0.0.1:" + std::to_string(running_.port()) + target;
  }
  HttpAnswer perform(const HttpRequest& request) {
    body_.clear();
    return client_.perform(request, [this](const HttpAnswer& head, std::string_view piece) {
      status_in_body_ = head.status;
      body_ += piece;
      return body_.size() < most_;
    });
  }

  Stop stop_;
  HttpClient client_{stop_};
  std::string body_;
  int status_in_body_ = 0;
  std::size_t most_ = 1000;
  naru::test::RunningServer running_;
  std::unique_ptr<naru::test::RunningServer::Serving> serving_;
};

TEST_F(HttpClientTest, RequestsAndAnswers) {
  running_->post("/echo", [](naru::Request request, naru::Response response) {
    response.status(201).header("X-Said", request.header("x-say").value_or("nothing"));
    response.end(request.body());
  });
  start();
  const HttpAnswer answer =
      perform({.method = "POST", .url = url("/echo"), .fields = {"X-Say: hi"}, .body = "body"});
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.fields.at("x-said"), "hi");
  EXPECT_EQ(answer.failure, "");
  EXPECT_EQ(body_, "body");
  EXPECT_EQ(status_in_body_, 201);
  EXPECT_EQ(perform({.url = url("/nothing")}).status, 404);
}

TEST_F(HttpClientTest, EnoughOfABodyIsNoFailure) {
  running_->get("/long",
                [](naru::Request, naru::Response response) { response.end(std::string(100'000, 'a')); });
  start();
  most_ = 10;
  EXPECT_EQ(perform({.url = url("/long")}).failure, "");
  EXPECT_GE(body_.size(), 10U);
}

TEST_F(HttpClientTest, SilenceIsAFailure) {
  auto waiting = std::make_shared<std::unique_ptr<naru::Response>>();
  running_->get("/silent", [waiting](naru::Request, naru::Response response) {
    *waiting = std::make_unique<naru::Response>(std::move(response));
  });
  start();
  const HttpAnswer answer = perform({.url = url("/silent"), .silence = 50ms});
  EXPECT_EQ(answer.status, 0);
  EXPECT_NE(answer.failure, "");
  stop_.ask();
  EXPECT_EQ(perform({.url = url("/silent")}).status, 0);
}

TEST_F(HttpClientTest, WhoIsNotThere) {
  const HttpAnswer answer = perform({.url = "http://127.0.0.1:1/"});
  EXPECT_EQ(answer.status, 0);
  EXPECT_NE(answer.failure, "");
  EXPECT_NE(perform({.url = "file:///etc/passwd"}).failure, "");
}

}  // namespace
}  // namespace apps
