#include "auth/signed_cookie.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <new>
#include <system_error>

#include "auth/constant_time.hpp"
#include "base/base64.hpp"

namespace naru::auth {
namespace {

constexpr std::string_view kPrefix = "s:";

std::string signature_of(std::string_view value, std::string_view key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(value.data());
  if (::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, value.size(), digest.data(),
             &size) == nullptr) {
    throw std::bad_alloc();
  }
  std::string signature;
  base::append_base64(signature, std::string_view(reinterpret_cast<const char*>(digest.data()), size));
  while (signature.ends_with('='))
    signature.pop_back();
  return signature;
}

}  // namespace

CookieSigner::CookieSigner(std::vector<std::string> keys) : keys_(std::move(keys)) {
  bool is_good = !keys_.empty();
  for (const std::string& key : keys_)
    is_good = is_good && !key.empty();
  if (!is_good) {
    throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                            "signed cookies need at least one secret, and none may be empty");
  }
}

std::string CookieSigner::sign(std::string_view value) const {
  std::string cookie(kPrefix);
  cookie.append(value).append(".").append(signature_of(value, keys_.front()));
  return cookie;
}

std::optional<std::string_view> CookieSigner::verify(std::string_view cookie) const {
  if (cookie.size() > kMaxCookie || !cookie.starts_with(kPrefix)) return std::nullopt;
  cookie.remove_prefix(kPrefix.size());
  const std::size_t dot = cookie.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view value = cookie.substr(0, dot);
  const std::string_view signature = cookie.substr(dot + 1);
  for (const std::string& key : keys_) {
    if (equal_in_constant_time(signature_of(value, key), signature)) return value;
  }
  return std::nullopt;
}

}  // namespace naru::auth
