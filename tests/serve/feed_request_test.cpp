#include "serve/feed_request.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "http/head_parser.hpp"

namespace naru::serve {
namespace {

using std::chrono::seconds;

http::RequestHead head_of(std::string_view method, std::string_view query, std::string_view fields = {}) {
  std::string text(method);
  text.append(" /channels/news")
      .append(query)
      .append(" HTTP/1.1\r\nHost: a\r\n")
      .append(fields)
      .append("\r\n");
  return http::parse_request_head(text).value();
}

FeedLimits with_presence() {
  return {.max_wait = seconds(60), .max_channels = 32, .has_presence = true};
}

ParsedFeedRequest parse(std::string_view query, std::string_view fields = {},
                        std::optional<std::string_view> name = "news", FeedLimits limits = with_presence()) {
  return parse_feed_request(head_of("GET", query, fields), name, limits);
}

FeedRequest request(std::string_view query, std::string_view fields = {},
                    std::optional<std::string_view> name = "news") {
  ParsedFeedRequest parsed = parse(query, fields, name);
  EXPECT_TRUE(std::holds_alternative<FeedRequest>(parsed)) << query << " " << fields;
  return std::get<FeedRequest>(std::move(parsed));
}

std::string refusal(const ParsedFeedRequest& parsed) {
  const auto* refused = std::get_if<FeedRefusal>(&parsed);
  return refused == nullptr ? "none" : std::to_string(refused->status) + " " + refused->sentence;
}

TEST(FeedRequest, ChoosesTheDoorByAccept) {
  const struct {
    std::string_view accept;
    FeedTransport transport;
  } cases[] = {
      {"*/*", FeedTransport::page},
      {"application/json", FeedTransport::page},
      {"application/x-ndjson", FeedTransport::ndjson},
      {"text/plain", FeedTransport::lines},
      {"text/event-stream", FeedTransport::sse},
      {"text/html", FeedTransport::html},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", FeedTransport::html},
      {"text/html, application/json", FeedTransport::page},
      {"text/event-stream;q=0.5, application/x-ndjson;q=0.6", FeedTransport::ndjson},
      {"text/event-stream, */*;q=0.1", FeedTransport::sse},
  };
  for (const auto& [accept, transport] : cases)
    EXPECT_EQ(request("", "Accept: " + std::string(accept) + "\r\n").transport, transport) << accept;
  EXPECT_EQ(request("").transport, FeedTransport::page);
  EXPECT_EQ(request("", "Accept: text/html;q=0.1\r\nAccept: text/event-stream\r\n").transport,
            FeedTransport::sse);
  EXPECT_EQ(
      refusal(parse("", "Accept: image/png\r\n")),
      "406 there are application/json, application/x-ndjson, text/event-stream, text/plain and text/html");
}

TEST(FeedRequest, AsStandsForAccept) {
  const struct {
    std::string_view as;
    FeedTransport transport;
  } cases[] = {{"json", FeedTransport::page},
               {"ndjson", FeedTransport::ndjson},
               {"lines", FeedTransport::lines},
               {"sse", FeedTransport::sse},
               {"html", FeedTransport::html}};
  for (const auto& [as, transport] : cases)
    EXPECT_EQ(request("?as=" + std::string(as), "Accept: text/csv\r\n").transport, transport) << as;
  EXPECT_EQ(refusal(parse("?as=xml")), "400 as is json, ndjson, lines, sse or html");
}

TEST(FeedRequest, AWebSocketAndWhoGoBeforeAccept) {
  EXPECT_EQ(request("", "Connection: Upgrade\r\nUpgrade: websocket\r\n").transport, FeedTransport::websocket);
  EXPECT_EQ(request("?who", "Accept: text/html\r\n").transport, FeedTransport::who);
  EXPECT_EQ(refusal(parse("?who", "", "news", {})), "404 this feed does not tell who follows");
  EXPECT_EQ(refusal(parse("?who&channels=a", "", std::nullopt)),
            "400 who follows is asked for one channel at a time");
  EXPECT_EQ(refusal(parse("?who", "", "news@presence")),
            "400 nobody is told who follows a stream of presence");
}

TEST(FeedRequest, WhereReadingBegins) {
  EXPECT_EQ(request("").start, FeedStart::first);
  EXPECT_EQ(request("?as=html").start, FeedStart::newest);
  for (const std::string_view query : {"?wait=5", "?wait=0", "?as=sse", "?as=ndjson", "?as=lines"})
    EXPECT_EQ(request(query).start, FeedStart::last) << query;
  const FeedRequest said = request("?since=e1.2");
  EXPECT_EQ(said.since, "e1.2");
  EXPECT_TRUE(said.is_since_in_address);
}

TEST(FeedRequest, IfNoneMatchStandsForSinceOfPages) {
  const FeedRequest page = request("", "If-None-Match: \"e1.2\"\r\n");
  EXPECT_EQ(page.since, "e1.2");
  EXPECT_FALSE(page.is_since_in_address);
  EXPECT_EQ(request("", "If-None-Match: W/\"e1.2\"\r\n").since, "e1.2");
  EXPECT_EQ(request("?wait=1", "If-None-Match: \"e1.2\"\r\n").since, "e1.2");
  EXPECT_EQ(request("?since=e1.1", "If-None-Match: \"e1.2\"\r\n").since, "e1.1");
  EXPECT_EQ(request("", "If-None-Match: \"a\", \"b\"\r\n").since, "");
  EXPECT_EQ(request("", "If-None-Match: *\r\n").since, "");
  EXPECT_EQ(request("?as=sse", "If-None-Match: \"e1.2\"\r\n").since, "");
  const FeedRequest several = request("", "If-None-Match: \"a\"\r\nIf-None-Match: \"b\"\r\n");
  EXPECT_TRUE(is_unchanged(several, "\"b\""));
  EXPECT_FALSE(is_unchanged(several, "\"c\""));
}

TEST(FeedRequest, LastEventIdGoesBeforeSince) {
  const FeedRequest came_back = request("?since=e1.1&as=sse", "Last-Event-ID: e1.7\r\n");
  EXPECT_EQ(came_back.since, "e1.7");
  EXPECT_FALSE(came_back.is_since_in_address);
  EXPECT_EQ(request("?since=e1.1&as=sse").since, "e1.1");
  EXPECT_EQ(request("?since=e1.1&as=ndjson", "Last-Event-ID: e1.7\r\n").since, "e1.1");
}

TEST(FeedRequest, WhatAFeedAssumesIsSaidByNobody) {
  FeedLimits limits = with_presence();
  limits.assumed = http::Query("as=sse&limit=7&wait=3");
  const auto with = [&](std::string_view query, std::string_view fields = {}) {
    return std::get<FeedRequest>(parse(query, fields, "news", limits));
  };
  EXPECT_EQ(with("").transport, FeedTransport::sse);
  EXPECT_EQ(with("", "Accept: */*\r\n").transport, FeedTransport::sse);
  EXPECT_EQ(with("", "Accept: application/x-ndjson\r\n").transport, FeedTransport::ndjson);
  EXPECT_EQ(with("?as=json").transport, FeedTransport::long_poll);
  EXPECT_EQ(with("?as=json").limit, 7U);
  EXPECT_EQ(with("?as=json&limit=8&wait=0").limit, 8U);
  EXPECT_EQ(with("?as=json&wait=0").transport, FeedTransport::page);
}

TEST(FeedRequest, APositionThatIsTooLongIsNobodys) {
  const std::string longest(2079, 'e');
  EXPECT_EQ(request("?since=" + longest).since, longest);
  EXPECT_EQ(request("?since=" + longest + "e").since, "-");
}

TEST(FeedRequest, NumbersWithinTheirLimits) {
  EXPECT_EQ(request("").limit, 100U);
  EXPECT_EQ(request("?as=html").limit, 50U);
  EXPECT_EQ(request("?limit=1").limit, 1U);
  EXPECT_EQ(request("?limit=1000").limit, 1000U);
  for (const std::string_view limit : {"0", "1001", "", "-1", "+1", "1.5", "x", "99999999999999999999"})
    EXPECT_EQ(refusal(parse("?limit=" + std::string(limit))), "400 limit is a number from 1 to 1000")
        << limit;
  EXPECT_EQ(request("?wait=60").wait, seconds(60));
  EXPECT_EQ(request("?wait=61").wait, seconds(60));
  EXPECT_EQ(request("?wait=99999999999999999999").wait, seconds(60));
  EXPECT_EQ(request("?wait=7").transport, FeedTransport::long_poll);
  EXPECT_EQ(request("?wait=0").transport, FeedTransport::page);
  EXPECT_EQ(request("?wait=7", "Accept: text/event-stream\r\n").transport, FeedTransport::sse);
  EXPECT_EQ(refusal(parse("?wait=soon")), "400 wait is a number of seconds");
  EXPECT_EQ(request("?refresh=1").refresh, 1U);
  EXPECT_EQ(request("?refresh=3600").refresh, 3600U);
  EXPECT_EQ(refusal(parse("?refresh=0")), "400 refresh is a number of seconds from 1 to 3600");
  EXPECT_EQ(refusal(parse("?refresh=3601")), "400 refresh is a number of seconds from 1 to 3600");
}

TEST(FeedRequest, AClientIsAName) {
  const std::string longest(64, 'a');
  EXPECT_EQ(request("?client=" + longest).client, longest);
  EXPECT_EQ(request("?client=Az09_-").client, "Az09_-");
  for (const std::string& client :
       {longest + "a", std::string(), std::string("a%20b"), std::string("%C3%A9")})
    EXPECT_EQ(refusal(parse("?client=" + client)), "400 client has 1 to 64 of A-Z, a-z, 0-9, _ and -");
}

TEST(FeedRequest, NamesOfChannels) {
  EXPECT_EQ(refusal(parse("", "", "")), "400 " + std::string(kBadChannelName));
  EXPECT_EQ(refusal(parse("", "", std::string(257, 'a'))), "400 " + std::string(kBadChannelName));
  EXPECT_EQ(request("", "", std::string(256, 'a')).channels.size(), 1U);
  EXPECT_EQ(refusal(parse("", "", "a\nb")), "400 " + std::string(kBadChannelName));
  EXPECT_EQ(request("", "", "news@presence").channels.front(), "news@presence");
  EXPECT_EQ(refusal(parse("", "", "news@presence", {})), "404 this feed does not tell who follows");
}

TEST(FeedRequest, SeveralChannels) {
  const FeedRequest several = request("?channels=a,b%2Cc", "", std::nullopt);
  EXPECT_EQ(several.channels, (std::vector<std::string>{"a", "b,c"}));
  EXPECT_TRUE(several.names_several);
  EXPECT_FALSE(request("").names_several);
  EXPECT_TRUE(request("?channels=a", "", std::nullopt).names_several);
  EXPECT_NE(refusal(parse("", "", std::nullopt)), "none");
  EXPECT_NE(refusal(parse("?channels=a,a", "", std::nullopt)), "none");
  EXPECT_NE(refusal(parse("?channels=a,,b", "", std::nullopt)), "none");
  EXPECT_NE(refusal(parse("?channels=a,b,c", "", std::nullopt, {.max_channels = 2})), "none");
  EXPECT_EQ(refusal(parse("?channels=a&as=html", "", std::nullopt)),
            "400 several channels have no page of HTML");
  // A browser that goes there takes anything at last.
  EXPECT_EQ(request("?channels=a", "Accept: text/html,*/*;q=0.8\r\n", std::nullopt).transport,
            FeedTransport::page);
}

TEST(FeedRequest, APostPublishes) {
  const auto post = [](std::optional<std::string_view> name) {
    return std::get<FeedRequest>(parse_feed_request(head_of("POST", "?limit=x&who"), name, {}));
  };
  EXPECT_EQ(post("news").transport, FeedTransport::publish);
  EXPECT_EQ(post("news").channels.size(), 1U);
  EXPECT_TRUE(post(std::nullopt).channels.empty());
}

}  // namespace
}  // namespace naru::serve
