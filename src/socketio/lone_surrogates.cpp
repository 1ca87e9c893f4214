#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "naru/raw_json.hpp"

namespace naru::detail {
namespace {

constexpr std::size_t kEscape = 6;  // \uXXXX

// The code unit of the escape that the text begins with; 0 when it begins with none.
std::uint32_t code_unit(std::string_view text) {
  if (text.size() < kEscape || text[0] != '\\' || text[1] != 'u') return 0;
  std::uint32_t unit = 0;
  for (char digit : text.substr(2, 4)) {
    unit = unit << 4 | static_cast<std::uint32_t>(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
  }
  return unit;
}

bool is_high(std::uint32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low(std::uint32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

}  // namespace

std::string without_lone_surrogates(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    std::size_t plain = json.find('\\');
    out += json.substr(0, plain);
    if (plain == std::string_view::npos) break;
    json.remove_prefix(plain);
    std::uint32_t unit = code_unit(json);
    std::size_t size = unit == 0 ? 2 : kEscape;
    if (is_high(unit) && is_low(code_unit(json.substr(kEscape)))) size = 2 * kEscape;
    bool lone = size == kEscape && (is_high(unit) || is_low(unit));
    out += lone ? std::string_view("\\ufffd") : json.substr(0, size);
    json.remove_prefix(std::min(size, json.size()));
  }
  return out;
}

}  // namespace naru::detail
