#include "serve/feed_request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "channel/channel_name.hpp"
#include "channel/positions.hpp"
#include "http/etag.hpp"
#include "http/grammar.hpp"
#include "http/negotiation.hpp"
#include "http/query.hpp"
#include "serve/feed_channels.hpp"
#include "sse/last_event_id.hpp"

namespace naru::serve {
namespace {

using Fault = std::optional<FeedRefusal>;

constexpr std::array<std::string_view, 5> kTypes = {"application/json", "application/x-ndjson",
                                                    "text/event-stream", "text/plain", "text/html"};
constexpr std::array<FeedTransport, 5> kTransports = {FeedTransport::page, FeedTransport::ndjson,
                                                      FeedTransport::sse, FeedTransport::lines,
                                                      FeedTransport::html};
constexpr std::array<std::string_view, 5> kNames = {"json", "ndjson", "sse", "lines", "html"};

Fault fault(std::string sentence, int status = 400) {
  return FeedRefusal{status, std::move(sentence)};
}

// Digits alone. What is too large for the number is its maximum.
std::optional<std::uint64_t> whole_number(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), http::is_digit)) return std::nullopt;
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? number : UINT64_MAX;
}

bool is_client(std::string_view text) {
  return !text.empty() && text.size() <= FeedRequest::kMaxClient &&
         std::all_of(text.begin(), text.end(), [](unsigned char byte) {
           return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || http::is_digit(byte) ||
                  byte == '_' || byte == '-';
         });
}

// Reads one request; the first fault ends it.
class Reading {
 public:
  Reading(const http::RequestHead& head, const FeedLimits& limits)
      : head_(head), limits_(limits), query_(head.query()) {}

  ParsedFeedRequest read(std::optional<std::string_view> name) {
    Fault wrong = read_channels(name);
    if (!wrong) wrong = read_transport();
    if (!wrong && request_.transport != FeedTransport::publish) wrong = read_options();
    if (wrong) return std::move(*wrong);
    read_since();
    return std::move(request_);
  }

 private:
  bool is_post() const { return head_.method() == "POST"; }

  Fault add_channel(std::string name) {
    if (!channel::is_channel_name(name)) return fault(std::string(kBadChannelName));
    // 404: nobody is told whether somebody is there.
    if (channel::presence_subject(name) && !limits_.has_presence && !is_post())
      return fault("this feed does not tell who follows", 404);
    request_.channels.push_back(std::move(name));
    return std::nullopt;
  }

  Fault read_channels(std::optional<std::string_view> name) {
    if (name) return add_channel(std::string(*name));
    request_.names_several = true;
    if (is_post()) return std::nullopt;
    const std::size_t most = std::min(limits_.max_channels, channel::kMaxChannels);
    std::vector<std::string> names;
    if (auto wrong = channels_of_query(head_.query(), most, names)) return fault(std::move(*wrong));
    for (std::string& channel : names) {
      if (Fault wrong = add_channel(std::move(channel))) return wrong;
    }
    return std::nullopt;
  }

  Fault read_transport() {
    if (is_post()) {
      request_.transport = FeedTransport::publish;
      return std::nullopt;
    }
    if (head_.method() == "GET" && head_.wants_upgrade("websocket")) {
      request_.transport = FeedTransport::websocket;
      return std::nullopt;
    }
    if (query_.has("who")) {
      if (!limits_.has_presence) return fault("this feed does not tell who follows", 404);
      if (request_.names_several) return fault("who follows is asked for one channel at a time");
      if (channel::presence_subject(request_.channels.front()))
        return fault("nobody is told who follows a stream of presence");
      request_.transport = FeedTransport::who;
      return std::nullopt;
    }
    if (Fault wrong = choose_shape()) return wrong;
    if (request_.transport == FeedTransport::html && request_.names_several)
      return fault("several channels have no page of HTML");
    if (request_.transport == FeedTransport::page && value("wait"))
      request_.transport = FeedTransport::long_poll;
    return std::nullopt;
  }

  // What the request says, else what the feed takes it to say.
  std::optional<std::string> value(std::string_view key) const {
    auto said = query_.get(key);
    return said ? std::move(said) : limits_.assumed.get(key);
  }

