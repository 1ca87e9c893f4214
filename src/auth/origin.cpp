#include "auth/origin.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace naru::auth {
namespace {

constexpr std::string_view kOption = "cors.origin";

char lower(char byte) noexcept {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}
bool ends_with_ignoring_case(std::string_view text, std::string_view end) noexcept {
  return text.size() >= end.size() && equal_ignoring_case(text.substr(text.size() - end.size()), end);
}

bool is_host_byte(char byte) noexcept {
  const char low = lower(byte);
  return (low >= 'a' && low <= 'z') || (byte >= '0' && byte <= '9') || byte == '.' || byte == '-' ||
         byte == '_';
}
bool is_address_byte(char byte) noexcept {
  const char low = lower(byte);
  return (low >= 'a' && low <= 'f') || (byte >= '0' && byte <= '9') || byte == '.' || byte == ':';
}

// host[:port] of RFC 3986 section 3.2, without user; into `parts`.
bool parse_authority(std::string_view text, OriginParts& parts) noexcept {
  std::size_t size = 0;
  if (text.starts_with('[')) {
    size = std::min(text.find(']'), text.size() - 1) + 1;
    const std::string_view address = text.substr(1, size - 1);
    if (address.size() < 3 || address.back() != ']') return false;
    if (!std::all_of(address.begin(), address.end() - 1, is_address_byte)) return false;
  } else {
    size = std::min(text.find(':'), text.size());
    const std::string_view host = text.substr(0, size);
    if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_byte)) return false;
  }
  parts.host = text.substr(0, size);
  parts.port = std::nullopt;
  const std::string_view rest = text.substr(size);
  if (rest.empty()) return true;
  std::uint16_t port = 0;
  const auto result = std::from_chars(rest.data() + 1, rest.data() + rest.size(), port);
  parts.port = port;
  return rest.front() == ':' && result.ec == std::errc() && result.ptr == rest.data() + rest.size() &&
         rest.size() > 1;
}

bool is_secure_scheme(std::string_view scheme) noexcept {
  return equal_ignoring_case(scheme, "https") || equal_ignoring_case(scheme, "wss");
}

bool is_own_origin(const OriginParts& origin, const OriginQuestion& question) noexcept {
  OriginParts host;
  if (!parse_authority(question.host, host)) return false;
  host.scheme = origin.scheme;
  if (question.is_secure && !is_secure_scheme(origin.scheme)) return false;
  return equal_ignoring_case(origin.host, host.host) && origin.effective_port() == host.effective_port();
}

// Entries were checked by the constructor.
bool entry_names(std::string_view entry, const OriginParts& origin) noexcept {
  const std::size_t mark = entry.find("://*.");
  if (mark == std::string_view::npos) {
    const auto parts = parse_origin(entry);
    return parts && equal_ignoring_case(parts->scheme, origin.scheme) &&
           equal_ignoring_case(parts->host, origin.host) &&
           parts->effective_port() == origin.effective_port();
  }
  OriginParts below;
  below.scheme = entry.substr(0, mark);
  if (!parse_authority(entry.substr(mark + 5), below)) return false;
  return equal_ignoring_case(below.scheme, origin.scheme) &&
         below.effective_port() == origin.effective_port() && origin.host.size() > below.host.size() + 1 &&
         ends_with_ignoring_case(origin.host, below.host) &&
         origin.host[origin.host.size() - below.host.size() - 1] == '.';
}

bool is_good_entry(std::string_view entry) noexcept {
  if (entry == "*" || entry == "null") return true;
  const std::size_t mark = entry.find("://*.");
  if (mark == std::string_view::npos) return parse_origin(entry).has_value();
  OriginParts parts;
  return mark > 0 && parse_authority(entry.substr(mark + 5), parts) && !parts.host.starts_with('[');
}

// What a peer wrote, short enough for a sentence. Whoever shows it escapes it.
std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 128;
  std::string out = "\"";
  out.append(text.substr(0, kShown)).append(text.size() > kShown ? "…\"" : "\"");
  return out;
}

}  // namespace

std::uint16_t OriginParts::effective_port() const noexcept {
  if (port) return *port;
  if (is_secure_scheme(scheme)) return 443;
  return equal_ignoring_case(scheme, "http") || equal_ignoring_case(scheme, "ws") ? 80 : 0;
}

std::optional<OriginParts> parse_origin(std::string_view text) noexcept {
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos || mark == 0) return std::nullopt;
  OriginParts parts;
  parts.scheme = text.substr(0, mark);
  const auto is_scheme_byte = [](char byte) { return is_host_byte(byte) || byte == '+'; };
  if (!std::all_of(parts.scheme.begin(), parts.scheme.end(), is_scheme_byte)) return std::nullopt;
  if (!parse_authority(text.substr(mark + 3), parts)) return std::nullopt;
  return parts;
}

OriginList::OriginList(std::vector<std::string> entries) : entries_(std::move(entries)) {
  for (const std::string& entry : entries_) {
    if (!is_good_entry(entry)) {
      throw std::system_error(
          std::make_error_code(std::errc::invalid_argument),
          "cors.origin: " + quoted(entry) +
              " is not an origin; write scheme://host or scheme://host:port without a path, "
              "scheme://*.host, \"*\" or \"null\"");
    }
    if (entry == "*") names_all_ = true;
  }
}

void OriginList::add(std::vector<Pattern> patterns) {
  patterns_.insert(patterns_.end(), patterns.begin(), patterns.end());
}

void OriginList::add(std::function<bool(std::string_view)> asked) {
  asked_ = std::move(asked);
}

std::optional<std::string_view> OriginList::only() const noexcept {
  const bool is_one = entries_.size() == 1 && patterns_.empty() && !asked_ && parse_origin(entries_.front());
  return is_one ? std::optional<std::string_view>(entries_.front()) : std::nullopt;
}

bool OriginList::names(std::string_view origin) const {
  if (names_all_ || has_entry_for(origin)) return true;
  const bool fits_one = std::any_of(patterns_.begin(), patterns_.end(),
                                    [&](const Pattern& pattern) { return pattern.matches(origin); });
  return fits_one || (asked_ && asked_(origin));
}

bool OriginList::has_entry_for(std::string_view origin) const noexcept {
  if (origin == "null") return std::find(entries_.begin(), entries_.end(), "null") != entries_.end();
  const auto parts = parse_origin(origin);
  if (!parts) return false;
  return std::any_of(entries_.begin(), entries_.end(),
                     [&parts](const std::string& entry) { return entry_names(entry, *parts); });
}

OriginDecision decide_origin(const OriginList& list, const OriginQuestion& question) {
  if (!question.origin || list.names(*question.origin)) return {};
  const auto parts = parse_origin(*question.origin);
  if (parts && is_own_origin(*parts, question)) return {};
  std::string sentence = "the page's origin " + quoted(*question.origin) + " is not this server (" +
                         quoted(question.host) + "); if it may connect, add it to " + std::string(kOption);
  if (parts && question.is_secure && !is_secure_scheme(parts->scheme)) {
    sentence += " (the connection is secure, the page is not)";
  }
  return {false, std::move(sentence)};
}

}  // namespace naru::auth
