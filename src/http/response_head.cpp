#include "http/response_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "http/grammar.hpp"

namespace naru::http {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 47> kPhrases = {{
    {100, "Continue"},
    {101, "Switching Protocols"},
    {103, "Early Hints"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_framing(std::string& out, const HeadContext& context) {
  if (context.framing == Framing::length) {
    out.append("Content-Length: ");
    append_number(out, context.length);
    out.append("\r\n");
  } else if (context.framing == Framing::chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  }
}

}  // namespace

bool ResponseHead::add(std::string_view name, std::string_view value) {
  if (equal_names(name, "content-length") || equal_names(name, "transfer-encoding")) return false;
  if (equal_names(name, "connection") && list_names(value, "close")) {
    closes = true;
    return true;
  }
  return fields.add(name, value);
}

std::string_view reason_phrase(int status) noexcept {
  const auto found = std::lower_bound(kPhrases.begin(), kPhrases.end(), status,
                                      [](const auto& entry, int number) { return entry.first < number; });
  return found != kPhrases.end() && found->first == status ? found->second : "Unknown";
}

std::string to_wire(const ResponseHead& head, const HeadContext& context) {
  constexpr std::size_t kBesideFields = 160;  // the status line and what is added here
  std::string out;
  out.reserve(kBesideFields + head.fields.wire().size());
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(std::clamp(head.status, 100, 999)));
  out.append(" ").append(reason_phrase(head.status)).append("\r\n");
  out.append(head.fields.wire());
  if (!context.date.empty()) out.append("Date: ").append(context.date).append("\r\n");
  append_framing(out, context);
  if (!context.is_upgrade) {
    if (!context.keep_alive) {
      out.append("Connection: close\r\n");
    } else if (context.minor_version == 0) {
      out.append("Connection: keep-alive\r\n");
    }
  }
  return out.append("\r\n");
}

}  // namespace naru::http
