// Where a client stands in a namespace's log of events: the short text that goes out as the last argument of
// every event and comes back as `offset`.
//
//   std::string text = position_text(epoch, 4711);               // "q3fZ0a_k.3mv"
//   std::optional<LogPosition> again = parse_position(text);     // empty for anything that was not made so
//
// The epoch is drawn when a log begins, so that a number of a log that has gone is told from one of its
// successor. Characters: [A-Za-z0-9_.-]. Values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace naru::adapter {

// 48 random bits: enough to tell a server from the one that ran before it, short enough for every event.
inline constexpr std::size_t kEpochSize = 8;
std::string new_epoch();

struct LogPosition {
  std::string_view epoch;  // of the text that was parsed
  std::uint64_t number = 0;
};

// REQUIRES: epoch.size() == kEpochSize
std::string position_text(std::string_view epoch, std::uint64_t number);
// Strict: only what position_text() can have made.
std::optional<LogPosition> parse_position(std::string_view text);

}  // namespace naru::adapter
