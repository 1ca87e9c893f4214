// Dates as HTTP writes them (RFC 9110 5.6.7).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace naru::http {

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string format_date(std::chrono::system_clock::time_point time);
// The same, made once a second; the view lives until the calling thread asks again.
std::string_view cached_date(std::chrono::system_clock::time_point time);

}  // namespace naru::http
