// Cookies that nobody but us can have written, in the form of express and connect.sid: `s:VALUE.SIGNATURE`,
// the signature being HMAC-SHA256 of the value in base64 without padding. A Node.js server with the same
// secret reads ours, and we read its.
//
//   const CookieSigner signer({"today's secret", "yesterday's"});
//   std::string cookie = signer.sign(session_id);                     // to be percent-encoded in Set-Cookie
//   if (auto session_id = signer.verify(percent_decoded_cookie)) ...   // a view into the argument
//
// The value is readable by everybody: sign names, not secrets. Immutable: any thread may use it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace naru::auth {

class CookieSigner {
 public:
  // Browsers keep 4096 bytes of a cookie: nothing longer is looked at.
  static constexpr std::size_t kMaxCookie = 4096;

  // The first key signs, all of them verify: to change the key put a new one in front and drop the old one
  // when its cookies have expired. Throws std::system_error when there is no key or an empty one.
  explicit CookieSigner(std::vector<std::string> keys);

  std::string sign(std::string_view value) const;
  // The value, when one of the keys signed it.
  std::optional<std::string_view> verify(std::string_view cookie) const;

 private:
  std::vector<std::string> keys_;
};

}  // namespace naru::auth
