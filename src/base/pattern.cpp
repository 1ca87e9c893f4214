#include "naru/pattern.hpp"

#include <regex>
#include <stdexcept>
#include <utility>

namespace naru {
inline namespace v0 {
namespace {

// libstdc++ otherwise tries every way in turn, recursively: time and stack would be the peer's to spend. Its
// other executor walks the text once, for all ways at a time.
constexpr std::regex::flag_type kGrammar = std::regex::ECMAScript | std::regex::optimize
#ifdef __GLIBCXX__
                                           | std::regex_constants::__polynomial
#endif
    ;

}  // namespace

struct Pattern::Compiled {
  std::string text;
  std::regex regex;
};

Pattern::Pattern(std::string text) {
  try {
    std::regex regex(text, kGrammar);
    compiled_ = std::make_shared<const Compiled>(Compiled{std::move(text), std::move(regex)});
  } catch (const std::regex_error& error) {
    throw std::logic_error("\"" + text + "\" is no pattern: " + error.what());
  }
}

bool Pattern::matches(std::string_view text) const {
  return std::regex_search(text.begin(), text.end(), compiled_->regex);
}

const std::string& Pattern::text() const noexcept {
  return compiled_->text;
}

}  // namespace v0
}  // namespace naru
