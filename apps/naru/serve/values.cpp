#include "naru/serve/values.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

namespace apps {
namespace {

struct Suffix {
  std::string_view name;
  std::int64_t times;
};

constexpr Suffix kByteSuffixes[] = {{"GiB", std::int64_t{1} << 30},
                                    {"MiB", std::int64_t{1} << 20},
                                    {"KiB", 1024},
                                    {"GB", 1'000'000'000},
                                    {"MB", 1'000'000},
                                    {"kB", 1000},
                                    {"B", 1}};
// In milliseconds.
constexpr Suffix kTimeSuffixes[] = {{"d", 86'400'000}, {"h", 3'600'000}, {"min", 60'000},
                                    {"s", 1000},       {"ms", 1},        {"m", 60'000}};

std::span<const Suffix> suffixes_of(Unit unit) {
  if (unit == Unit::none) return {};
  return unit == Unit::bytes ? std::span<const Suffix>(kByteSuffixes)
                             : std::span<const Suffix>(kTimeSuffixes);
}

// How many of the smallest unit the option's own one is: texts are read in the smallest.
std::int64_t scale_of(Unit unit) {
  return unit == Unit::seconds ? 1000 : 1;
}

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

std::optional<std::int64_t> read_integer(Unit unit, std::string_view text) {
  text = trimmed(text);
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc()) return std::nullopt;
  const std::string_view rest = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  if (rest.empty()) return number;
  for (const auto& [name, times] : suffixes_of(unit)) {
    if (rest != name) continue;
    const std::int64_t most = std::numeric_limits<std::int64_t>::max() / times;
    if (number > most || number < -most) return std::nullopt;
    const std::int64_t small = number * times;
    if (small % scale_of(unit) != 0) return std::nullopt;
    return small / scale_of(unit);
  }
  return std::nullopt;
}

std::optional<double> read_number(std::string_view text) {
  text = trimmed(text);
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
    return std::nullopt;
  return number;
}

std::optional<bool> read_boolean(std::string_view text) {
  text = trimmed(text);
  for (const std::string_view yes : {"true", "yes", "on", "1"})
    if (text == yes) return true;
  for (const std::string_view no : {"false", "no", "off", "0"})
    if (text == no) return false;
  return std::nullopt;
}

std::vector<std::string> read_list(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    if (const auto part = trimmed(text.substr(from, comma - from)); !part.empty()) parts.emplace_back(part);
    from = comma + 1;
  }
  return parts;
}

bool is_choice(std::string_view choices, std::string_view text) {
  if (choices.empty()) return true;
  for (std::size_t from = 0; from <= choices.size();) {
    const std::size_t bar = std::min(choices.find('|', from), choices.size());
    if (choices.substr(from, bar - from) == text) return true;
    from = bar + 1;
  }
  return false;
}

std::string trimmed_number(double number) {
  std::string text = std::to_string(number);
  while (text.find('.') != std::string::npos && (text.back() == '0' || text.back() == '.')) {
    const bool is_point = text.back() == '.';
    text.pop_back();
    if (is_point) break;
  }
  return text;
}

std::string show_integer(Unit unit, std::int64_t number) {
  if (unit == Unit::none || number == 0) return std::to_string(number);
  const std::int64_t small = number * scale_of(unit);
  for (const auto& [name, times] : suffixes_of(unit)) {
    if (small % times == 0) return std::to_string(small / times) + " " + std::string(name);
  }
  return std::to_string(number);
}

std::string limits_of(const OptionFacts& facts) {
  return show_integer(facts.unit, facts.least) + " to " + show_integer(facts.unit, facts.most);
}

ReadValue fault(const OptionFacts& facts, std::string_view instead = {}) {
  std::string sentence = std::string(facts.name) + " is " + type_of(facts);
  if (!instead.empty()) sentence += ", not " + std::string(instead);
  return {.fault = std::move(sentence)};
}

template <class Number>
bool is_within(const OptionFacts& facts, Number number) {
  return number >= static_cast<Number>(facts.least) && number <= static_cast<Number>(facts.most);
}

template <class T>
ReadValue checked_or_fault(const OptionFacts& facts, std::optional<T> value, std::string_view text) {
  return value ? checked(facts, std::move(*value)) : fault(facts, text);
}

}  // namespace

ReadValue read_text(const OptionFacts& facts, std::string_view text) {
  switch (facts.kind) {
    case Kind::boolean:
      return checked_or_fault(facts, read_boolean(text), text);
    case Kind::integer:
      return checked_or_fault(facts, read_integer(facts.unit, text), text);
    case Kind::number:
      return checked_or_fault(facts, read_number(text), text);
    case Kind::text:
      return checked(facts, std::string(text));
    case Kind::list:
      return checked(facts, read_list(text));
  }
  return fault(facts);
}

ReadValue checked(const OptionFacts& facts, OptionValue value) {
  // A whole number is a number too; a text may say a number with its unit, and one element is a list.
  if (const auto* whole = std::get_if<std::int64_t>(&value); whole && facts.kind == Kind::number) {
    value = static_cast<double>(*whole);
  }
  if (const auto* one = std::get_if<std::string>(&value); one && facts.kind == Kind::list) {
    value = std::vector<std::string>{*one};
  }
  if (const auto* said = std::get_if<std::string>(&value);
      said && facts.kind == Kind::integer && facts.unit != Unit::none) {
    return read_text(facts, *said);
  }
  if (static_cast<std::size_t>(facts.kind) != value.index()) return fault(facts);
  const std::string shown = show(facts, value);
  if (facts.kind == Kind::integer && !is_within(facts, std::get<std::int64_t>(value)))
    return fault(facts, shown);
  if (facts.kind == Kind::number && !is_within(facts, std::get<double>(value))) return fault(facts, shown);
  if (facts.kind == Kind::text && !is_choice(facts.choices, shown)) return fault(facts, "\"" + shown + "\"");
  return {.value = std::move(value)};
}

std::string show(const OptionFacts& facts, const OptionValue& value) {
  if (const auto* yes = std::get_if<bool>(&value)) return *yes ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return show_integer(facts.unit, *whole);
  if (const auto* number = std::get_if<double>(&value)) return trimmed_number(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  std::string all;
  for (const std::string& one : std::get<std::vector<std::string>>(value))
    all += (all.empty() ? "" : ",") + one;
  return all;
}

std::string type_of(const OptionFacts& facts) {
  switch (facts.kind) {
    case Kind::boolean:
      return "true or false";
    case Kind::integer:
      return (facts.unit == Unit::bytes  ? "bytes, "
              : facts.unit == Unit::none ? ""
                                         : "a time, ") +
             limits_of(facts);
    case Kind::number:
      return "a number, " + limits_of(facts);
    case Kind::text:
      return facts.choices.empty() ? "a text" : std::string(facts.choices);
    case Kind::list:
      return "a list of texts";
  }
  return {};
}

}  // namespace apps
