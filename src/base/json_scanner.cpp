#include "base/json_scanner.hpp"

#include <array>
#include <bit>
#include <cstring>

#include "base/json_text.hpp"
#include "base/utf8_sequence.hpp"

namespace naru::base {
namespace {

constexpr std::uint64_t each_byte(unsigned char byte) {
  return 0x0101010101010101U * byte;
}

// The bytes of `word` that a string cannot simply skip (quote, backslash, control, above 7F) have their
// highest bit set; above the lowest such byte there may be false ones.
constexpr std::uint64_t special_bytes(std::uint64_t word) {
  const std::uint64_t quote = word ^ each_byte('"');
  const std::uint64_t backslash = word ^ each_byte('\\');
  const std::uint64_t is_quote = (quote - each_byte(1)) & ~quote;
  const std::uint64_t is_backslash = (backslash - each_byte(1)) & ~backslash;
  const std::uint64_t is_control = (word - each_byte(0x20)) & ~word;
  return (is_quote | is_backslash | is_control | word) & each_byte(0x80);
}
constexpr bool is_special(unsigned char byte) {
  return byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\';
}
constexpr bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}
constexpr bool is_blank(char byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}
constexpr bool is_hex(char byte) {
  return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

// Words of eight bytes at a time: bench/micro/json_scan.
const char* skip_plain(const char* at, const char* end) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    for (; end - at >= 8; at += 8) {
      std::uint64_t word;
      std::memcpy(&word, at, sizeof word);
      if (const std::uint64_t special = special_bytes(word)) return at + std::countr_zero(special) / 8;
    }
  }
  while (at != end && !is_special(static_cast<unsigned char>(*at)))
    ++at;
  return at;
}

// The grammar of RFC 8259 section 2 as a machine: what is to come next decides who reads it.
template <bool kWithOutline>
class Scanner {
 public:
  Scanner(std::string_view text, JsonOutline* outline)
      : at_(text.data()), end_(text.data() + text.size()), outline_(outline) {}

  std::optional<JsonError> run() {
    skip_blanks();
    if constexpr (kWithOutline) note_kind();
    Next next = Next::value;
    while (true) {
      switch (next) {
        case Next::value:
          next = read_value();
          break;
        case Next::value_or_end:
          next = at_ != end_ && *at_ == ']' ? close() : read_value();
          break;
        case Next::name:
          next = read_name();
          break;
        case Next::name_or_end:
          next = at_ != end_ && *at_ == '}' ? close() : read_name();
          break;
        case Next::separator:
          next = read_separator();
          break;
        case Next::nothing:
          skip_blanks();
          if (at_ == end_) return std::nullopt;
          return JsonError::trailing_bytes;
        case Next::failure:
          return error_;
      }
    }
  }

 private:
  enum class Next : std::uint8_t { value, value_or_end, name, name_or_end, separator, nothing, failure };
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
  [[gnu::cold]] Next fail(JsonError error) {
    reject(error);
    return Next::failure;
  }

  void skip_blanks() {
    while (at_ != end_ && is_blank(*at_))
      ++at_;
  }

  Next read_value() {
    if (at_ == end_) return fail(JsonError::unexpected_end);
    if constexpr (kWithOutline) {
      if (depth_ == 1) element_ = at_;
    }
    switch (*at_) {
      case '"':
        return read_string() ? Next::separator : Next::failure;
      case '{':
        return open(Next::name_or_end);
      case '[':
        return open(Next::value_or_end);
      case 't':
        if constexpr (kWithOutline) {
          if (name_ == Name::placeholder) objects_[depth_].is_placeholder = true;
        }
        return read_literal("true");
      case 'f':
        return read_literal("false");
      case 'n':
        return read_literal("null");
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
        return read_number();
      default:
        return fail(JsonError::value_expected);
    }
  }

  // Depth is counted before anything is stored: is_object_ and objects_ have a place for each level up to the
  // limit.
  Next open(Next next) {
    if (depth_ == kMaxJsonDepth) return fail(JsonError::too_deep);
    ++depth_;
    is_object_[depth_] = next == Next::name_or_end;
    if constexpr (kWithOutline) objects_[depth_] = {at_, false, false, 0};
    name_ = Name::other;
    ++at_;
    skip_blanks();
    return next;
  }

  Next close() {
    ++at_;
    if constexpr (kWithOutline) {
      if (is_object_[depth_] && objects_[depth_].is_placeholder) note_placeholder();
    }
    name_ = Name::other;
    --depth_;
    return Next::separator;
  }

  // After a value: what its container goes on with.
  Next read_separator() {
    if (depth_ == 0) return Next::nothing;
    if constexpr (kWithOutline) {
      if (depth_ == 1 && !is_object_[1] && !note_element()) return fail(JsonError::too_many_elements);
    }
    skip_blanks();
    if (at_ == end_) return fail(JsonError::unexpected_end);
    if (*at_ == ',') {
      ++at_;
      skip_blanks();
      return is_object_[depth_] ? Next::name : Next::value;
    }
    if (*at_ == (is_object_[depth_] ? '}' : ']')) return close();
    return fail(JsonError::comma_expected);
  }

