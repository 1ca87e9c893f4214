#include "base/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/utf8.hpp"

namespace naru::base {
namespace {

constexpr char32_t kFirstSurrogate = 0xD800;
constexpr char32_t kFirstLowSurrogate = 0xDC00;
constexpr char32_t kPastSurrogates = 0xE000;

bool is_blank(char byte) noexcept {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

void remove_blanks(std::string_view& text) noexcept {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
}

bool is_string(std::string_view value) noexcept {
  return value.size() >= 2 && value.front() == '"' && value.back() == '"';
}

// What JSON.stringify writes for a byte below 20, a quote or a backslash.
void append_escape(std::string& out, char byte) {
  constexpr std::string_view kShort = "\"\"\\\\\bb\ff\nn\rr\tt";  // pairs: the byte, its letter
  for (std::size_t i = 0; i < kShort.size(); i += 2) {
    if (kShort[i] != byte) continue;
    const std::array<char, 2> pair{'\\', kShort[i + 1]};
    return void(out.append(std::string_view(pair.data(), pair.size())));
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<char, 6> escape{'\\', 'u', '0', '0', '0', '0'};
  escape[4] = kDigits[static_cast<unsigned char>(byte) >> 4];
  escape[5] = kDigits[static_cast<unsigned char>(byte) & 15];
  out.append(std::string_view(escape.data(), escape.size()));
}

// Valid UTF-8: only three kinds of bytes may not stand as they are.
void append_escaped(std::string& out, std::string_view text) {
  std::size_t plain = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char byte = text[at];
    if (static_cast<unsigned char>(byte) >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text.substr(plain, at - plain));
    append_escape(out, byte);
    plain = at + 1;
  }
  out.append(text.substr(plain));
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> digits;  // the longest double has 24 characters
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), result.ptr);
}

// The four digits of \uXXXX; the replacement character when they are not there.
char32_t hex_value(std::string_view digits) noexcept {
  unsigned value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return digits.size() == 4 && result.ptr == digits.data() + 4 ? char32_t{value} : kReplacementCharacter;
}

// Reads the escape at the front of `text` and removes it. RFC 8259 section 7.
char32_t take_escape(std::string_view& text) noexcept {
  const char kind = text.size() < 2 ? '\0' : text[1];
  if (kind != 'u') {
    text.remove_prefix(std::min<std::size_t>(2, text.size()));
    constexpr std::string_view kShort = "b\bf\fn\nr\rt\t";
    for (std::size_t i = 0; i < kShort.size(); i += 2) {
      if (kShort[i] == kind) return static_cast<unsigned char>(kShort[i + 1]);
    }
    return static_cast<unsigned char>(kind);
  }
  const char32_t first = hex_value(text.substr(2, 4));
  text.remove_prefix(std::min<std::size_t>(6, text.size()));
  if (first < kFirstSurrogate || first >= kPastSurrogates) return first;
  if (first >= kFirstLowSurrogate || !text.starts_with("\\u")) return kReplacementCharacter;
  const char32_t second = hex_value(text.substr(2, 4));
  // What follows a lone high surrogate is read on its own.
  if (second < kFirstLowSurrogate || second >= kPastSurrogates) return kReplacementCharacter;
  text.remove_prefix(6);
  return 0x10000 + ((first - kFirstSurrogate) << 10) + (second - kFirstLowSurrogate);
}

// Where the string at the front of `text` ends, behind its closing quote.
std::size_t string_size(std::string_view text) noexcept {
  std::size_t at = 1;
  while (at < text.size() && text[at] != '"')
    at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

// The value at the front of `text`, whose grammar is known to be right: brackets need only be counted.
std::size_t value_size(std::string_view text) noexcept {
  std::size_t at = 0;
  std::size_t depth = 0;
  while (at < text.size()) {
    const char byte = text[at];
    if (byte == '"') {
      at += string_size(text.substr(at));
    } else if (byte == '[' || byte == '{') {
      ++depth;
      ++at;
    } else if (byte == ']' || byte == '}') {
      if (depth == 0) return at;  // the container that the value stands in
      --depth;
      ++at;
    } else if (depth == 0 && (byte == ',' || is_blank(byte))) {
      return at;
    } else {
      ++at;
      continue;
    }
    if (depth == 0) return at;
  }
  return at;
}

std::string_view take_value(std::string_view& rest) noexcept {
  const std::string_view value = rest.substr(0, value_size(rest));
  rest.remove_prefix(value.size());
  return value;
}

// Removes the byte and the blanks around it; false when something else comes.
bool take_byte(std::string_view& rest, char byte) noexcept {
  remove_blanks(rest);
  if (rest.empty() || rest.front() != byte) return false;
  rest.remove_prefix(1);
  remove_blanks(rest);
  return true;
}

// The inside of a container; empty for anything else.
std::string_view inside(std::string_view container, char opening) noexcept {
  if (container.size() < 2 || container.front() != opening) return {};
  container = container.substr(1, container.size() - 2);
  remove_blanks(container);
  return container;
}

// The limit that a number out of a double's range runs to. from_chars does not tell which of the two it was.
[[gnu::cold]] double out_of_range(std::string_view number) noexcept {
  const bool is_negative = number.front() == '-';
  if (is_negative) number.remove_prefix(1);
  const std::size_t mark = number.find_first_of("eE");
  const std::string_view digits = number.substr(0, mark);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.find_first_of("123456789");
  // The power of ten of the first digit that counts, roughly: both limits are hundreds away from zero.
  double power = first < point ? static_cast<double>(point - first) : -static_cast<double>(first - point);
  if (mark != std::string_view::npos) {
    std::string_view exponent = number.substr(mark + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    long long value = 0;
    const auto result = std::from_chars(exponent.data(), exponent.data() + exponent.size(), value);
    const bool is_huge = result.ec != std::errc();
    power += is_huge ? (exponent.starts_with('-') ? -HUGE_VAL : HUGE_VAL) : static_cast<double>(value);
  }
  const double limit = power > 0 ? HUGE_VAL : 0.0;
  return is_negative ? -limit : limit;
}

template <class Number>
std::optional<Number> exact(double number, double past_greatest, double least) noexcept {
  if (!(number >= least && number < past_greatest) || std::trunc(number) != number) return std::nullopt;
  return static_cast<Number>(number);
}

constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr double kTwoTo64 = 18446744073709551616.0;

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (true) {
    const std::size_t valid = valid_utf8_size(text);
    append_escaped(out, text.substr(0, valid));
    text.remove_prefix(valid);
    if (text.empty()) break;
    out += "\xEF\xBF\xBD";
    text.remove_prefix(invalid_utf8_size(text));
  }
  out += '"';
}

void append_json_number(std::string& out, std::int64_t number) {
  append_number(out, number);
}
void append_json_number(std::string& out, std::uint64_t number) {
  append_number(out, number);
}
void append_json_number(std::string& out, double number) {
  constexpr double kWholeUpTo = 9007199254740992.0;  // 2^53: above it not every whole number is a double
  if (!std::isfinite(number)) {
    out += "null";
  } else if (std::trunc(number) == number && std::abs(number) <= kWholeUpTo) {
    append_number(out, static_cast<std::int64_t>(number));
  } else {
    append_number(out, number);
  }
}

JsonKind json_kind(std::string_view value) noexcept {
  switch (value.empty() ? '\0' : value.front()) {
    case '"':
      return JsonKind::string;
    case '[':
      return JsonKind::array;
    case '{':
      return JsonKind::object;
    case 't':
    case 'f':
      return JsonKind::boolean;
    case 'n':
      return JsonKind::null;
    default:
      return JsonKind::number;
  }
}

bool decode_json_string(std::string_view value, std::string& out) {
  if (!is_string(value)) return false;
  std::string_view text = value.substr(1, value.size() - 2);
  while (true) {
    const std::size_t plain = std::min(text.find('\\'), text.size());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return true;
    append_code_point(out, take_escape(text));
  }
}

bool json_string_equals(std::string_view value, std::string_view text) {
  if (!is_string(value)) return false;
  const std::string_view inner = value.substr(1, value.size() - 2);
  // An escape is longer than what it means, at most six times.
  if (inner.size() < text.size() || inner.size() > 6 * text.size()) return false;
  if (inner.find('\\') == std::string_view::npos) return inner == text;
  std::string decoded;
  return decode_json_string(value, decoded) && decoded == text;
}

std::optional<double> decode_json_double(std::string_view value) noexcept {
  // from_chars would take "inf" and "nan": a number ends with a digit.
  if (value.empty() || value.back() < '0' || value.back() > '9') return std::nullopt;
  double number = 0;
  const auto result = std::from_chars(value.data(), value.data() + value.size(), number);
  if (result.ec == std::errc::result_out_of_range) return out_of_range(value);
  if (result.ec != std::errc() || result.ptr != value.data() + value.size()) return std::nullopt;
  return number;
}

std::optional<JsonNumber> decode_json_number(std::string_view value) noexcept {
  const char* const end = value.data() + value.size();
  std::int64_t signed_number = 0;
  if (auto result = std::from_chars(value.data(), end, signed_number);
      result.ec == std::errc() && result.ptr == end && value != "-0") {
    return signed_number;
  }
  std::uint64_t unsigned_number = 0;
  if (auto result = std::from_chars(value.data(), end, unsigned_number);
      result.ec == std::errc() && result.ptr == end) {
    return unsigned_number;
  }
  if (auto number = decode_json_double(value)) return *number;
  return std::nullopt;
}

std::optional<std::int64_t> decode_json_int64(std::string_view value) noexcept {
  const auto number = decode_json_number(value);
  if (!number) return std::nullopt;
  if (const auto* whole = std::get_if<std::int64_t>(&*number)) return *whole;
  if (const auto* real = std::get_if<double>(&*number))
    return exact<std::int64_t>(*real, kTwoTo63, -kTwoTo63);
  return std::nullopt;
}

std::optional<std::uint64_t> decode_json_uint64(std::string_view value) noexcept {
  const auto number = decode_json_number(value);
  if (!number) return std::nullopt;
  if (const auto* whole = std::get_if<std::int64_t>(&*number)) {
    return *whole < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(*whole));
  }
  if (const auto* whole = std::get_if<std::uint64_t>(&*number)) return *whole;
  return exact<std::uint64_t>(std::get<double>(*number), kTwoTo64, 0);
}

JsonElements::JsonElements(std::string_view array) noexcept : rest_(inside(array, '[')) {}

std::optional<std::string_view> JsonElements::next() noexcept {
  if (rest_.empty()) return std::nullopt;
  const std::string_view element = take_value(rest_);
  if (!take_byte(rest_, ',')) rest_ = {};
  return element;
}

JsonMembers::JsonMembers(std::string_view object) noexcept : rest_(inside(object, '{')) {}

std::optional<JsonMembers::Member> JsonMembers::next() noexcept {
  if (rest_.empty() || rest_.front() != '"') return std::nullopt;
  Member member;
  member.name = take_value(rest_);
  if (!take_byte(rest_, ':')) return std::nullopt;
  member.value = take_value(rest_);
  if (!take_byte(rest_, ',')) rest_ = {};
  return member;
}

std::optional<std::string_view> find_member(std::string_view object, std::string_view name) {
  std::optional<std::string_view> found;
  for_each_member(object, [&](std::string_view member, std::string_view value) {
    if (json_string_equals(member, name)) found = value;
  });
  return found;
}

}  // namespace naru::base
