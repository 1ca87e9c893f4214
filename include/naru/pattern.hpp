// A regular expression, as text that was checked once.
//
//   io.of(naru::Pattern("^/tenant-\\d+$")).on_connection(greet);
//
// The grammar is ECMAScript's, but for references back into the match: so matching takes time in proportion
// to the text, however the pattern was written and whoever wrote the text. Cheap to copy; any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace naru {
inline namespace v0 {

class Pattern {
 public:
  // Throws std::logic_error with a sentence when the text is no pattern.
  explicit Pattern(std::string text);

  // Whether it occurs in the text, as JavaScript's test() does: anchor it with ^ and $ to mean the whole.
  bool matches(std::string_view text) const;
  const std::string& text() const noexcept;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace v0
}  // namespace naru
