// Comparing secrets without telling by the time it takes how much of them was right.
//
//   if (!equal_in_constant_time(expected_signature, given)) refuse();
#pragma once

#include <openssl/crypto.h>

#include <string_view>

namespace naru::auth {

// The time depends on the sizes only; a size is no secret.
inline bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace naru::auth
