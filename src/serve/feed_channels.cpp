#include "serve/feed_channels.hpp"

#include <algorithm>

#include "channel/channel_name.hpp"
#include "http/percent.hpp"

namespace naru::serve {
namespace {

// The value of each pair `key=value`, encoded.
std::vector<std::string_view> encoded_values(std::string_view query, std::string_view key) {
  std::vector<std::string_view> values;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (http::form_decode(pair.substr(0, equals)) == key)
      values.push_back(pair.substr(std::min(equals + 1, pair.size())));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return values;
}

}  // namespace

std::optional<std::string> channels_of_query(std::string_view query, std::size_t most,
                                             std::vector<std::string>& channels) {
  for (std::string_view list : encoded_values(query, "channels")) {
    for (std::string_view part : channel::split_channel_list(list)) {
      if (channels.size() == most) return "channels names more than " + std::to_string(most) + " channels";
      std::string name = http::form_decode(part);
      if (!channel::is_channel_name(name))
        return "a channel's name has 1 to 256 bytes of UTF-8 without control characters";
      if (std::find(channels.begin(), channels.end(), name) != channels.end())
        return "channels names a channel twice";
      channels.push_back(std::move(name));
    }
  }
  if (channels.empty()) return "channels is missing: a list of names with commas between them";
  return std::nullopt;
}

}  // namespace naru::serve
