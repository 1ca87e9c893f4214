#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/json_scanner.hpp"
#include "base/json_text.hpp"
#include "naru/argument.hpp"

namespace naru {
inline namespace v0 {
namespace {

// False when no object in the text can be named "_placeholder", not even with escaped letters.
bool may_hold_placeholder(std::string_view json) {
  return json.find("_placeholder") != std::string_view::npos || json.find("\\u") != std::string_view::npos;
}

}  // namespace

// Every value ends with a letter, a digit, a quote or a closing bracket, so the last byte tells whether one
// stands before.
void ArgumentWriter::separate() {
  if (!text_.empty() && std::string_view("[{:,").find(text_.back()) == std::string_view::npos) text_ += ',';
}

void ArgumentWriter::null() {
  separate();
  text_ += "null";
}

void ArgumentWriter::boolean(bool value) {
  separate();
  text_ += value ? "true" : "false";
}

void ArgumentWriter::number(std::int64_t value) {
  separate();
  base::append_json_number(text_, value);
}

void ArgumentWriter::number(std::uint64_t value) {
  separate();
  base::append_json_number(text_, value);
}

void ArgumentWriter::number(double value) {
  separate();
  base::append_json_number(text_, value);
}

// The shortest text that reads back as this float: 0.1, where its double would be 0.10000000149011612.
void ArgumentWriter::number(float value) {
  if (!std::isfinite(value)) return null();
  separate();
  char digits[32];
  auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
  text_.append(digits, end);
}

void ArgumentWriter::string(std::string_view text) {
  separate();
  base::append_json_string(text_, text);
}

void ArgumentWriter::bytes(const Bytes& bytes) {
  separate();
  placeholder(bytes);
}

void ArgumentWriter::raw(RawJsonView json) {
  if (json.text.empty()) return null();
  separate();
  if (!may_hold_placeholder(json.text)) {
    text_ += json.text;
    return;
  }
  // In brackets: it then has one element, however many it has itself (base::kMaxJsonElements).
  std::string list;
  list.reserve(json.text.size() + 2);
  list.append("[").append(json.text).append("]");
  base::JsonOutline outline;
  if (base::scan_json(list, outline) || outline.elements.size() != 1) {
    text_ += "null";
    return;
  }
  std::string_view rest = outline.elements.front();
  for (const base::JsonPlaceholder& found : outline.placeholders) {
    text_.append(rest.data(), found.slice.data());
    if (found.num && *found.num < json.attachments.size()) {
      placeholder(json.attachments[*found.num]);
    } else {
      text_ += "null";
    }
    rest.remove_prefix(static_cast<std::size_t>(found.slice.data() + found.slice.size() - rest.data()));
  }
  text_ += rest;
}

void ArgumentWriter::begin_array() {
  separate();
  text_ += '[';
}

void ArgumentWriter::end_array() {
  text_ += ']';
}

void ArgumentWriter::begin_object() {
  separate();
  text_ += '{';
}

void ArgumentWriter::end_object() {
  text_ += '}';
}

void ArgumentWriter::key(std::string_view name) {
  separate();
  base::append_json_string(text_, name);
  text_ += ':';
}

// The same bytes are sent once, however often they are named: a peer that repeats a placeholder in what we
// relay must not make us send its attachment as many times.
void ArgumentWriter::placeholder(const Bytes& bytes) {
  auto same = [&](const Bytes& each) { return each.data() == bytes.data() && each.size() == bytes.size(); };
  auto found = std::find_if(attachments_.begin(), attachments_.end(), same);
  auto number = static_cast<std::uint64_t>(found - attachments_.begin());
  if (found == attachments_.end()) attachments_.push_back(bytes);
  text_ += "{\"_placeholder\":true,\"num\":";
  base::append_json_number(text_, number);
  text_ += '}';
}

}  // namespace v0
}  // namespace naru
