// Names of channels: which are good, the stream of presence beside each, and lists of names in a query.
//
//   if (!is_channel_name(name)) refuse("a channel's name has 1 to 256 bytes of UTF-8 without control
//   characters"); if (auto channel = presence_subject(name)) follow_presence_of(*channel);     //
//   "news@presence" -> "news" for (std::string_view part : split_channel_list("a,b%2Cc")) decode(part);    //
//   "a" | "b%2Cc"
//
// docs/protocol/channels.md. Functions of text; any thread; views are of the argument.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace naru::channel {

// A peer chooses names and they stand in every log line: long enough for a path of readable parts.
inline constexpr std::size_t kMaxChannelNameSize = 256;
inline constexpr std::string_view kPresenceSuffix = "@presence";
// Channels of one connection: what its position's text and its followers cost is bounded by it.
inline constexpr std::size_t kMaxChannels = 32;

// Valid UTF-8 without control characters (U+0000..1F, U+007F..9F), 1 to kMaxChannelNameSize bytes, and the
// suffix if it has one. There is no presence of a presence.
bool is_channel_name(std::string_view name) noexcept;

// Whose presence the channel of this name tells; empty for other channels. REQUIRES: is_channel_name(name).
std::optional<std::string_view> presence_subject(std::string_view name) noexcept;
std::string presence_name(std::string_view name);

// A list as it stands in a query, percent-encoded: cut at each comma, before anything is decoded. At most
// kMaxChannels + 1 parts: one more than may be had tells that there are too many.
std::vector<std::string_view> split_channel_list(std::string_view encoded);

// For names of events, keys and headers too, which stand in lines of SSE and HTTP: valid UTF-8 without
// control characters. The empty text is one.
bool is_plain_text(std::string_view text) noexcept;

}  // namespace naru::channel