  Fault choose_by_name(std::string_view name) {
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) return fault("as is json, ndjson, lines, sse or html");
    request_.transport = kTransports[static_cast<std::size_t>(found - kNames.begin())];
    return std::nullopt;
  }

  Fault choose_shape() {
    if (const auto name = query_.get("as")) return choose_by_name(*name);
    std::string accept;
    for (const http::Field field : head_.fields()) {
      if (http::equal_names(field.name, "accept"))
        accept.append(accept.empty() ? "" : ",").append(field.value);
    }
    const auto assumed = limits_.assumed.get("as");
    if (assumed && (accept.empty() || accept == "*/*")) return choose_by_name(*assumed);
    // A browser's navigation likes HTML best and takes anything.
    const std::size_t offered = kTypes.size() - (request_.names_several ? 1 : 0);
    const auto choice = http::choose_type(accept, std::span(kTypes).first(offered));
    if (!choice) {
      return fault("there are application/json, application/x-ndjson, text/event-stream, text/plain" +
                       std::string(request_.names_several ? "" : " and text/html"),
                   406);
    }
    request_.transport = kTransports[*choice];
    return std::nullopt;
  }

  Fault read_options() {
    if (request_.transport == FeedTransport::html) request_.limit = FeedRequest::kHtmlPageLimit;
    if (const auto text = value("limit")) {
      const auto limit = whole_number(*text);
      if (!limit || *limit < 1 || *limit > FeedRequest::kMaxLimit)
        return fault("limit is a number from 1 to 1000");
      request_.limit = static_cast<std::size_t>(*limit);
    }
    if (const auto text = value("wait")) {
      const auto seconds = whole_number(*text);
      if (!seconds) return fault("wait is a number of seconds");
      const auto most = std::chrono::duration_cast<std::chrono::seconds>(limits_.max_wait).count();
      request_.wait =
          *seconds > static_cast<std::uint64_t>(most) ? limits_.max_wait : std::chrono::seconds(*seconds);
    }
    if (const auto text = value("refresh")) {
      const auto seconds = whole_number(*text);
      if (!seconds || *seconds < 1 || *seconds > FeedRequest::kMaxRefresh)
        return fault("refresh is a number of seconds from 1 to 3600");
      request_.refresh = static_cast<std::uint32_t>(*seconds);
    }
    if (auto text = value("client")) {
      if (!is_client(*text)) return fault("client has 1 to 64 of A-Z, a-z, 0-9, _ and -");
      request_.client = std::move(*text);
    }
    return std::nullopt;
  }

  void read_since() {
    request_.start = FeedStart::last;
    if (request_.transport == FeedTransport::page) request_.start = FeedStart::first;
    if (request_.transport == FeedTransport::html) request_.start = FeedStart::newest;
    // A poll that does not wait is a page, from where a poll begins.
    if (request_.transport == FeedTransport::long_poll && request_.wait == base::Duration::zero())
      request_.transport = FeedTransport::page;
    if (auto text = value("since")) request_.since = std::move(*text);
    request_.is_since_in_address = !request_.since.empty();
    if (request_.transport == FeedTransport::sse) read_last_event_id();
    if (gives_pages()) read_if_none_match();
    // No position is longer: what is kept of a request stays small. This one is as good as none of ours.
    if (request_.since.size() > channel::kMaxPositionsText) request_.since = "-";
  }

  bool gives_pages() const {
    return request_.transport == FeedTransport::page || request_.transport == FeedTransport::long_poll ||
           request_.transport == FeedTransport::html;
  }

  // An EventSource comes back to the address that it began with: its field is the newer word.
  void read_last_event_id() {
    const auto id = sse::parse_last_event_id(head_.find("last-event-id").value_or(""));
    if (!id) return;
    request_.since = *id;
    request_.is_since_in_address = false;
  }

  void read_if_none_match() {
    std::string& list = request_.if_none_match;
    for (const http::Field field : head_.fields()) {
      if (http::equal_names(field.name, "if-none-match"))
        list.append(list.empty() ? "" : ",").append(field.value);
    }
    if (!request_.since.empty() || request_.transport == FeedTransport::html) return;
    // One tag is where the client stands; caches on the way may have made it weak. Several say nothing.
    std::string_view tag = list;
    if (!http::is_entity_tag(tag)) return;
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    request_.since = tag.substr(1, tag.size() - 2);
  }

  const http::RequestHead& head_;
  const FeedLimits& limits_;
  const http::Query query_;
  FeedRequest request_;
};

}  // namespace

ParsedFeedRequest parse_feed_request(const http::RequestHead& head, std::optional<std::string_view> name,
                                     const FeedLimits& limits) {
  return Reading(head, limits).read(name);
}

bool is_unchanged(const FeedRequest& request, std::string_view etag) {
  return !request.if_none_match.empty() && http::tag_list_names(request.if_none_match, etag);
}

}  // namespace naru::serve
