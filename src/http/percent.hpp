// Percent-encoding (RFC 3986 section 2.1).
//
//   std::optional<std::string> name = percent_decode("na%20ru");   // "na ru"
//   std::string safe = percent_encode("a b/c");                     // "a%20b%2Fc"
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace naru::http {

// Empty when a '%' is not followed by two hexadecimal digits. The result may hold any byte, NUL too.
std::optional<std::string> percent_decode(std::string_view text);
// Like browsers read queries: '+' is a blank, and a '%' that encodes nothing stands for itself.
std::string form_decode(std::string_view text);
// Everything but A-Z a-z 0-9 - . _ ~ is encoded.
std::string percent_encode(std::string_view text);

}  // namespace naru::http
