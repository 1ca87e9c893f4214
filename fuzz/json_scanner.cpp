// uses: base
// The scanner against nlohmann's, which knows the same grammar but refuses lone surrogate escapes and numbers
// out of a double's range; and what json_text reads out of every text that was accepted.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/json_scanner.hpp"
#include "base/json_text.hpp"
#include "base/utf8.hpp"

namespace {

using namespace naru::base;

void require(bool holds) {
  if (!holds) std::abort();
}

// nlohmann's parser refuses by these two where we do not.
bool has_surrogate_escape(std::string_view text) {
  for (std::size_t at = text.find("\\u"); at != std::string_view::npos; at = text.find("\\u", at + 1)) {
    if (at + 3 < text.size() && (text[at + 2] == 'd' || text[at + 2] == 'D') && text[at + 3] >= '8')
      return true;
  }
  return false;
}
bool is_out_of_range(const std::string& text) {
  try {
    [[maybe_unused]] const auto value = nlohmann::json::parse(text);
  } catch (const nlohmann::json::out_of_range&) {
    return true;
  } catch (const nlohmann::json::exception&) {
  }
  return false;
}

// Recursion is safe: the scanner has refused deeper texts.
void compare(std::string_view slice, const nlohmann::json& value) {
  switch (json_kind(slice)) {
    case JsonKind::null:
      return require(value.is_null());
    case JsonKind::boolean:
      return require(value.is_boolean() && value.get<bool>() == (slice == "true"));
    case JsonKind::number:
      return require(value.is_number() && decode_json_double(slice) == value.get<double>());
    case JsonKind::string: {
      std::string text;
      require(decode_json_string(slice, text) && value.is_string() && is_valid_utf8(text));
      require(text == value.get<std::string>() && json_string_equals(slice, text));
      return;
    }
    case JsonKind::array: {
      std::size_t count = 0;
      require(value.is_array());
      for_each_element(slice, [&](std::string_view element) { compare(element, value.at(count++)); });
      return require(count == value.size());
    }
    case JsonKind::object:
      require(value.is_object());
      for (const auto& [name, member] : value.items()) {
        const auto found = find_member(slice, name);
        require(found.has_value());
        compare(*found, member);
      }
      return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  JsonOutline outline;
  const auto error = scan_json(text, outline);
  if (error != JsonError::too_many_elements) require(error == check_json(text));
  if (error == JsonError::too_deep || error == JsonError::too_many_elements || has_surrogate_escape(text))
    return 0;
  // nlohmann skips a byte order mark and takes a NUL for the end.
  if (text.starts_with("\xEF\xBB\xBF") || text.find('\0') != std::string_view::npos) {
    return require(error.has_value()), 0;
  }

  const auto value = nlohmann::json::parse(text, nullptr, false);
  if (value.is_discarded()) return require(error.has_value() || is_out_of_range(std::string(text))), 0;
  require(!error);
  if (outline.kind == JsonKind::array) {
    require(outline.elements.size() == value.size());
    for (std::size_t i = 0; i < value.size(); ++i)
      compare(outline.elements[i], value[i]);
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  compare(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1), value);
  for (const JsonPlaceholder& placeholder : outline.placeholders) {
    require(find_member(placeholder.slice, "_placeholder") == "true");
  }
  return 0;
}
