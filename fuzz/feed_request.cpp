// uses: serve channel http base
// Requests to a feed: the first byte chooses its address and what the feed has, the rest is a request's head.
// What is let in keeps to its limits, whatever was said.
#include "serve/feed_request.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "channel/channel_name.hpp"
#include "channel/positions.hpp"
#include "http/head_parser.hpp"

namespace {

using namespace naru;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const serve::FeedRequest& request, const serve::FeedLimits& limits) {
  const bool is_batch = request.transport == serve::FeedTransport::publish && request.names_several;
  require(is_batch == request.channels.empty() && request.channels.size() <= limits.max_channels);
  for (const std::string& name : request.channels)
    require(channel::is_channel_name(name));
  require(request.since.size() <= channel::kMaxPositionsText);
  require(request.limit >= 1 && request.limit <= serve::FeedRequest::kMaxLimit);
  require(request.wait <= limits.max_wait);
  require(request.refresh >= 1 && request.refresh <= serve::FeedRequest::kMaxRefresh);
  require(request.client.size() <= serve::FeedRequest::kMaxClient);
  if (request.transport == serve::FeedTransport::long_poll) require(request.wait > base::Duration::zero());
  if (request.transport == serve::FeedTransport::who) require(limits.has_presence && !request.names_several);
  (void)serve::is_unchanged(request, "\"e.1\"");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  serve::FeedLimits limits;
  limits.has_presence = (data[0] & 1) != 0;
  if ((data[0] & 2) != 0) limits.assumed = http::Query("as=sse&wait=5&limit=3");
  const bool has_name = (data[0] & 4) != 0;
  const auto head = http::parse_request_head({reinterpret_cast<const char*>(data) + 1, size - 1});
  if (!head || (head->method() != "GET" && head->method() != "HEAD" && head->method() != "POST")) return 0;
  // As the router gives it: decoded from the path, whatever it says.
  const auto name = has_name ? std::optional<std::string_view>(head->path()) : std::nullopt;
  const auto parsed = serve::parse_feed_request(*head, name, limits);
  if (const auto* request = std::get_if<serve::FeedRequest>(&parsed)) return check(*request, limits), 0;
  const auto& refusal = std::get<serve::FeedRefusal>(parsed);
  require(refusal.status >= 400 && refusal.status < 500 && !refusal.sentence.empty());
  return 0;
}
