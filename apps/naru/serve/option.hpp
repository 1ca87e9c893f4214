// One option of `naru serve`: the same name, type, limits and sentence as a key of the file, as NARU_NAME in
// the environment and as --name on the command line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace apps {

// What a number without a unit means; texts may name another one: "64 KiB", "10 min".
enum class Unit { none, bytes, seconds, milliseconds };

enum class Kind { boolean, integer, number, text, list };

using OptionValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;

struct OptionFacts {
  std::string_view name;  // as in the file
  Kind kind = Kind::text;
  std::string_view sentence = {};  // what it is
  std::string_view reason = {};    // why this default, or this limit
  std::string_view choices = {};   // of a text: "open|token|none"; none: any text
  std::int64_t least = 0;          // of an integer or a number
  std::int64_t most = 0;
  Unit unit = Unit::none;
};

// Where an option's value lives in a Target.
template <class Target>
struct Option {
  OptionFacts facts;
  std::variant<bool Target::*, std::int64_t Target::*, double Target::*, std::string Target::*,
               std::vector<std::string> Target::*>
      place;

  OptionValue read(const Target& target) const {
    return std::visit([&target](auto member) { return OptionValue(target.*member); }, place);
  }
  // REQUIRES: a value of the option's kind.
  void write(Target& target, const OptionValue& value) const {
    std::visit([&]<class Member>(Member Target::*member) { target.*member = std::get<Member>(value); },
               place);
  }
};

}  // namespace apps
