// One JSON value of your own, to look into without exceptions: what a client gave as `auth`, a request's
// body.
//
//   auto name = socket.handshake().auth.get<std::string>("name").value_or("");
//   for (std::size_t i = 0; i < value.size(); ++i) use(value.at(i));
//
// Cheap to copy, and a part keeps the whole alive: text and binary parts are shared and never change.
// What is missing, or of another type, is null or an empty optional; nothing throws.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "naru/argument.hpp"
#include "naru/bytes.hpp"
#include "naru/codec.hpp"
#include "naru/raw_json.hpp"

namespace naru {
inline namespace v0 {

class Value {
 public:
  // Null.
  Value() = default;
  // REQUIRES: validated JSON, as RawJson from a handler or from RawJson::parse.
  explicit Value(RawJson json);
  static std::optional<Value> parse(std::string_view text);
  // The value that a T is written as.
  template <class T>
  static Value of(const T& value) {
    RawJson json;
    ArgumentWriter writer(json.text, json.attachments);
    writer.value(value);
    return Value(std::move(json));
  }

  JsonType type() const noexcept { return argument().type(); }
  bool is_null() const noexcept { return type() == JsonType::null; }
  bool is_object() const noexcept { return type() == JsonType::object; }
  bool is_array() const noexcept { return type() == JsonType::array; }
  bool is_string() const noexcept { return type() == JsonType::string; }

  template <class T>
  std::optional<T> get() const {
    return argument().get<T>();
  }
  template <class T>
  std::optional<T> get(std::string_view key) const {
    return argument().get<T>(key);
  }
  // A member of an object; the last one of equal names.
  Value find(std::string_view key) const;
  // Elements of an array; size() is 0 for everything else. Each call walks the array.
  std::size_t size() const;
  Value at(std::size_t index) const;

  // As JSON. Lives as long as this Value or a copy of it.
  std::string_view text() const noexcept { return text_.empty() ? std::string_view("null") : text_.view(); }
  // To walk it, and for codecs; a view on this Value.
  Argument argument() const noexcept;

 private:
  Value part(const Argument& argument) const;

  Bytes text_;  // empty: null
  std::shared_ptr<const std::vector<Bytes>> attachments_;
};

template <>
struct Codec<Value> {
  static void encode(ArgumentWriter& out, const Value& value) { out.raw(value.argument().raw()); }
  static bool decode(const Argument& in, Value& value) { return value = Value(in.raw().own()), true; }
};

}  // namespace v0
}  // namespace naru
