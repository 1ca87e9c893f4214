#include "socketio/msgpack_reader.hpp"

#include <algorithm>
#include <cmath>

#include "base/json_date.hpp"
#include "base/json_text.hpp"
#include "base/utf8.hpp"

namespace naru::socketio {

using Kind = MsgpackToken::Kind;

namespace {

// ASCII that JSON writes as it is: names, keys, most of what programs say.
bool is_plain(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char each) {
    const auto byte = static_cast<unsigned char>(each);
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
  });
}

}  // namespace

MsgpackError MsgpackReader::append_value(std::vector<std::size_t>& starts) {
  MsgpackToken first;
  if (MsgpackError error = tokens_.next(first); error != MsgpackError::none) return error;
  return append_value(first, starts);
}

MsgpackError MsgpackReader::append_value(const MsgpackToken& first, std::vector<std::size_t>& starts) {
  depth_ = 0;
  if (first.kind == Kind::array && first.natural > base::kMaxJsonElements)
    return MsgpackError::too_many_elements;
  MsgpackError error = value(first);
  while (error == MsgpackError::none && depth_ > 0) {
    Level& level = levels_[depth_ - 1];
    if (level.left == 0) {
      text_ += level.is_map ? '}' : ']';
      --depth_;
      continue;
    }
    --level.left;
    error = level.is_map ? member() : element(starts);
  }
  return error;
}

// Only the first element of a list stands behind its bracket: no value ends with one that opens.
MsgpackError MsgpackReader::element(std::vector<std::size_t>& starts) {
  if (text_.back() != '[') text_ += ',';
  if (depth_ == 1) starts.push_back(text_.size());
  MsgpackToken token;
  if (MsgpackError error = tokens_.next(token); error != MsgpackError::none) return error;
  return value(token);
}

MsgpackError MsgpackReader::member() {
  const std::size_t begin = text_.size();
  if (text_.back() != '{') text_ += ',';
  if (MsgpackError error = key(); error != MsgpackError::none) return error;
  text_ += ':';
  MsgpackToken token;
  if (MsgpackError error = tokens_.next(token); error != MsgpackError::none) return error;
  if (token.kind != Kind::undefined) return value(token);
  text_.resize(begin);
  return MsgpackError::none;
}

// Other clients than JavaScript's have numbers as keys, which are text to JavaScript.
MsgpackError MsgpackReader::key() {
  MsgpackToken token;
  if (MsgpackError error = tokens_.next(token); error != MsgpackError::none) return error;
  if (token.kind == Kind::text) return string(token.bytes);
  if (token.kind != Kind::integer && token.kind != Kind::natural) return MsgpackError::bad_key;
  text_ += '"';
  if (MsgpackError error = value(token); error != MsgpackError::none) return error;
  text_ += '"';
  return MsgpackError::none;
}

MsgpackError MsgpackReader::value(const MsgpackToken& token) {
  switch (token.kind) {
    case Kind::nil:
    case Kind::undefined:
      text_ += "null";
      return MsgpackError::none;
    case Kind::boolean:
      text_ += token.integer != 0 ? "true" : "false";
      return MsgpackError::none;
    case Kind::integer:
      base::append_json_number(text_, token.integer);
      return MsgpackError::none;
    case Kind::natural:
      base::append_json_number(text_, token.natural);
      return MsgpackError::none;
    case Kind::real:
      real(token.real);
      return MsgpackError::none;
    case Kind::date:
      base::append_json_date(text_, token.integer);
      return MsgpackError::none;
    case Kind::text:
      return string(token.bytes);
    case Kind::binary:
      return binary(token.bytes);
    case Kind::extension:
      return extension(token);
    case Kind::array:
    case Kind::map:
      return open(token);
  }
  return MsgpackError::bad_byte;
}

// Whole numbers as they would be had they come as integers, which is how they leave.
void MsgpackReader::real(double number) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  constexpr double kTwoTo64 = 18446744073709551616.0;
  if (std::trunc(number) != number || number < -kTwoTo63 || number >= kTwoTo64) {
    base::append_json_number(text_, number);
  } else if (number < kTwoTo63) {
    base::append_json_number(text_, static_cast<std::int64_t>(number));
  } else {
    base::append_json_number(text_, static_cast<std::uint64_t>(number));
  }
}

MsgpackError MsgpackReader::string(std::string_view bytes) {
  if (is_plain(bytes)) {
    text_.append("\"").append(bytes).append("\"");
    return MsgpackError::none;
  }
  if (!base::is_valid_utf8(bytes)) return MsgpackError::bad_utf8;
  base::append_json_string(text_, bytes);
  return MsgpackError::none;
}

// A placeholder is an object: it counts as one more level, so that the text passes where JSON does.
MsgpackError MsgpackReader::binary(std::string_view bytes) {
  if (depth_ == levels_.size()) return MsgpackError::too_deep;
  if (parts_.size() == kMaxMsgpackParts) return MsgpackError::too_many_binary_parts;
  text_ += R"({"_placeholder":true,"num":)";
  base::append_json_number(text_, static_cast<std::uint64_t>(parts_.size()));
  text_ += '}';
  parts_.push_back(Bytes::copy(bytes));
  return MsgpackError::none;
}

MsgpackError MsgpackReader::extension(const MsgpackToken& token) {
  if (depth_ + 2 > levels_.size()) return MsgpackError::too_deep;
  text_ += '[';
  base::append_json_number(text_, token.integer);
  text_ += ',';
  if (MsgpackError error = binary(token.bytes); error != MsgpackError::none) return error;
  text_ += ']';
  return MsgpackError::none;
}

MsgpackError MsgpackReader::open(const MsgpackToken& token) {
  if (depth_ == levels_.size()) return MsgpackError::too_deep;
  const bool is_map = token.kind == Kind::map;
  levels_[depth_++] = {token.natural, is_map};
  text_ += is_map ? '{' : '[';
  return MsgpackError::none;
}

// A number of values that are still to come is all that the tree is to somebody who does not look at it.
MsgpackError skip_value(MsgpackTokens& tokens, const MsgpackToken& first) noexcept {
  MsgpackToken token = first;
  std::uint64_t left = 0;
  while (true) {
    if (token.kind == Kind::array) left += token.natural;
    if (token.kind == Kind::map) left += 2 * token.natural;
    if (left == 0) return MsgpackError::none;
    --left;
    if (MsgpackError error = tokens.next(token); error != MsgpackError::none) return error;
  }
}

}  // namespace naru::socketio
