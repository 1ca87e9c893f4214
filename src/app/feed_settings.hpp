// A feed's options, checked, as its doors and its channels' store read them.
#pragma once

#include <string>
#include <string_view>

#include "naru/channel.hpp"
#include "naru/feed.hpp"
#include "serve/feed_application.hpp"

namespace naru::app {

// Throws std::logic_error with a sentence for options that cannot be, or that contradict each other. What it
// leaves open: presence, hooks, rates.
serve::FeedSettings settings_of(const FeedOptions& options);

ChannelOptions channel_options_of(const FeedOptions& options);

// A pattern of a feed with one channel has none.
bool has_named_part(std::string_view pattern);

// The part of a feed's pattern before its one named part at the end: the address for several channels at
// once,
// "/channels" of "/channels/:channel"; empty when that would be the root. Throws std::logic_error with a
// sentence for another pattern.
std::string_view base_of_pattern(std::string_view pattern);

}  // namespace naru::app
