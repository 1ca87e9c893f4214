// The small words of the HTTP grammar (RFC 9110 section 5.6): tokens, blanks, comma lists. Views in, views
// out.
//
//   for (ListItems items(value); auto item = items.next();) use(*item);
#pragma once

#include <optional>
#include <string_view>

namespace naru::http {

bool is_token(std::string_view text) noexcept;
bool is_token_byte(unsigned char byte) noexcept;
// A byte that may stand in a field value: HTAB, blank, visible, or over 0x7f (RFC 9110 5.5).
constexpr bool is_value_byte(unsigned char byte) noexcept {
  return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}
constexpr bool is_blank(char byte) noexcept {
  return byte == ' ' || byte == '\t';
}
constexpr bool is_digit(char byte) noexcept {
  return byte >= '0' && byte <= '9';
}
std::string_view trim_blanks(std::string_view text) noexcept;
// Cuts at `mark`: gives what is before it, and leaves in `rest` what is behind. Without `mark` all is given.
std::string_view cut(std::string_view& rest, char mark) noexcept;

// The items of a comma list, trimmed; empty ones are skipped, commas inside quotes do not count.
class ListItems {
 public:
  explicit ListItems(std::string_view list, char separator = ',') : rest_(list), separator_(separator) {}
  std::optional<std::string_view> next() noexcept;

 private:
  std::string_view rest_;
  char separator_;
};

// A comma list of tokens names this one, in any case.
bool list_names(std::string_view list, std::string_view token) noexcept;

// The weight that a list like `gzip;q=0.5, *` gives to an item's parameters: 0 to 1000 (RFC 9110 12.4.2).
// `parameters` is what stands behind the first ';'. A weight that does not parse counts as 0.
int parse_weight(std::string_view parameters) noexcept;

}  // namespace naru::http
