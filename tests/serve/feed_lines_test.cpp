#include "serve/feed_lines.hpp"

#include <gtest/gtest.h>

#include "channel/publication_fixture.hpp"

namespace naru::serve {
namespace {

using channel::Kind;

constexpr std::chrono::milliseconds kRetry(2000);

TEST(FeedLines, NdjsonIsOneObjectALine) {
  const FeedWording& wording = feed_ndjson();
  const auto message = channel::publication_of(channel::message_of(Kind::json, "{\"n\":\n1}"), 42);
  EXPECT_EQ(wording.message(*message).view(),
            "{\"position\":\"eQUJDREVGR0hJSktM.42\",\"data\":{\"n\": 1}}\n");
  EXPECT_EQ(wording.message(*message, "news", "p").view(),
            "{\"channel\":\"news\",\"position\":\"p\",\"data\":{\"n\": 1}}\n");
  EXPECT_EQ(wording.start("p", {}, kRetry),
            "{\"notice\":\"start\",\"position\":\"p\",\"recovered\":true,\"missing\":0}\n");
  EXPECT_EQ(
      wording.gap("p", {.position = {}, .recovered = false, .missing = {}}, "news"),
      "{\"notice\":\"gap\",\"channel\":\"news\",\"position\":\"p\",\"recovered\":false,\"missing\":null}\n");
  EXPECT_EQ(wording.end("p", "the server stops", kRetry),
            "{\"notice\":\"end\",\"position\":\"p\",\"reason\":\"the server stops\"}\n");
  EXPECT_EQ(wording.heartbeat(), "\n");
}

TEST(FeedLines, PlainLinesAreTheDataAlone) {
  const FeedWording& wording = feed_lines();
  const auto json = channel::publication_of(channel::message_of(Kind::json, "[1,\n2]"));
  const auto binary = channel::publication_of(channel::message_of(Kind::binary, "\x01\x02\x03"));
  EXPECT_EQ(wording.message(*json).view(), "[1, 2]\n");
  EXPECT_EQ(wording.message(*binary).view(), "AQID\n");
  EXPECT_EQ(wording.message(*json, "news", "p").view(), "[1, 2]\n");
  EXPECT_EQ(wording.start("p", {}, kRetry), "");
  EXPECT_EQ(wording.gap("p", {}, ""), "");
  EXPECT_EQ(wording.end("p", "the server stops", kRetry), "");
}

// Everybody is sent the same bytes.
TEST(FeedLines, AMessageIsMadeOnce) {
  const auto message = channel::publication_of(channel::message_of(Kind::json, "1"));
  for (const FeedWording* wording : {&feed_ndjson(), &feed_lines()})
    EXPECT_EQ(wording->message(*message).data(), wording->message(*message).data());
}

}  // namespace
}  // namespace naru::serve
