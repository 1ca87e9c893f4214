#include "base/json_scanner.hpp"

#include <array>

#include "base/json_runs.hpp"
#include "base/json_text.hpp"

namespace naru::base {
namespace {

using namespace json;

std::string_view between(const char* begin, const char* end) noexcept {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// Reads the grammar of RFC 8259 section 2 in one loop: a value, then what its container goes on with.
//
// The place in the text is a local variable that the inlined steps change, not a member: a member is written
// to memory and read back at every step (measured on 58 bytes, g++ 12 -O2: 44 ns against 74).
template <bool WithOutline>
class Scanner {
 public:
  Scanner(std::string_view text, JsonOutline* outline)
      : begin_(text.data()), end_(text.data() + text.size()), outline_(outline) {}

  std::optional<JsonError> run() {
    const char* at = skip_blanks(begin_, end_);
    if constexpr (WithOutline) {
      if (at != end_) outline_->kind = json_kind(between(at, end_));
    }
    while (true) {
      Step step = read_value(at);
      if (step == Step::value_done) step = read_separators(at);
      if (step == Step::text_done) return std::nullopt;
      if (step == Step::failed) return error_;
    }
  }

 private:
  enum class Step : std::uint8_t { value_next, value_done, text_done, failed };
  enum class Name : std::uint8_t { other, placeholder, num };
  struct OpenObject {  // trivial: sixty-four of them are not worth clearing
    const char* begin;
    bool is_placeholder;
    bool has_num;
    std::uint64_t num;
  };

  [[gnu::cold]] bool reject(JsonError error) {
    error_ = error;
    return false;
  }
  [[gnu::cold]] Step fail(JsonError error) {
    reject(error);
    return Step::failed;
  }

  [[gnu::always_inline]] Step read_value(const char*& at) {
    if (at == end_) return fail(JsonError::unexpected_end);
    if constexpr (WithOutline) {
      if (depth_ == 1) element_ = at;
    }
    switch (*at) {
      case '"':
        return read_string(at) ? Step::value_done : Step::failed;
      case '{':
        return open_object(at);
      case '[':
        return open_array(at);
      case 't':
        if constexpr (WithOutline) {
          if (name_ == Name::placeholder) objects_[depth_].is_placeholder = true;
        }
        return read_literal(at, "true");
      case 'f':
        return read_literal(at, "false");
      case 'n':
        return read_literal(at, "null");
      case '-':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9':
        return read_number(at);
      default:
        return fail(JsonError::value_expected);
    }
  }

  [[gnu::always_inline]] Step open_array(const char*& at) {
    if (!enter(at, false)) return Step::failed;
    return at != end_ && *at == ']' ? leave(at), Step::value_done : Step::value_next;
  }

  [[gnu::always_inline]] Step open_object(const char*& at) {
    if (!enter(at, true)) return Step::failed;
    if (at != end_ && *at == '}') return leave(at), Step::value_done;
    return read_name(at) ? Step::value_next : Step::failed;
  }

  // Depth is checked before anything is stored: there is a place for each level up to the limit.
  [[gnu::always_inline]] bool enter(const char*& at, bool is_object) {
    if (depth_ == kMaxJsonDepth) return reject(JsonError::too_deep);
    ++depth_;
    is_object_ = is_object_ << 1 | (is_object ? 1 : 0);
    if constexpr (WithOutline) {
      if (is_object) objects_[depth_] = {at, false, false, 0};
      name_ = Name::other;
    }
    at = skip_blanks(at + 1, end_);
    return true;
  }

  [[gnu::always_inline]] void leave(const char*& at) {
    ++at;
    if constexpr (WithOutline) {
      if (in_object() && objects_[depth_].is_placeholder) note_placeholder(at);
      name_ = Name::other;
    }
    --depth_;
    is_object_ >>= 1;
  }

  bool in_object() const { return (is_object_ & 1) != 0; }

  // After a value: closes what ends here, up to a comma or the end of the text.
  [[gnu::always_inline]] Step read_separators(const char*& at) {
    while (depth_ > 0) {
      if constexpr (WithOutline) {
        if (depth_ == 1 && !in_object() && !note_element(at)) return fail(JsonError::too_many_elements);
      }
      at = skip_blanks(at, end_);
      if (at == end_) return fail(JsonError::unexpected_end);
      if (*at == ',') {
        at = skip_blanks(at + 1, end_);
        return !in_object() || read_name(at) ? Step::value_next : Step::failed;
      }
      if (*at != (in_object() ? '}' : ']')) return fail(JsonError::comma_expected);
      leave(at);
    }
    at = skip_blanks(at, end_);
    return at == end_ ? Step::text_done : fail(JsonError::trailing_bytes);
  }

  [[gnu::always_inline]] bool read_name(const char*& at) {
    if (at == end_) return reject(JsonError::unexpected_end);
    if (*at != '"') return reject(JsonError::name_expected);
    const char* const begin = at;
    has_escape_ = false;
    if (!read_string(at)) return false;
    if constexpr (WithOutline) note_name(between(begin, at));
    at = skip_blanks(at, end_);
    if (at == end_) return reject(JsonError::unexpected_end);
    if (*at != ':') return reject(JsonError::colon_expected);
    at = skip_blanks(at + 1, end_);
    return true;
  }

  [[gnu::always_inline]] bool read_string(const char*& at) {
    ++at;
    while (true) {
      at = skip_plain(at, end_);
      if (at == end_) return reject(JsonError::unexpected_end);
      const auto byte = static_cast<unsigned char>(*at);
      if (byte == '"') return ++at, true;
      if (byte >= 0x80) {
        at = skip_characters(at, end_);
        if (at == nullptr) return reject(JsonError::bad_utf8);
      } else if (byte == '\\') {
        at = skip_escape(at);
        if (at == nullptr) return false;
      } else {
        return reject(JsonError::control_character);
      }
    }
  }

  // Surrogates are not paired here: a lone one is legal. Null after an error.
  const char* skip_escape(const char* at) {
    has_escape_ = true;
    if (end_ - at < 2) return reject(JsonError::unexpected_end), nullptr;
    if (at[1] != 'u') {
      constexpr std::string_view kLetters = "\"\\/bfnrt";
      if (kLetters.find(at[1]) != std::string_view::npos) return at + 2;
      return reject(JsonError::bad_escape), nullptr;
    }
    if (end_ - at < 6) return reject(JsonError::unexpected_end), nullptr;
    if (is_hex(at[2]) && is_hex(at[3]) && is_hex(at[4]) && is_hex(at[5])) return at + 6;
    return reject(JsonError::bad_escape), nullptr;
  }

  // RFC 8259 section 6.
  [[gnu::always_inline]] Step read_number(const char*& at) {
    const char* const begin = at;
    const char* const digits = *at == '-' ? at + 1 : at;
    at = skip_digits(digits, end_);
    // One digit, or more that do not begin with zero.
    if (at == digits || (*digits == '0' && at - digits > 1)) return fail(JsonError::bad_number);
    if (at != end_ && (*at == '.' || *at == 'e' || *at == 'E')) {
      at = skip_fraction(at);
      if (at == nullptr) return Step::failed;
    }
    if constexpr (WithOutline) {
      if (name_ == Name::num) note_num(between(begin, at));
    }
    return Step::value_done;
  }

  // What follows the whole part, if anything; null after an error.
  const char* skip_fraction(const char* at) {
    if (*at == '.' && (at = skip_some_digits(at + 1)) == nullptr) return nullptr;
    if (at == end_ || (*at != 'e' && *at != 'E')) return at;
    ++at;
    if (at != end_ && (*at == '+' || *at == '-')) ++at;
    return skip_some_digits(at);
  }

  // At least one digit; null after an error.
  const char* skip_some_digits(const char* at) {
    const char* const end = skip_digits(at, end_);
    if (end == at) return reject(JsonError::bad_number), nullptr;
    return end;
  }

  [[gnu::always_inline]] Step read_literal(const char*& at, std::string_view word) {
    if (!between(at, end_).starts_with(word)) return fail(JsonError::bad_literal);
    at += word.size();
    return Step::value_done;
  }

  [[gnu::always_inline]] bool note_element(const char* end) {
    if (outline_->elements.size() == kMaxJsonElements) return false;
    outline_->elements.push_back(between(element_, end));
    return true;
  }

  [[gnu::always_inline]] void note_name(std::string_view name) {
    name_ = Name::other;
    if (has_escape_ || name.starts_with("\"_") || name == "\"num\"") note_special_name(name);
  }
  void note_special_name(std::string_view name) {
    if (json_string_equals(name, "_placeholder")) {
      name_ = Name::placeholder;
      objects_[depth_].is_placeholder = false;
    } else if (json_string_equals(name, "num")) {
      name_ = Name::num;
      objects_[depth_].has_num = false;
    }
  }

  void note_num(std::string_view number) {
    const auto num = decode_json_uint64(number);
    objects_[depth_].has_num = num.has_value();
    objects_[depth_].num = num.value_or(0);
  }

  void note_placeholder(const char* end) {
    const OpenObject& object = objects_[depth_];
    auto& found = outline_->placeholders;
    while (!found.empty() && found.back().slice.data() > object.begin)
      found.pop_back();
    found.push_back({between(object.begin, end), object.has_num ? std::optional(object.num) : std::nullopt});
  }

  const char* const begin_;
  const char* const end_;
  JsonOutline* const outline_;
  const char* element_ = nullptr;  // where the element that is being read begins, at depth 1
  int depth_ = 0;
  std::uint64_t is_object_ = 0;  // one bit for each open container, the innermost lowest
  JsonError error_ = JsonError::unexpected_end;
  Name name_ = Name::other;  // of the value that comes next
  bool has_escape_ = false;  // in the name just read
  // By depth, from 1; only those of open objects have been written.
  std::array<OpenObject, WithOutline ? kMaxJsonDepth + 1 : 0> objects_;
};
static_assert(kMaxJsonDepth <= 64, "is_object_ has 64 bits");

}  // namespace

void JsonOutline::clear() {
  // Larger ones are rare; keeping them would make every outline as large as the largest message.
  constexpr std::size_t kKept = 256;
  kind = JsonKind::null;
  elements.clear();
  placeholders.clear();
  if (elements.capacity() > kKept) elements = std::vector<std::string_view>();
  if (placeholders.capacity() > kKept) placeholders = std::vector<JsonPlaceholder>();
}

std::optional<JsonError> scan_json(std::string_view text, JsonOutline& outline) {
  outline.clear();
  return Scanner<true>(text, &outline).run();
}

std::optional<JsonError> check_json(std::string_view text) {
  return Scanner<false>(text, nullptr).run();
}

std::string_view describe(JsonError error) noexcept {
  switch (error) {
    case JsonError::unexpected_end:
      return "the JSON text ends too early";
    case JsonError::value_expected:
      return "a JSON value was expected";
    case JsonError::name_expected:
      return "a JSON object's member must begin with a name in quotes";
    case JsonError::colon_expected:
      return "a colon was expected after a JSON member's name";
    case JsonError::comma_expected:
      return "a comma or the end of the JSON array or object was expected";
    case JsonError::bad_literal:
      return "the JSON text has a word that is neither true, false nor null";
    case JsonError::bad_number:
      return "the JSON text has a malformed number";
    case JsonError::bad_escape:
      return "a JSON string has a malformed escape";
    case JsonError::control_character:
      return "a JSON string has a control character that is not escaped";
    case JsonError::bad_utf8:
      return "the JSON text is not valid UTF-8";
    case JsonError::too_deep:
      return "the JSON text is nested more than 64 levels deep";
    case JsonError::too_many_elements:
      return "the JSON array has more than 16384 elements";
    case JsonError::trailing_bytes:
      return "something follows the end of the JSON text";
  }
  return "the JSON text is malformed";
}

}  // namespace naru::base
