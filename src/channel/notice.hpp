// Notices: what a stream says beside messages (docs/protocol/channels.md, "Shapes"). One line of JSON each;
// they never have "data", "text" or "base64".
//
//   append_start_notice(line, positions.text(), standing);
//   append_gap_notice(line, positions.text(), standing, "news");     // the channel only where there are
//   several append_end_notice(line, positions.text(), "the server stops");
//
// `position` is the connection's text; of `standing` only `recovered` and `missing` are told. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "channel/since.hpp"

namespace naru::channel {

void append_start_notice(std::string& out, std::string_view position, const Standing& standing);
void append_gap_notice(std::string& out, std::string_view position, const Standing& standing,
                       std::string_view channel = {});
void append_end_notice(std::string& out, std::string_view position, std::string_view reason);

// Of several channels: recovered if all are, and the sum of what is missing if all of them know.
void add_standing(Standing& sum, const Standing& one) noexcept;

// `,"recovered":…,"missing":…`, as pages and notices have it.
void append_recovery(std::string& out, bool recovered, const std::optional<std::uint64_t>& missing);

}  // namespace naru::channel
