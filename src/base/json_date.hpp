// A moment as JSON has it, which knows no dates: the text that JavaScript's Date gives for it.
//
//   append_json_date(out, 5);             // "1970-01-01T00:00:00.005Z", with its quotes
#pragma once

#include <cstdint>
#include <string>

namespace naru::base {

// `milliseconds` since 1970, without leap seconds. Null for what is no date in JavaScript: more than 100
// million days from 1970. ECMA-262, "Date.prototype.toJSON" and "Time Values and Time Range".
void append_json_date(std::string& out, std::int64_t milliseconds);

}  // namespace naru::base
