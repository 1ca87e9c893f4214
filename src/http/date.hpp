// Dates as HTTP writes them (RFC 9110 5.6.7).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace naru::http {

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string format_date(std::chrono::system_clock::time_point time);
// The present one, made once a second; the view lives until the calling thread asks again.
std::string_view http_date(const base::Clock& clock);

}  // namespace naru::http
