// The configuration file: TOML, whose keys are the options, and [[channels]] tables for those channels whose
// names begin with a `prefix`.
//
//   port = 8005
//   publish_tokens_file = "tokens"
//
//   [[channels]]
//   prefix = "orders/"
//   durability = "power"
#pragma once

#include <string>
#include <string_view>

#include "naru/serve/given.hpp"

namespace apps {

// Larger files are refused: a configuration is read by people.
inline constexpr std::size_t kMaxConfigFile = 1'000'000;
inline constexpr std::size_t kMaxGroups = 1000;

// Everything that is right in it; everything that is wrong is in `faults`, with its line.
GivenFile read_config_file(const std::string& path, Faults& faults);
// The same of a text, which is called `name` in faults.
GivenFile read_config_text(std::string_view text, const std::string& name, Faults& faults);

}  // namespace apps
