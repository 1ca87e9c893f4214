// From the signed cookie to a session, and from a session to what others may see of it.
//
//   auto session = identities.session_of(request.cookie(chat::kCookie));
//   std::string id = identities.person_id(*session);
//
// The session is a secret of its browser: only the cookie carries it. A person's id and hue are derived from
// it with the server's secret, so that nobody can go back. Immutable: any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "naru/cookie_signer.hpp"

namespace chat {

inline constexpr std::string_view kCookie = "naru.sid";

class Identities {
 public:
  explicit Identities(const std::string& secret);

  // What a cookie that we signed carries.
  std::optional<std::string> session_of(const std::optional<std::string>& cookie) const;
  static std::string new_session();
  std::string cookie_for(std::string_view session) const;

  std::string person_id(std::string_view session) const;
  int color(std::string_view session) const;
  // What somebody is called who has not said.
  std::string first_nickname(std::string_view session) const;

 private:
  std::string fingerprint(std::string_view session) const;

  naru::CookieSigner cookies_;
  naru::CookieSigner people_;  // another secret: no part of a person's id can help to forge a cookie
};

}  // namespace chat
