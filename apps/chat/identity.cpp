#include "chat/identity.hpp"

#include <algorithm>

namespace chat {
namespace {

constexpr std::size_t kIdSize = 16;  // 96 bits of a keyed hash: persons do not meet by chance

}  // namespace

Identities::Identities(const std::string& secret)
    : cookies_({secret + "/cookie"}), people_({secret + "/person"}) {}

std::optional<std::string> Identities::session_of(const std::optional<std::string>& cookie) const {
  if (!cookie) return std::nullopt;
  return cookies_.verify(*cookie);
}

std::string Identities::new_session() {
  return naru::random_id();
}

std::string Identities::cookie_for(std::string_view session) const {
  return cookies_.sign(session);
}

// The signature of the session (base64 of an HMAC) in the letters of an id.
std::string Identities::fingerprint(std::string_view session) const {
  const std::string text = people_.sign(session);
  std::string mac = text.substr(text.rfind('.') + 1);
  std::replace(mac.begin(), mac.end(), '+', '-');
  std::replace(mac.begin(), mac.end(), '/', '_');
  return mac;
}

std::string Identities::person_id(std::string_view session) const {
  return "p" + fingerprint(session).substr(0, kIdSize);
}

int Identities::color(std::string_view session) const {
  int sum = 0;
  for (char c : fingerprint(session))
    sum = (sum * 31 + static_cast<unsigned char>(c)) % 360;
  return sum;
}

std::string Identities::first_nickname(std::string_view session) const {
  int number = 0;
  for (char c : fingerprint(session))
    number = (number * 33 + static_cast<unsigned char>(c)) % 9000;
  return "Guest " + std::to_string(1000 + number);
}

}  // namespace chat
