#include "http/grammar.hpp"

#include <array>

#include "http/fields.hpp"

namespace naru::http {
namespace {

constexpr std::array<bool, 256> make_token_bytes() {
  std::array<bool, 256> is{};
  for (unsigned char byte = '0'; byte <= '9'; ++byte)
    is[byte] = true;
  for (unsigned char byte = 'a'; byte <= 'z'; ++byte)
    is[byte] = is[byte - 'a' + 'A'] = true;
  for (const char byte : std::string_view("!#$%&'*+-.^_`|~"))
    is[static_cast<unsigned char>(byte)] = true;
  return is;
}
constexpr std::array<bool, 256> kTokenBytes = make_token_bytes();

}  // namespace

bool is_token_byte(unsigned char byte) noexcept {
  return kTokenBytes[byte];
}

bool is_token(std::string_view text) noexcept {
  for (const char byte : text) {
    if (!is_token_byte(static_cast<unsigned char>(byte))) return false;
  }
  return !text.empty();
}

std::string_view trim_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

std::string_view cut(std::string_view& rest, char mark) noexcept {
  const std::size_t at = rest.find(mark);
  const std::string_view before = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return before;
}

std::optional<std::string_view> ListItems::next() noexcept {
  while (!rest_.empty()) {
    bool is_quoted = false;
    std::size_t at = 0;
    for (; at < rest_.size() && (is_quoted || rest_[at] != separator_); ++at) {
      if (rest_[at] == '"') is_quoted = !is_quoted;
      if (is_quoted && rest_[at] == '\\') ++at;
    }
    const std::string_view item = trim_blanks(rest_.substr(0, at));
    rest_.remove_prefix(at < rest_.size() ? at + 1 : rest_.size());
    if (!item.empty()) return item;
  }
  return std::nullopt;
}

bool list_names(std::string_view list, std::string_view token) noexcept {
  for (ListItems items(list); const auto item = items.next();) {
    if (equal_names(*item, token)) return true;
  }
  return false;
}

int parse_weight(std::string_view parameters) noexcept {
  for (ListItems items(parameters, ';'); const auto item = items.next();) {
    std::string_view value = *item;
    if (!equal_names(trim_blanks(cut(value, '=')), "q")) continue;
    value = trim_blanks(value);
    // RFC 9110 12.4.2: "0" or "1", and at most three digits behind the point.
    if (value.empty() || value.size() > 5 || (value[0] != '0' && value[0] != '1')) return 0;
    if (value.size() > 1 && value[1] != '.') return 0;
    int weight = (value[0] - '0') * 1000;
    int unit = 100;
    for (const char digit : value.substr(value.size() > 1 ? 2 : 1)) {
      if (!is_digit(digit)) return 0;
      weight += (digit - '0') * unit;
      unit /= 10;
    }
    return weight <= 1000 ? weight : 0;
  }
  return 1000;
}

}  // namespace naru::http
