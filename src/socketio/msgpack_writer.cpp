#include "socketio/msgpack_writer.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <variant>

#include "base/json_text.hpp"

namespace naru::socketio {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kPlaceholder = R"({"_placeholder":true,"num":)";  // as ArgumentWriter writes it

// What is kept of a buffer between packets.
constexpr std::size_t kKept = std::size_t{64} * 1024;

// Behind the closing quote of the string that begins at `at`; npos when there is none.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  while (true) {
    const std::size_t quote = text.find('"', at + 1);
    if (quote == std::string_view::npos) return quote;
    std::size_t backslashes = quote;
    while (text[backslashes - 1] == '\\')
      --backslashes;
    if ((quote - backslashes) % 2 == 0) return quote + 1;
    at = quote;
  }
}

}  // namespace

void MsgpackWriter::clear() {
  out_.clear();
  decoded_.clear();
  if (out_.capacity() > kKept) out_.shrink_to_fit();
  if (decoded_.capacity() > kKept) decoded_.shrink_to_fit();
  if (counts_.capacity() > kKept / sizeof(std::uint32_t)) counts_ = std::vector<std::uint32_t>();
}

// --- heads and numbers ---

void MsgpackWriter::big_endian(std::uint64_t value, std::size_t bytes) {
  for (std::size_t shift = bytes * 8; shift > 0; shift -= 8)
    out_ += static_cast<char>(value >> (shift - 8));
}

// `shortest` holds sizes below `past_shortest` in itself; `first_form` is followed by one byte or by two, the
// next ones by twice as many.
void MsgpackWriter::head(std::size_t size, unsigned char shortest, std::size_t past_shortest,
                         unsigned char first_form, bool has_form_of_one_byte) {
  if (size < past_shortest) {
    out_ += static_cast<char>(shortest | size);
    return;
  }
  std::size_t bytes = has_form_of_one_byte ? 1 : 2;
  unsigned form = first_form;
  while (bytes < 4 && size >> (8 * bytes) != 0) {
    bytes *= 2;
    ++form;
  }
  out_ += static_cast<char>(form);
  big_endian(size, bytes);
}

void MsgpackWriter::map(std::size_t pairs) {
  head(pairs, 0x80, 16, 0xDE, false);
}

void MsgpackWriter::text(std::string_view text) {
  head(text.size(), 0xA0, 32, 0xD9, true);
  out_ += text;
}

void MsgpackWriter::number(std::uint64_t number) {
  if (number >> 32 == 0) return head(number, 0x00, 128, 0xCC, true);
  out_ += '\xCF';
  big_endian(number, 8);
}

void MsgpackWriter::negative(std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  if (number >= -32) {
    out_ += static_cast<char>(number);
    return;
  }
  const unsigned power = number >= -0x80 ? 0 : number >= -0x8000 ? 1 : number >= -0x80000000LL ? 2 : 3;
  out_ += static_cast<char>(0xD0 + power);
  big_endian(bits, std::size_t{1} << power);
}

void MsgpackWriter::real(double number) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  constexpr double kTwoTo64 = 18446744073709551616.0;
  if (std::trunc(number) == number && number >= -kTwoTo63 && number < kTwoTo64) {
    if (number < 0) return negative(static_cast<std::int64_t>(number));
    return this->number(static_cast<std::uint64_t>(number));
  }
  out_ += '\xCB';
  big_endian(std::bit_cast<std::uint64_t>(number), 8);
}

// --- JSON ---

bool MsgpackWriter::value(RawJsonView json) {
  json_ = json;
  counts_.clear();
  if (!count(false)) return false;
  next_count_ = 0;
  open_.assign(1, {1, false, false});
  return write();
}

bool MsgpackWriter::list(RawJsonView values) {
  json_ = values;
  counts_.clear();
  if (!count(true)) return false;
  next_count_ = 0;
  open_.clear();
  open(false);
  return write();
}

// Heads stand before what they count: the text is walked once for them alone, strings leapt over.
bool MsgpackWriter::count(bool is_list) {
  const std::string_view text = json_.text;
  const std::size_t outside = is_list ? 1 : 0;
  counting_.clear();
  if (is_list) begin_count(0);
  for (std::size_t at = 0; at < text.size();) {
    switch (text[at]) {
      case '"':
        at = end_of_string(text, at);
        if (at == std::string_view::npos) return false;
        continue;
      case '[':
      case '{':
        begin_count(at + 1);
        break;
      case ']':
      case '}':
        if (counting_.size() == outside) return false;
        counting_.pop_back();
        break;
      case ',':
        if (counting_.empty()) return false;
        ++counts_[counting_.back()];
        break;
      default:
        break;
    }
    ++at;
  }
  return counting_.size() == outside;
}

