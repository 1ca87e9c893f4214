// The id with which an EventSource comes back (WHATWG HTML, section 9.2.4).
//
//   if (auto id = parse_last_event_id(head.find("Last-Event-ID").value_or(""))) since = *id;
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace naru::sse {

// Longer ones are none of ours: a position of 64 bytes for each of 32 channels.
inline constexpr std::size_t kMaxLastEventId = 64 * 32;

// Empty when there is none: the field is empty, too long, or has what no id can have (NUL, CR, LF).
std::optional<std::string_view> parse_last_event_id(std::string_view field) noexcept;

}  // namespace naru::sse
