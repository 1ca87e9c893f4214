// Passwords kept so that who steals them must work hard for each: salted scrypt (RFC 7914), with its
// parameters in the text, so that they can grow later.
//
//   std::string kept = hash_password("open sesame");            // "$scrypt$ln=14,r=8,p=5$SALT$HASH"
//   if (!verify_password("open sesame", kept)) refuse();
//
// Both take about a fifth of a second and 16 MiB: call them off the loop, on workers, whose number bounds the
// memory. Thread-safe. Both throw std::bad_alloc when there is no memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace naru::auth {

// Longer ones are never right and cannot be hashed: nobody types them.
inline constexpr std::size_t kMaxPassword = 1024;
// A kept hash that asks for more is refused, whoever wrote it into the database.
inline constexpr std::size_t kMaxPasswordMemory = 32 * 1024 * 1024;

// REQUIRES: password.size() <= kMaxPassword (throws std::length_error).
std::string hash_password(std::string_view password);
// False also when `kept` is no hash of ours.
[[nodiscard]] bool verify_password(std::string_view password, std::string_view kept);

}  // namespace naru::auth
