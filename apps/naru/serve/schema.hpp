// The one table of options: file, environment, flags, help and docs/OPERATIONS.md are made from it.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "naru/serve/option.hpp"
#include "naru/serve/settings.hpp"

namespace apps {

// Of the server as a whole.
std::span<const Option<ServeSettings>> server_options();
// Of channels: at the top of the file, in the environment and as flags they are for all channels, in a
// [[channels]] for those that it names.
std::span<const Option<ChannelGroup>> channel_options();
// Those of channel_options() that only a [[channels]] has.
bool is_only_in_groups(std::string_view name);
// Those that need a path of their own there.
bool is_of_an_address(std::string_view name);

std::string environment_name(std::string_view option);  // NARU_HISTORY_SIZE
std::string flag_name(std::string_view option);         // --history-size

// Every option once, first the server's, then the channels'.
void for_each_option(const std::function<void(const OptionFacts&, const OptionValue& by_default)>& visit);

// All as a Markdown table, for docs/OPERATIONS.md.
std::string markdown_table();

}  // namespace apps
