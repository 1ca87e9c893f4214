// A short name for a secret that tells nothing of it: what may be shown where the secret itself may not.
//
//   show(fingerprint(session.sid()));       // "Zt0Fv_2uX9aB": the same each time for the same secret
//
// Thread-safe. Throws std::bad_alloc when there is no memory.
#pragma once

#include <string>
#include <string_view>

namespace naru::auth {

// The first 72 bits of SHA-256, as 12 characters of [A-Za-z0-9_-]. One way only as long as the secret cannot
// be guessed.
std::string fingerprint(std::string_view secret);

}  // namespace naru::auth
