#include "http/etag.hpp"

#include <algorithm>

#include "http/grammar.hpp"

namespace naru::http {
namespace {

bool is_weak(std::string_view tag) {
  return tag.substr(0, 2) == "W/";
}
std::string_view without_weakness(std::string_view tag) {
  return is_weak(tag) ? tag.substr(2) : tag;
}

}  // namespace

bool is_entity_tag(std::string_view text) noexcept {
  text = without_weakness(text);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  text = text.substr(1, text.size() - 2);
  return std::all_of(text.begin(), text.end(), [](char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return code > 0x20 && code != 0x7f && code != '"';
  });
}

bool equal_strongly(std::string_view one, std::string_view other) noexcept {
  return one == other && is_entity_tag(one) && !is_weak(one);
}

bool equal_weakly(std::string_view one, std::string_view other) noexcept {
  return is_entity_tag(one) && is_entity_tag(other) && without_weakness(one) == without_weakness(other);
}

// Not ListItems: in an entity tag a backslash is an ordinary byte (RFC 9110 8.8.3).
bool tag_list_names(std::string_view list, std::string_view tag) noexcept {
  list = trim_blanks(list);
  if (list == "*") return true;
  while (!list.empty()) {
    const std::size_t open = list.find('"');
    const std::size_t close = open == std::string_view::npos ? open : list.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    if (equal_weakly(list.substr(0, close + 1), tag)) return true;
    list = trim_blanks(list.substr(close + 1));
    if (!list.empty() && list.front() != ',') return false;
    while (!list.empty() && (list.front() == ',' || is_blank(list.front())))
      list.remove_prefix(1);
  }
  return false;
}

bool is_not_modified(const RequestHead& head, std::string_view tag) noexcept {
  if (head.method() != "GET" && head.method() != "HEAD") return false;
  for (const Field field : head.fields()) {
    if (equal_names(field.name, "if-none-match") && tag_list_names(field.value, tag)) return true;
  }
  return false;
}

}  // namespace naru::http
