// What a request to a feed asks for: which channels, from where, by which door; or why it is malformed
// (docs/protocol/channels.md).
//
//   ParsedFeedRequest parsed = parse_feed_request(head, name_in_the_address, settings.limits);
//   if (auto* fault = std::get_if<FeedRefusal>(&parsed)) answer(fault->status, fault->sentence);
//
// Plain data; texts are the request's own, decoded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "http/query.hpp"
#include "http/request_head.hpp"

namespace naru::serve {

enum class FeedTransport : std::uint8_t {
  page,
  long_poll,
  ndjson,
  lines,
  sse,
  html,
  websocket,
  who,
  publish,
};

struct FeedLimits {
  base::Duration max_wait = std::chrono::seconds(60);
  std::size_t max_channels = 32;
  bool has_presence = false;  // else nobody has an address for it
  http::Query assumed = {};   // what is meant where a request says nothing
};

// Where reading begins that says nothing of it.
enum class FeedStart : std::uint8_t { first, last, newest };

struct FeedRequest {
  static constexpr std::size_t kMaxLimit = 1000;     // messages of one page
  static constexpr std::size_t kPageLimit = 100;     // when nothing is said
  static constexpr std::size_t kHtmlPageLimit = 50;  // of a page for people
  static constexpr std::size_t kMaxClient = 64;      // bytes of `client`: a UUID and a name
  static constexpr std::uint32_t kMaxRefresh =
      3600;  // an hour: a page that is shown longer says so by itself

  FeedTransport transport = FeedTransport::page;
  // As the client names them: without FeedSettings::prefix. Empty for a batch to several.
  std::vector<std::string> channels = {};
  bool names_several = false;  // asked for at the address of several: messages say their channel
  std::string since = {};      // as it was said, empty: not; FeedStart then
  FeedStart start = FeedStart::first;
  bool is_since_in_address = false;  // not in a field: caches see it
  std::string if_none_match = {};    // all of them, as a list
  std::size_t limit = kPageLimit;
  base::Duration wait{};
  std::uint32_t refresh = 5;
  std::string client = {};  // for presence, where the gate gives no identity
};

struct FeedRefusal {
  int status = 400;
  std::string sentence = {};
};

using ParsedFeedRequest = std::variant<FeedRequest, FeedRefusal>;

// `name`: the channel in the address; none at the address of several. REQUIRES: a method that feeds have.
ParsedFeedRequest parse_feed_request(const http::RequestHead& head, std::optional<std::string_view> name,
                                     const FeedLimits& limits);

// The answer has what the client named in If-None-Match: 304.
bool is_unchanged(const FeedRequest& request, std::string_view etag);

// What is said of a name that no channel can have.
inline constexpr std::string_view kBadChannelName =
    "a channel's name has 1 to 256 bytes of UTF-8 without control characters";

}  // namespace naru::serve
