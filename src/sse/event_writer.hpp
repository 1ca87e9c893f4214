// Server-sent events as text (WHATWG HTML, section 9.2): blocks of fields that end with an empty line.
//
//   append_event(out, {.id = "e….42", .event = "goal", .data = "{\"n\":1}"});
//   append_opening(out, std::chrono::seconds(2), "e….41");    // "retry: 2000", "id: …": a block without data
//   append_comment(out);                                      // ":\n\n", against proxies that cut silent
//   streams
//
// Nothing that is written can break the framing: data is cut into lines at every CR, LF and CRLF (clients
// join them with LF), and an id or a name of an event that has such a character, or a NUL, is left out. Any
// thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace naru::sse {

struct Event {
  std::string_view id{};     // empty: no id, the client keeps the one it has
  std::string_view event{};  // empty: "message"
  std::string_view data{};
};

void append_event(std::string& out, const Event& event);
// How long the client waits before it comes back, and where it stands already: no event for its listeners.
void append_opening(std::string& out, std::chrono::milliseconds retry, std::string_view id);
void append_comment(std::string& out, std::string_view text = {});

}  // namespace naru::sse