// A container with anything inside has one more element than commas.
void MsgpackWriter::begin_count(std::size_t inside) {
  const std::size_t next = json_.text.find_first_not_of(kBlanks, inside);
  const bool is_empty = next == std::string_view::npos || json_.text[next] == ']' || json_.text[next] == '}';
  counting_.push_back(counts_.size());
  counts_.push_back(is_empty ? 0 : 1);
}

void MsgpackWriter::open(bool is_map) {
  const std::uint32_t size = counts_[next_count_++];
  if (is_map) {
    map(size);
  } else {
    head(size, 0x90, 16, 0xDC, false);
  }
  open_.push_back({size, is_map, false});
}

bool MsgpackWriter::write() {
  rest_ = json_.text;
  while (true) {
    Open& inner = open_.back();
    if (inner.left == 0) {
      if (open_.size() == 1) return skip_blanks(), rest_.empty();
      if (!take(inner.is_map ? '}' : ']')) return false;
      open_.pop_back();
      continue;
    }
    if (inner.is_begun && !take(',')) return false;
    inner.is_begun = true;
    --inner.left;
    const bool is_map = inner.is_map;  // `inner` goes when something opens
    skip_blanks();
    if (is_map && !(write_string() && take(':'))) return false;
    if (!write_value()) return false;
  }
}

bool MsgpackWriter::write_value() {
  skip_blanks();
  if (rest_.empty()) return false;
  switch (rest_.front()) {
    case '"':
      return write_string();
    case '[':
      rest_.remove_prefix(1);
      return open(false), true;
    case '{':
      if (write_part()) return true;
      rest_.remove_prefix(1);
      return open(true), true;
    default:
      return write_word();
  }
}

// A placeholder, when it is one and names a part that is there.
bool MsgpackWriter::write_part() {
  if (json_.attachments.empty() || !rest_.starts_with(kPlaceholder)) return false;
  const std::string_view behind = rest_.substr(kPlaceholder.size());
  const std::size_t end = behind.find('}');
  if (end == std::string_view::npos) return false;
  const auto number = base::decode_json_uint64(behind.substr(0, end));
  if (!number || *number >= json_.attachments.size()) return false;
  const std::string_view part = json_.attachments[*number].view();
  head(part.size(), 0, 0, 0xC4, true);
  out_ += part;
  ++next_count_;  // it was counted as an object
  rest_ = behind.substr(end + 1);
  return true;
}

bool MsgpackWriter::write_word() {
  auto ends = [](char byte) { return byte <= ' ' || byte == ',' || byte == ']' || byte == '}'; };
  const auto size = static_cast<std::size_t>(std::find_if(rest_.begin(), rest_.end(), ends) - rest_.begin());
  const std::string_view word = rest_.substr(0, size);
  rest_.remove_prefix(size);
  if (word == "null") return out_ += '\xC0', true;
  if (word == "false") return out_ += '\xC2', true;
  if (word == "true") return out_ += '\xC3', true;
  const auto number = base::decode_json_number(word);
  if (!number) return false;
  if (const auto* whole = std::get_if<std::int64_t>(&*number)) {
    *whole < 0 ? negative(*whole) : this->number(static_cast<std::uint64_t>(*whole));
  } else if (const auto* natural = std::get_if<std::uint64_t>(&*number)) {
    this->number(*natural);
  } else {
    real(std::get<double>(*number));
  }
  return true;
}

bool MsgpackWriter::write_string() {
  const std::string_view string = take_string();
  if (string.empty()) return false;
  const std::string_view inside = string.substr(1, string.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return text(inside), true;
  decoded_.clear();
  if (!base::decode_json_string(string, decoded_)) return false;
  return text(decoded_), true;
}

std::string_view MsgpackWriter::take_string() {
  if (rest_.empty() || rest_.front() != '"') return {};
  const std::size_t end = end_of_string(rest_, 0);
  if (end == std::string_view::npos) return {};
  const std::string_view string = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return string;
}

bool MsgpackWriter::take(char byte) {
  skip_blanks();
  if (rest_.empty() || rest_.front() != byte) return false;
  rest_.remove_prefix(1);
  return true;
}

void MsgpackWriter::skip_blanks() {
  while (!rest_.empty() && kBlanks.find(rest_.front()) != std::string_view::npos)
    rest_.remove_prefix(1);
}

}  // namespace naru::socketio
