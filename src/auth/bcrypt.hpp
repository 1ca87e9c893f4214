// Passwords that others have hashed with bcrypt: what `htpasswd -nbB` and npm's bcryptjs write. Our own
// hashes are those of password.hpp.
//
//   if (!is_bcrypt("$2b$10$nu1FHRkuxkZkqID.31gz4uQsyERZAn.m4IIruysTsHDODBtrqS5Me")) throw …;
//   if (!verify_bcrypt("changeit", hash)) refuse();
//
// Verifying takes about 2^cost / 20000 seconds (cost 10: a twentieth): call it off the loop. Thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace naru::auth {

// A hash with a greater cost is none for us: it would hold a worker for more than two seconds.
inline constexpr unsigned kMaxBcryptCost = 15;
// bcrypt looks at so many bytes and ignores the rest; longer ones than this are refused, nobody types them.
inline constexpr std::size_t kMaxBcryptPassword = 256;

// "$2a$", "$2b$" or "$2y$", a cost from 04 to kMaxBcryptCost, 53 characters of salt and hash.
bool is_bcrypt(std::string_view text) noexcept;
// False also when `hash` is none, and for a password with a NUL byte, which bcrypt cannot tell from its end.
[[nodiscard]] bool verify_bcrypt(std::string_view password, std::string_view hash);

}  // namespace naru::auth
