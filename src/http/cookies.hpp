// Cookies (RFC 6265): reading the Cookie fields of a request, writing Set-Cookie. Values are percent-encoded
// on the way out and decoded on the way in, as Express does, so any text may be a value.
//
//   auto session = find_cookie(head, "connect.sid");
//   answer.add("Set-Cookie", to_text(SetCookie{.name = "lang", .value = "ko", .max_age = 365 * 24h}));
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/request_head.hpp"

namespace naru::http {

// The first cookie of that name in a Cookie field's value, decoded, without quotes around it.
std::optional<std::string> find_cookie(std::string_view cookie_field, std::string_view name);
// The same over all Cookie fields of a request.
std::optional<std::string> find_cookie(const RequestHead& head, std::string_view name);

enum class SameSite : std::uint8_t { unset, lax, strict, none };

struct SetCookie {
  std::string name = {};   // a token
  std::string value = {};  // any text
  std::string path = {};   // empty: the folder of the request's path
  std::string domain = {};
  std::optional<std::chrono::seconds> max_age = {};  // none: until the browser ends; 0 or less: delete it
  std::optional<std::chrono::system_clock::time_point> expires = {};
  bool http_only = false;
  bool secure = false;
  bool partitioned = false;  // one for each site that embeds the page (CHIPS)
  SameSite same_site = SameSite::unset;
};

// The value of a Set-Cookie field. Empty when the name is no token, or path or domain hold a ';' or a control
// byte.
std::string to_text(const SetCookie& cookie);

}  // namespace naru::http
