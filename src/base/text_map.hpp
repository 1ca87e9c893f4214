// A hash map by text that is looked into with any text: no std::string is made for a look.
//
//   TextMap<Session> sessions;
//   auto found = sessions.find(std::string_view("abc"));
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace naru::base {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
};

template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

}  // namespace naru::base
