// Reading and writing single JSON values as text. Slices that are read REQUIRE a text that scan_json accepted
// (anything else gives wrong answers, never a read outside of the slice).
//
//   append_json_string(out, "say \"hi\"");
//   if (auto name = find_member(object, "name")) decode_json_string(*name, text);
//   for_each_member(object, [&](std::string_view name, std::string_view value) { ... });
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/json_scanner.hpp"

namespace naru::base {

// Writing. A string is written with its quotes, as JSON.stringify does; invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);
// Infinities and NaN are written as null. Whole numbers have no exponent up to 2^53.
void append_json_number(std::string& out, double number);
void append_json_number(std::string& out, std::int64_t number);
void append_json_number(std::string& out, std::uint64_t number);

// What a value is. REQUIRES: a validated value without blanks around it.
JsonKind json_kind(std::string_view value) noexcept;

// Appends what the string (with its quotes) means; escaped lone surrogates become U+FFFD. False when the
// value is no string; `out` is then as it was.
[[nodiscard]] bool decode_json_string(std::string_view value, std::string& out);
// Whether a string (with its quotes) means `text`.
bool json_string_equals(std::string_view value, std::string_view text);

// A number as exactly as it can be had: int64 if it is a whole number in its range, else uint64, else double
// (also from 2^64 on, and for everything with a point or an exponent). Out of a double's range: infinity or
// zero, as in JavaScript. Empty when the value is no number.
using JsonNumber = std::variant<std::int64_t, std::uint64_t, double>;
std::optional<JsonNumber> decode_json_number(std::string_view value) noexcept;
// The number if the type holds it exactly (1.0 and 1e2 are whole numbers); a double takes every number.
std::optional<std::int64_t> decode_json_int64(std::string_view value) noexcept;
std::optional<std::uint64_t> decode_json_uint64(std::string_view value) noexcept;
std::optional<double> decode_json_double(std::string_view value) noexcept;

// Walks an array. Elements come without blanks around them.
class JsonElements {
 public:
  explicit JsonElements(std::string_view array) noexcept;
  // The next element; empty at the end, or when the value is no array.
  std::optional<std::string_view> next() noexcept;

 private:
  std::string_view rest_;
};

// Walks an object.
class JsonMembers {
 public:
  struct Member {
    std::string_view name;  // with its quotes and escapes
    std::string_view value;
  };
  explicit JsonMembers(std::string_view object) noexcept;
  std::optional<Member> next() noexcept;

 private:
  std::string_view rest_;
};

template <class Visit>
void for_each_element(std::string_view array, Visit visit) {
  JsonElements elements(array);
  while (auto element = elements.next())
    visit(*element);
}
// `name` is given with its quotes and escapes: see json_string_equals and decode_json_string.
template <class Visit>
void for_each_member(std::string_view object, Visit visit) {
  JsonMembers members(object);
  while (auto member = members.next())
    visit(member->name, member->value);
}

// The value of a member, names compared unescaped, the last one of duplicates; empty when there is none or
// the value is no object.
std::optional<std::string_view> find_member(std::string_view object, std::string_view name);

}  // namespace naru::base
