#include "serve/feed_sse.hpp"

#include <gtest/gtest.h>

#include "channel/publication_fixture.hpp"

namespace naru::serve {
namespace {

constexpr std::chrono::milliseconds kRetry(2000);

TEST(FeedSse, OpensWithoutAnEvent) {
  EXPECT_EQ(feed_sse().start("p", {}, kRetry), "retry: 2000\nid: p\n\n");
}

TEST(FeedSse, SaysAtOnceWhatIsMissing) {
  EXPECT_EQ(feed_sse().start("p", {.position = {}, .recovered = false, .missing = 3}, kRetry),
            "retry: 2000\nid: p\n\n"
            "id: p\nevent: gap\n"
            "data: {\"notice\":\"gap\",\"position\":\"p\",\"recovered\":false,\"missing\":3}\n\n");
}

TEST(FeedSse, AMessageIsABlock) {
  channel::Message goal = channel::message_of(channel::Kind::json, "{\"n\":1}");
  goal.event = "goal";
  const auto message = channel::publication_of(std::move(goal), 42);
  EXPECT_EQ(feed_sse().message(*message).view(),
            "id: eQUJDREVGR0hJSktM.42\nevent: goal\n"
            "data: {\"position\":\"eQUJDREVGR0hJSktM.42\",\"event\":\"goal\",\"data\":{\"n\":1}}\n\n");
  EXPECT_EQ(feed_sse().message(*message, "news", "p").view(),
            "id: p\nevent: goal\n"
            "data: {\"channel\":\"news\",\"position\":\"p\",\"event\":\"goal\",\"data\":{\"n\":1}}\n\n");
}

TEST(FeedSse, EndsWithWhenAndWhereToComeBack) {
  EXPECT_EQ(feed_sse().end("p", "the server stops", kRetry),
            "retry: 2000\nid: p\n\nid: p\nevent: end\n"
            "data: {\"notice\":\"end\",\"position\":\"p\",\"reason\":\"the server stops\"}\n\n");
}

}  // namespace
}  // namespace naru::serve
