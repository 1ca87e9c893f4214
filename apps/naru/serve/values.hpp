// Values of options as texts: from flags and the environment, and back for people. Units are understood where
// an option has one ("64 KiB", "10 min", "250ms").
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "naru/serve/option.hpp"

namespace apps {

// A value, or a sentence that says what it should have been.
struct ReadValue {
  std::optional<OptionValue> value = {};
  std::string fault = {};
};

// Lists are separated by commas.
ReadValue read_text(const OptionFacts& facts, std::string_view text);
// Is this value of the right kind within the option's limits? A value of another kind is a fault too.
ReadValue checked(const OptionFacts& facts, OptionValue value);

// "10 min", "1 MiB", "open": what read_text() would take.
std::string show(const OptionFacts& facts, const OptionValue& value);
// What may stand there: "0 to 65535", "open|token|none", "true or false".
std::string type_of(const OptionFacts& facts);

}  // namespace apps
