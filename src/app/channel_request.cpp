#include "app/channel_request.hpp"

#include <string_view>

#include "base/json_text.hpp"
#include "channel/channel_name.hpp"

namespace naru::app {
namespace {

// False: it is there and no text.
bool read_text(std::string_view object, std::string_view name, std::string& text) {
  const auto value = base::find_member(object, name);
  return !value || base::decode_json_string(*value, text);
}

bool is_client_id(std::string_view text) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return text.size() <= serve::FeedRequest::kMaxClient &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace

std::optional<std::string> parse(const RawJson& json, ChannelRequest& request) {
  const std::string_view object = json.text;
  if (!read_text(object, "channel", request.channel) || !channel::is_channel_name(request.channel))
    return std::string(serve::kBadChannelName);
  if (!read_text(object, "since", request.since)) return "since is a text: a position, first or last";
  if (!read_text(object, "client", request.client) || !is_client_id(request.client))
    return "client is at most 64 of A-Z, a-z, 0-9, _ and -";
  if (const auto value = base::find_member(object, "limit")) {
    const auto limit = base::decode_json_uint64(*value);
    if (!limit || *limit < 1 || *limit > serve::FeedRequest::kMaxLimit)
      return "limit is a number from 1 to 1000";
    request.limit = static_cast<std::size_t>(*limit);
  }
  return std::nullopt;
}

}  // namespace naru::app
