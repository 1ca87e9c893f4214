#include "sse/event_writer.hpp"

#include <algorithm>

namespace naru::sse {
namespace {

constexpr std::string_view kBreaks{"\r\n\0", 3};

bool is_one_line(std::string_view text) noexcept {
  return text.find_first_of(kBreaks) == std::string_view::npos;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += value;
  out += '\n';
}

// Each of CR, LF and CRLF ends a line for the client, so each begins a new field here.
void append_lines(std::string& out, std::string_view name, std::string_view text) {
  while (true) {
    const auto is_break = [](char byte) { return byte == '\n' || byte == '\r'; };
    const auto end =
        static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_break) - text.begin());
    append_field(out, name, text.substr(0, end));
    if (end == text.size()) return;
    text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
}

}  // namespace

void append_event(std::string& out, const Event& event) {
  if (!event.id.empty() && is_one_line(event.id)) append_field(out, "id: ", event.id);
  if (!event.event.empty() && is_one_line(event.event)) append_field(out, "event: ", event.event);
  append_lines(out, "data: ", event.data);
  out += '\n';
}

void append_opening(std::string& out, std::chrono::milliseconds retry, std::string_view id) {
  append_field(out, "retry: ", std::to_string(std::max<std::chrono::milliseconds::rep>(retry.count(), 0)));
  if (!id.empty() && is_one_line(id)) append_field(out, "id: ", id);
  out += '\n';
}

void append_comment(std::string& out, std::string_view text) {
  if (text.empty()) {
    out += ":\n\n";
    return;
  }
  append_lines(out, ": ", text);
  out += '\n';
}

}  // namespace naru::sse
