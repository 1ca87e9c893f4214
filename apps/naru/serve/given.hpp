// What somebody has said, and where: values by option name, before they are put together.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "naru/serve/option.hpp"

namespace apps {

// What is wrong, and where: "naru.toml:7", "NARU_PORT", "--port".
struct Fault {
  std::string where;
  std::string sentence;
};
using Faults = std::vector<Fault>;

struct Given {
  OptionValue value;
  std::string where;
};
using Givens = std::map<std::string, Given, std::less<>>;

// One [[channels]] of the file.
struct GivenGroup {
  std::string where;
  Givens values;
};

struct GivenFile {
  Givens values;
  std::vector<GivenGroup> groups;
};

// "naru.toml:7: there is no key `prot`; did you mean `port`?"
inline std::string line_of(const Fault& fault) {
  return fault.where.empty() ? fault.sentence : fault.where + ": " + fault.sentence;
}

}  // namespace apps
