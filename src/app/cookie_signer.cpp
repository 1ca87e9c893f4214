#include "naru/cookie_signer.hpp"

#include <stdexcept>

#include "auth/password.hpp"
#include "auth/signed_cookie.hpp"
#include "base/ids.hpp"

namespace naru {
inline namespace v0 {

CookieSigner::CookieSigner(std::vector<std::string> secrets) {
  for (const std::string& secret : secrets) {
    if (secret.size() < 16) throw std::invalid_argument("a cookie secret has at least 16 bytes");
  }
  signer_ = std::make_shared<const auth::CookieSigner>(std::move(secrets));
}

std::string CookieSigner::sign(std::string_view value) const {
  return signer_->sign(value);
}

std::optional<std::string> CookieSigner::verify(std::string_view signed_value) const {
  auto value = signer_->verify(signed_value);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

std::string random_id() {
  return base::new_session_id(static_cast<std::uint8_t>(base::random_number()),
                              static_cast<std::uint16_t>(base::random_number()));
}

std::string hash_password(std::string_view password) {
  return auth::hash_password(password);
}
bool verify_password(std::string_view password, std::string_view stored) {
  return auth::verify_password(password, stored);
}

}  // namespace v0
}  // namespace naru
