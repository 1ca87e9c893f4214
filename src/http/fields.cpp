#include "http/fields.hpp"

#include <algorithm>

#include "http/grammar.hpp"

namespace naru::http {
namespace {

constexpr char to_lower(char byte) noexcept {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

bool is_value(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char byte) { return is_value_byte(static_cast<unsigned char>(byte)); });
}

}  // namespace

bool equal_names(std::string_view one, std::string_view other) noexcept {
  return one.size() == other.size() && std::equal(one.begin(), one.end(), other.begin(), [](char a, char b) {
           return a == b || to_lower(a) == to_lower(b);
         });
}

std::optional<std::string_view> FieldRange::find(std::string_view name) const noexcept {
  for (const Field field : *this) {
    if (equal_names(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::size_t FieldRange::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(std::count_if(places_.begin(), places_.end(), [&](const FieldPlace& place) {
    return equal_names({bytes_ + place.name, place.name_size}, name);
  }));
}

bool FieldList::add(std::string_view name, std::string_view value) {
  value = trim_blanks(value);
  if (!is_token(name) || !is_value(value)) return false;
  FieldPlace place;
  place.name = static_cast<std::uint32_t>(bytes_.size());
  place.name_size = static_cast<std::uint32_t>(name.size());
  bytes_.append(name).append(": ");
  place.value = static_cast<std::uint32_t>(bytes_.size());
  place.value_size = static_cast<std::uint32_t>(value.size());
  bytes_.append(value).append("\r\n");
  places_.push_back(place);
  return true;
}

void FieldList::remove(std::string_view name) {
  if (count(name) == 0) return;
  FieldList rest;
  for (const Field field : *this) {
    if (!equal_names(field.name, name)) rest.add(field.name, field.value);
  }
  *this = std::move(rest);
}

void FieldList::clear() noexcept {
  bytes_.clear();
  places_.clear();
}

}  // namespace naru::http