  Next read_name() {
    if (at_ == end_) return fail(JsonError::unexpected_end);
    if (*at_ != '"') return fail(JsonError::name_expected);
    const char* begin = at_;
    has_escape_ = false;
    if (!read_string()) return Next::failure;
    if constexpr (kWithOutline) note_name(std::string_view(begin, static_cast<std::size_t>(at_ - begin)));
    skip_blanks();
    if (at_ == end_) return fail(JsonError::unexpected_end);
    if (*at_ != ':') return fail(JsonError::colon_expected);
    ++at_;
    skip_blanks();
    return Next::value;
  }

  bool read_string() {
    ++at_;
    while (true) {
      at_ = skip_plain(at_, end_);
      if (at_ == end_) return reject(JsonError::unexpected_end);
      const auto byte = static_cast<unsigned char>(*at_);
      if (byte == '"') return ++at_, true;
      if (byte >= 0x80) {
        if (!read_characters()) return false;
      } else if (byte == '\\') {
        if (!read_escape()) return false;
      } else {
        return reject(JsonError::control_character);
      }
    }
  }

  // A run of characters above 7F.
  bool read_characters() {
    do {
      const Utf8Sequence sequence = utf8_sequence(at_, end_);
      if (!sequence.is_whole) return reject(JsonError::bad_utf8);
      at_ += sequence.size;
    } while (at_ != end_ && static_cast<unsigned char>(*at_) >= 0x80);
    return true;
  }

  // Surrogates are not paired here: a lone one is legal.
  bool read_escape() {
    has_escape_ = true;
    if (end_ - at_ < 2) return reject(JsonError::unexpected_end);
    switch (at_[1]) {
      case '"':
      case '\\':
      case '/':
      case 'b':
      case 'f':
      case 'n':
      case 'r':
      case 't':
        at_ += 2;
        return true;
      case 'u':
        if (end_ - at_ < 6) return reject(JsonError::unexpected_end);
        if (!is_hex(at_[2]) || !is_hex(at_[3]) || !is_hex(at_[4]) || !is_hex(at_[5])) break;
        at_ += 6;
        return true;
      default:
        break;
    }
    return reject(JsonError::bad_escape);
  }

  bool read_digits() {
    if (at_ == end_ || !is_digit(*at_)) return reject(JsonError::bad_number);
    while (at_ != end_ && is_digit(*at_))
      ++at_;
    return true;
  }

  // RFC 8259 section 6.
  Next read_number() {
    const char* begin = at_;
    if (*at_ == '-') ++at_;
    if (at_ != end_ && *at_ == '0') {
      ++at_;
      if (at_ != end_ && is_digit(*at_)) return fail(JsonError::bad_number);
    } else if (!read_digits()) {
      return Next::failure;
    }
    if (at_ != end_ && *at_ == '.') {
      ++at_;
      if (!read_digits()) return Next::failure;
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
      ++at_;
      if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
      if (!read_digits()) return Next::failure;
    }
    if constexpr (kWithOutline) {
      if (name_ == Name::num) note_num(std::string_view(begin, static_cast<std::size_t>(at_ - begin)));
    }
    return Next::separator;
  }

  Next read_literal(std::string_view word) {
    const auto left = static_cast<std::size_t>(end_ - at_);
    if (left < word.size() || std::memcmp(at_, word.data(), word.size()) != 0) {
      return fail(JsonError::bad_literal);
    }
    at_ += word.size();
    return Next::separator;
  }

  void note_kind() {
    if (at_ != end_) outline_->kind = json_kind(std::string_view(at_, static_cast<std::size_t>(end_ - at_)));
  }

  bool note_element() {
    if (outline_->elements.size() == kMaxJsonElements) return false;
    outline_->elements.emplace_back(element_, static_cast<std::size_t>(at_ - element_));
    return true;
  }

  void note_name(std::string_view name) {
    name_ = Name::other;
    if (name == "\"_placeholder\"" || (has_escape_ && json_string_equals(name, "_placeholder"))) {
      name_ = Name::placeholder;
      objects_[depth_].is_placeholder = false;
    } else if (name == "\"num\"" || (has_escape_ && json_string_equals(name, "num"))) {
      name_ = Name::num;
      objects_[depth_].has_num = false;
    }
  }

  void note_num(std::string_view number) {
    const auto num = decode_json_uint64(number);
    objects_[depth_].has_num = num.has_value();
    objects_[depth_].num = num.value_or(0);
  }

  [[gnu::cold]] void note_placeholder() {
    const OpenObject& object = objects_[depth_];
    auto& found = outline_->placeholders;
    while (!found.empty() && found.back().slice.data() > object.begin)
      found.pop_back();
    const std::string_view slice(object.begin, static_cast<std::size_t>(at_ - object.begin));
    found.push_back({slice, object.has_num ? std::optional(object.num) : std::nullopt});
  }

  const char* at_;
  const char* const end_;
  JsonOutline* const outline_;
  const char* element_ = nullptr;  // where the element that is being read begins, at depth 1
  int depth_ = 0;
  JsonError error_ = JsonError::unexpected_end;
  Name name_ = Name::other;  // of the value that comes next
  bool has_escape_ = false;  // in the name just read
  // By depth, from 1; only what is open has been written.
  std::array<bool, kMaxJsonDepth + 1> is_object_;
  std::array<OpenObject, kWithOutline ? kMaxJsonDepth + 1 : 0> objects_;
};

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
