#include "naru/client/publisher.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "support/running_server.hpp"

namespace apps {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

// A server that answers as the script says, and what it was asked.
class PublisherTest : public testing::Test {
 protected:
  PublishAnswer publish(std::vector<int> statuses, std::chrono::milliseconds patience = 1h) {
    running_->post("/channels/:channel", [this, statuses, at = std::size_t{0}](
                                             naru::Request request, naru::Response response) mutable {
      asked_.push_back(std::string(request.header("idempotency-key").value_or("")) + " " +
                       std::string(request.body()));
      const int status = statuses.at(at++);
      response.status(status).end(status == 201 ? "{\"position\":\"p\"}" : "{\"error\":\"why\"}");
    });
    serving_.reset(new naru::test::RunningServer::Serving(running_.start()));  // NOLINT: it cannot be moved
    const ChannelAddress address{.server = "http://127.0.0.1:" + std::to_string(running_.port()),
                                 .channel = "a"};
    PublisherOptions options{.patience = patience};
    options.say = [this](const std::string& sentence) { said_.push_back(sentence); };
    options.wait = [this](std::chrono::milliseconds) { return stop_.is_asked(); };
    Publisher publisher(address, options, stop_);
    const PublishAnswer answer =
        publisher.publish({.body = "1", .type = "application/json", .idempotency_key = "k"});
    running_.stop(0ms);
    return answer;
  }

  Stop stop_;
  Lines asked_, said_;
  naru::test::RunningServer running_;
  std::unique_ptr<naru::test::RunningServer::Serving> serving_;
};

TEST_F(PublisherTest, TriesAgainWithTheSameKey) {
  EXPECT_EQ(publish({503, 429, 201}).json, "{\"position\":\"p\"}");
  EXPECT_EQ(asked_, (Lines{"k 1", "k 1", "k 1"}));
  EXPECT_EQ(said_, (Lines{"503: why; trying again", "429: why; trying again"}));
}

TEST_F(PublisherTest, ARefusalIsNotTriedAgain) {
  const PublishAnswer answer = publish({403});
  EXPECT_TRUE(answer.is_refused);
  EXPECT_EQ(answer.sentence, "403: why");
  EXPECT_EQ(asked_.size(), 1U);
}

TEST_F(PublisherTest, PatienceEnds) {
  const PublishAnswer answer = publish({503}, 0ms);
  EXPECT_FALSE(answer.is_refused);
  EXPECT_EQ(answer.sentence, "503: why");
  EXPECT_EQ(asked_.size(), 1U);
}

}  // namespace
}  // namespace apps
