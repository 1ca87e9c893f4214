#include "auth/fingerprint.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>

#include "base/base64.hpp"

namespace naru::auth {

std::string fingerprint(std::string_view secret) {
  constexpr std::size_t kBytes = 9;
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  if (::EVP_Digest(secret.data(), secret.size(), hash.data(), nullptr, ::EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  std::string text;
  base::append_base64(text, std::string_view(reinterpret_cast<const char*>(hash.data()), kBytes),
                      base::Base64::url);
  return text;
}

}  // namespace naru::auth
