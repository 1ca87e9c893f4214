#include "http/cookies.hpp"

#include <algorithm>

#include "http/date.hpp"
#include "http/grammar.hpp"
#include "http/percent.hpp"

namespace naru::http {
namespace {

// RFC 6265 4.1.1: av-octets.
bool is_attribute_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char byte) { return byte >= 0x20 && byte < 0x7f && byte != ';'; });
}

std::string_view text_of(SameSite same_site) {
  switch (same_site) {
    case SameSite::unset:
      return {};
    case SameSite::lax:
      return "; SameSite=Lax";
    case SameSite::strict:
      return "; SameSite=Strict";
    case SameSite::none:
      return "; SameSite=None";
  }
  return {};
}

}  // namespace

std::optional<std::string> find_cookie(std::string_view cookie_field, std::string_view name) {
  while (!cookie_field.empty()) {
    std::string_view value = cut(cookie_field, ';');
    if (value.find('=') == std::string_view::npos || trim_blanks(cut(value, '=')) != name) continue;
    value = trim_blanks(value);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    // What does not decode was not written by us: it is given as it is.
    return percent_decode(value).value_or(std::string(value));
  }
  return std::nullopt;
}

std::optional<std::string> find_cookie(const RequestHead& head, std::string_view name) {
  for (const Field field : head.fields()) {
    if (!equal_names(field.name, "cookie")) continue;
    if (auto value = find_cookie(field.value, name)) return value;
  }
  return std::nullopt;
}

std::string to_text(const SetCookie& cookie) {
  if (!is_token(cookie.name) || !is_attribute_value(cookie.path) || !is_attribute_value(cookie.domain))
    return {};
  std::string text = cookie.name + "=" + percent_encode(cookie.value);
  if (cookie.max_age)
    text += "; Max-Age=" + std::to_string(std::max<std::int64_t>(cookie.max_age->count(), 0));
  if (cookie.expires) text += "; Expires=" + format_date(*cookie.expires);
  if (!cookie.domain.empty()) text += "; Domain=" + cookie.domain;
  if (!cookie.path.empty()) text += "; Path=" + cookie.path;
  if (cookie.http_only) text += "; HttpOnly";
  if (cookie.secure) text += "; Secure";
  if (cookie.partitioned) text += "; Partitioned";
  text += text_of(cookie.same_site);
  return text;
}

}  // namespace naru::http
