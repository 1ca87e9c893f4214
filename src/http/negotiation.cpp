#include "http/negotiation.hpp"

#include "http/fields.hpp"
#include "http/grammar.hpp"

namespace naru::http {
namespace {

// How closely a media range names a type: 0 not at all, 1 by */*, 2 by its first half, 3 exactly.
int closeness(std::string_view range, std::string_view type) {
  if (range == "*/*") return 1;
  if (equal_names(range, type)) return 3;
  const std::size_t slash = type.find('/');
  const bool is_half = range.size() == slash + 2 && range.back() == '*' && slash != std::string_view::npos &&
                       equal_names(range.substr(0, slash + 1), type.substr(0, slash + 1));
  return is_half ? 2 : 0;
}

}  // namespace

int weight_of_type(std::string_view accept, std::string_view type) {
  if (trim_blanks(accept).empty()) return 1000;
  int best = 0;
  int weight = 0;
  for (ListItems items(accept); const auto item = items.next();) {
    std::string_view parameters = *item;
    const int close = closeness(trim_blanks(cut(parameters, ';')), type);
    if (close <= best) continue;
    best = close;
    weight = parse_weight(parameters);
  }
  return weight;
}

std::optional<std::size_t> choose_type(std::string_view accept, std::span<const std::string_view> offered) {
  std::optional<std::size_t> choice;
  int best = 0;
  for (std::size_t at = 0; at < offered.size(); ++at) {
    const int weight = weight_of_type(accept, offered[at]);
    if (weight <= best) continue;
    best = weight;
    choice = at;
  }
  return choice;
}

int weight_of_encoding(std::string_view accept_encoding, std::string_view coding) {
  int any = 0;
  for (ListItems items(accept_encoding); const auto item = items.next();) {
    std::string_view parameters = *item;
    const std::string_view named = trim_blanks(cut(parameters, ';'));
    if (equal_names(named, coding)) return parse_weight(parameters);
    if (named == "*") any = parse_weight(parameters);
  }
  return any;
}

std::optional<std::size_t> choose_encoding(std::string_view accept_encoding,
                                           std::span<const std::string_view> offered) {
  std::optional<std::size_t> choice;
  int best = 0;
  const auto consider = [&](std::size_t at) {
    const int weight = weight_of_encoding(accept_encoding, offered[at]);
    if (weight <= best) return;
    best = weight;
    choice = at;
  };
  for (ListItems items(accept_encoding); const auto item = items.next();) {
    std::string_view rest = *item;
    const std::string_view named = trim_blanks(cut(rest, ';'));
    for (std::size_t at = 0; at < offered.size(); ++at) {
      if (equal_names(named, offered[at])) consider(at);
    }
  }
  for (std::size_t at = 0; at < offered.size(); ++at)
    consider(at);
  return choice;
}

}  // namespace naru::http
