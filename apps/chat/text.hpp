// What people type, made fit to be kept and shown: trimmed, counted in code points, without control
// characters.
//
//   std::optional<std::string> title = chat::clean_line(given, chat::kMaxTitle);
//   if (!title) refuse("title: 1 to 60 characters");
//
// Input is valid UTF-8, as everything that came as JSON. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chat {

std::size_t count_code_points(std::string_view text);
// The first `count` code points.
std::string_view first_code_points(std::string_view text, std::size_t count);
// Without white space at both ends (ASCII's, no-break space, the ideographic space and their like).
std::string_view trim(std::string_view text);

// One line (a title, a nickname): trimmed, 1 to `most` code points, no control or direction-changing
// characters.
std::optional<std::string> clean_line(std::string_view text, std::size_t most);

enum class TextFault { none, empty, too_long, control };
// A message's text: like a line, but newlines and tabs may stand in it. `out` is set when there is no fault.
TextFault clean_text(std::string_view text, std::size_t most, std::string& out);

// An id that a client made: [A-Za-z0-9_-]{8,64}.
bool is_message_id(std::string_view id);

}  // namespace chat
