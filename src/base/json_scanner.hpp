// Checks a JSON text (RFC 8259, strictly; UTF-8 included) and finds its pieces in the same pass. No tree is
// built: the outline is slices of the text, so that what is only passed on is never taken apart.
//
//   JsonOutline outline;                                             // keep it, it keeps its capacity
//   if (auto error = scan_json(text, outline)) return refuse(describe(*error));
//   for (std::string_view element : outline.elements) ...            // ["say","hello",1] -> "say" | "hello"
//   | 1
//
// Escaped lone surrogates ("\ud800") are legal: JavaScript sends them. Duplicate names are legal. Iterative:
// the depth of the text never becomes depth of the stack. Thread-safe as far as each outline has one user.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace naru::base {

// Deeper texts are refused. Programs use single digits; whoever walks a tree by recursion is safe behind
// this.
inline constexpr int kMaxJsonDepth = 64;
// An outline is refused more top-level elements: each costs 16 bytes for two bytes of text. Far above what
// anybody passes as arguments of an event. Texts without an outline have no such limit.
inline constexpr std::size_t kMaxJsonElements = 16384;

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

// An object {"_placeholder":true,"num":0}, which stands for a binary attachment.
struct JsonPlaceholder {
  std::string_view slice;            // the whole object in the text
  std::optional<std::uint64_t> num;  // empty when "num" is missing or no whole number from 0 on
};

struct JsonOutline {
  JsonKind kind = JsonKind::null;
  // The elements when the whole text is an array, without the blanks around them. Views into the text.
  std::vector<std::string_view> elements;
  // Every placeholder at any depth, in the order of the text; what stands inside one is not looked at. As in
  // JavaScript the last of duplicate names counts, names are compared unescaped, and 1.0 is a whole number.
  std::vector<JsonPlaceholder> placeholders;

  // Empties the outline and gives unusually large memory back.
  void clear();
};

enum class JsonError {
  unexpected_end,
  value_expected,
  name_expected,
  colon_expected,
  comma_expected,
  bad_literal,
  bad_number,
  bad_escape,
  control_character,
  bad_utf8,
  too_deep,
  too_many_elements,
  trailing_bytes,
};
// A sentence for people.
std::string_view describe(JsonError error) noexcept;

// Empty: the text is good. After an error the outline is unspecified but safe to reuse.
[[nodiscard]] std::optional<JsonError> scan_json(std::string_view text, JsonOutline& outline);
// The same without an outline.
[[nodiscard]] std::optional<JsonError> check_json(std::string_view text);

}  // namespace naru::base
