#include "http/query.hpp"

#include <algorithm>

#include "http/grammar.hpp"
#include "http/percent.hpp"

namespace naru::http {

Query::Query(std::string_view text) {
  while (!text.empty()) {
    std::string_view pair = cut(text, '&');
    if (pair.empty()) continue;
    const std::string_view key = cut(pair, '=');
    pairs_.emplace_back(form_decode(key), form_decode(pair));
  }
}

std::optional<std::string> Query::get(std::string_view key) const {
  const auto found =
      std::find_if(pairs_.rbegin(), pairs_.rend(), [&](const auto& pair) { return pair.first == key; });
  if (found == pairs_.rend()) return std::nullopt;
  return found->second;
}

bool Query::has(std::string_view key) const {
  return std::any_of(pairs_.begin(), pairs_.end(), [&](const auto& pair) { return pair.first == key; });
}

std::vector<std::string> Query::get_all(std::string_view key) const {
  std::vector<std::string> values;
  for (const auto& [name, value] : pairs_) {
    if (name == key) values.push_back(value);
  }
  return values;
}

}  // namespace naru::http
