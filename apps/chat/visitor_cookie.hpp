// The cookie of a request, and a new one for whoever has none.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "chat/identity.hpp"
#include "naru/http.hpp"

namespace chat {

inline std::optional<std::string> session_of(const naru::Request& request, const Identities& identities) {
  return identities.session_of(request.cookie(kCookie));
}

// Somebody without a valid cookie gets one with this answer.
inline std::string session_or_new(const naru::Request& request, naru::Response& response,
                                  const Identities& identities) {
  if (auto session = session_of(request, identities)) return *session;
  std::string session = Identities::new_session();
  naru::CookieOptions options;
  options.max_age = std::chrono::hours(24 * 365);
  options.secure = request.secure();
  response.cookie(kCookie, identities.cookie_for(session), options);
  return session;
}

}  // namespace chat
