// A channel as a page for people, that needs no script: the newest messages first, loaded again by itself.
//
//   std::string html = html_page({.channel = "news", .refresh = 5, .messages = page.messages});
//
// Everything that somebody published stands escaped. The same messages make the same text. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "channel/message.hpp"

namespace naru::serve {

struct HtmlPage {
  std::string_view channel{};
  std::uint32_t refresh = 5;                            // seconds
  std::span<const channel::PublicationRef> messages{};  // in the channel's order
  bool has_older = false;
};

std::string html_page(const HtmlPage& page);

// What such a page may load: nothing but its own style, by its hash.
std::string_view html_page_policy();
// The style as it stands in the page, for the test of the hash.
std::string_view html_page_style();

}  // namespace naru::serve
