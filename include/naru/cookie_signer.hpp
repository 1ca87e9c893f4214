// Signs what a cookie carries, so that HTTP routes and sockets can trust it (the form of Express:
// `s:value.mac`).
//
//   naru::CookieSigner signer({secret});
//   response.cookie("connect.sid", signer.sign(session), {.secure = request.secure()});
//   auto session = signer.verify(socket.handshake().cookie("connect.sid").value_or(""));
//
// Immutable after construction: safe from any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace naru {
namespace auth {
class CookieSigner;
}
inline namespace v0 {

class CookieSigner {
 public:
  // The first secret signs; all of them verify, so that a secret can be replaced without ending sessions.
  // Each must have at least 16 bytes; throws std::invalid_argument otherwise.
  explicit CookieSigner(std::vector<std::string> secrets);
  std::string sign(std::string_view value) const;
  // The value, when one of the secrets signed it. Constant time in the signature.
  std::optional<std::string> verify(std::string_view signed_value) const;

 private:
  std::shared_ptr<const auth::CookieSigner> signer_;
};

// A new unguessable text of 20 characters of [A-Za-z0-9_-], for sessions and file names.
std::string random_id();

// A password as text to store: salted and slow (scrypt, about a fifth of a second and 16 MiB):
// call both through offload(). At most 1024 bytes; throws std::length_error for more.
std::string hash_password(std::string_view password);
bool verify_password(std::string_view password, std::string_view stored);

}  // namespace v0
}  // namespace naru
