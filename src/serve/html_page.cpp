#include "serve/html_page.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "channel/message_text.hpp"

namespace naru::serve {
namespace {

// A long text is cut for reading; the JSON page has all of it.
constexpr std::size_t kShownData = 4096;

constexpr std::string_view kStyle =
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.4rem;overflow-wrap:anywhere}"
    "ol{list-style:none;padding:0}"
    "li{border-top:1px solid #8884;padding:.6rem 0}"
    "li p{margin:0;font-size:.8rem;opacity:.7}"
    "b{font-weight:600}"
    "pre{margin:.2rem 0 0;white-space:pre-wrap;overflow-wrap:anywhere;font:14px/1.45 ui-monospace,monospace}"
    "footer{font-size:.8rem;opacity:.7}";

void append_escaped(std::string& out, std::string_view text) {
  for (const char byte : text) {
    switch (byte) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += byte;
    }
  }
}

// In UTC, as "2026-11-21 09:05:07": two readers see the same page.
std::string time_text(std::chrono::system_clock::time_point wall) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(wall);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return std::string(text, size);
}

// Not in the middle of a character.
std::string_view shortened(std::string_view text) {
  if (text.size() <= kShownData) return text;
  std::size_t end = kShownData;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;
  return text.substr(0, end);
}

void append_data(std::string& out, const channel::Publication& publication) {
  const channel::Message& message = publication.message;
  if (message.kind == channel::Kind::binary) {
    out += std::to_string(message.data.size()) + " bytes of ";
    return append_escaped(out, message.type.empty() ? "application/octet-stream" : message.type);
  }
  const std::string_view shown = shortened(message.data.view());
  append_escaped(out, shown);
  if (shown.size() < message.data.size()) out += "\n…";
}

void append_item(std::string& out, const channel::Publication& publication) {
  const channel::Message& message = publication.message;
  out += "<li><p><time>" + time_text(publication.wall) + "</time>";
  if (!message.event.empty()) {
    out += " <b>";
    append_escaped(out, message.event);
    out += "</b>";
  }
  if (!message.key.empty()) {
    out += " · ";
    append_escaped(out, message.key);
  }
  out += "</p><pre>";
  append_data(out, publication);
  out += "</pre></li>\n";
}

}  // namespace

std::string_view html_page_style() {
  return kStyle;
}

std::string_view html_page_policy() {
  return "default-src 'none'; style-src 'sha256-DB9qdNKF8n/uy18EPjxnAr0W/VOAz3VgW4o/AoEy0F4='; base-uri "
         "'none'; form-action 'none'; "
         "frame-ancestors 'self'";
}

std::string html_page(const HtmlPage& page) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"refresh\" content=\"";
  out += std::to_string(page.refresh) + "\">\n<title>";
  append_escaped(out, page.channel);
  out.append("</title>\n<style>").append(kStyle).append("</style></head>\n<body><h1>");
  append_escaped(out, page.channel);
  out += "</h1>\n";
  out += page.messages.empty() ? "<p>Nothing has been published here yet.</p>\n" : "<ol>\n";
  for (auto message = page.messages.rbegin(); message != page.messages.rend(); ++message)
    append_item(out, **message);
  if (!page.messages.empty()) out += "</ol>\n";
  out += "<footer>";
  if (page.has_older) out += "There are older messages. ";
  out += "Newest first, times in UTC. This page loads itself again every " + std::to_string(page.refresh) +
         (page.refresh == 1 ? " second" : " seconds") + ".</footer>\n</body></html>\n";
  return out;
}

}  // namespace naru::serve
