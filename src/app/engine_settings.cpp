#include "app/engine_settings.hpp"

#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "app/compression.hpp"
#include "app/user_code.hpp"

namespace naru::app {
namespace {

std::string comma_list(const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items)
    list.append(list.empty() ? "" : ",").append(item);
  return list;
}

http::SetCookie cookie_of(const HandshakeCookie& options) {
  using Site = HandshakeCookie::SameSite;
  http::SetCookie cookie;
  cookie.name = options.name;
  cookie.path = options.path;
  cookie.domain = options.domain;
  cookie.max_age = options.max_age;
  cookie.expires = options.expires;
  cookie.http_only = options.http_only;
  cookie.secure = options.secure;
  cookie.partitioned = options.partitioned;
  cookie.same_site = options.same_site == Site::lax      ? http::SameSite::lax
                     : options.same_site == Site::strict ? http::SameSite::strict
                     : options.same_site == Site::none   ? http::SameSite::none
                                                         : http::SameSite::unset;
  if (http::to_text(cookie).empty())
    throw std::logic_error("cookie: its name is no token, or its path or domain cannot stand in a cookie");
  return cookie;
}

// What both kinds of options have.
template <class Options>
serve::EngineSettings common_settings(const Options& options, const ServerOptions& server) {
  serve::EngineSettings settings;
  settings.path = without_slash(options.path) + (options.add_trailing_slash ? "/" : "");
  if (settings.path.empty()) throw std::logic_error("path: \"/\" needs add_trailing_slash");
  settings.session.ping_interval = options.ping_interval;
  settings.session.ping_timeout = options.ping_timeout;
  settings.session.upgrade_timeout = options.upgrade_timeout;
  settings.session.close_timeout = options.close_timeout;
  settings.session.max_payload = options.max_payload;
  settings.session.allow_upgrades = options.allow_upgrades && options.allow_websocket;
  settings.websocket.limits.max_message = options.max_payload;
  settings.websocket.compression = checked(options.per_message_deflate);
  settings.cors = cors_of(options.cors);
  if (options.cookie) settings.cookie = cookie_of(*options.cookie);
  settings.compression = {.is_on = options.http_compression.enabled,
                          .threshold = options.http_compression.threshold,
                          .level = options.http_compression.level};
  settings.allow_polling = options.allow_polling;
  settings.allow_websocket = options.allow_websocket;
  settings.session.max_queued = options.max_queued != 0 ? options.max_queued : server.max_queued;
  settings.session.when_full = options.when_full;
  settings.session.slow_grace = server.slow_grace;
  settings.inbound = {options.max_messages_per_second, options.max_bytes_per_second};
  return settings;
}

}  // namespace

serve::CorsSettings cors_of(const CorsOptions& options) {
  serve::CorsSettings cors;
  auth::OriginList& list = cors.origins.list;
  list = auth::OriginList(options.origin);
  list.add(options.origin_patterns);
  if (options.allows_origin) {
    list.add([asked = options.allows_origin](std::string_view origin) {
      bool is_allowed = false;
      guard_user_code("origin", "cors.allows_origin", [&] { is_allowed = asked(origin); });
      return is_allowed;
    });
  }
  cors.is_on = !list.empty();
  cors.enforces_origin = options.enforce_origin;
  cors.credentials = options.credentials;
  cors.continues_preflight = options.preflight_continue;
  cors.preflight_status = options.options_success_status;
  cors.methods = comma_list(options.methods);
  cors.allowed_headers = comma_list(options.allowed_headers);
  cors.exposed_headers = comma_list(options.exposed_headers);
  if (options.max_age) cors.max_age = std::to_string(options.max_age->count());
  return cors;
}

std::string without_slash(std::string path) {
  if (path.empty() || path.front() != '/') path.insert(path.begin(), '/');
  if (path.back() == '/') path.pop_back();
  return path;
}

serve::EngineSettings settings_of(const EngineOptions& options, const ServerOptions& server) {
  serve::EngineSettings settings = common_settings(options, server);
  settings.session.initial_packet = options.initial_packet;
  return settings;
}

serve::EngineSettings settings_of(const IoOptions& options, const ServerOptions& server) {
  return common_settings(options, server);
}

}  // namespace naru::app
