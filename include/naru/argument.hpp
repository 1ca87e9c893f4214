// One argument of an event, seen as the text that came (Argument), and how arguments are written
// (ArgumentWriter). Ordinary handlers never meet them: Codec<T> stands between. Writing a codec for a type of
// your own:
//
//   template <> struct naru::Codec<Line> {
//     static void encode(ArgumentWriter& out, const Line& line) {
//       out.begin_object(); out.member("room", line.room); out.member("text", line.text); out.end_object();
//     }
//     static bool decode(const Argument& in, Line& line) {
//       return in.member("room", line.room) && in.member("text", line.text);
//     }
//   };
//
// An Argument is a view: valid during the call that got it. Neither throws on any input; an ArgumentWriter
// belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "naru/bytes.hpp"
#include "naru/raw_json.hpp"

namespace naru {
inline namespace v0 {

template <class T>
struct Codec;

enum class JsonType { null, boolean, number, string, array, object };

class Argument {
 public:
  // JSON null.
  Argument() = default;
  // REQUIRES: one validated JSON value without blanks around it.
  explicit Argument(std::string_view text, std::span<const Bytes> attachments = {})
      : text_(text), attachments_(attachments) {}

  std::string_view text() const noexcept { return text_; }
  std::span<const Bytes> attachments() const noexcept { return attachments_; }
  RawJsonView raw() const noexcept { return {text_, attachments_}; }
  JsonType type() const noexcept;
  bool is_null() const noexcept { return type() == JsonType::null; }

  // Into `out`; false when the value is not a T, `out` is unspecified then.
  template <class T>
  [[nodiscard]] bool read(T& out) const {
    return Codec<T>::decode(*this, out);
  }
  template <class T>
  std::optional<T> get() const {
    T value{};
    if (!read(value)) return std::nullopt;
    return value;
  }

  // A member of an object; the last one of equal names.
  std::optional<Argument> find(std::string_view key) const;
  template <class T>
  std::optional<T> get(std::string_view key) const {
    auto found = find(key);
    return found ? found->template get<T>() : std::nullopt;
  }
  // Reads a member into `out`. A missing one reads as null: false, unless T is an optional.
  template <class T>
  [[nodiscard]] bool member(std::string_view key, T& out) const {
    return find(key).value_or(Argument()).read(out);
  }

  // Calls visit(Argument) -> bool for each element until it returns false. False when it did, or for no
  // array.
  template <class Visit>
  bool for_each_element(Visit&& visit) const {
    auto step = [](void* context, Argument element) {
      return static_cast<bool>((*static_cast<std::remove_reference_t<Visit>*>(context))(element));
    };
    return visit_elements(const_cast<void*>(static_cast<const void*>(&visit)), step);
  }
  // Calls visit(std::string name, Argument) -> bool for each member until it returns false; else as above.
  template <class Visit>
  bool for_each_member(Visit&& visit) const {
    auto step = [](void* context, std::string name, Argument value) {
      return static_cast<bool>(
          (*static_cast<std::remove_reference_t<Visit>*>(context))(std::move(name), value));
    };
    return visit_members(const_cast<void*>(static_cast<const void*>(&visit)), step);
  }

  // The simple values, for codecs. An integer must be whole and in range; 1.0 is whole.
  std::optional<bool> boolean() const noexcept;
  std::optional<std::int64_t> int64() const noexcept;
  std::optional<std::uint64_t> uint64() const noexcept;
  std::optional<double> number() const noexcept;
  [[nodiscard]] bool string(std::string& out) const;
  std::optional<Bytes> bytes() const;

 private:
  bool visit_elements(void* context, bool (*step)(void*, Argument)) const;
  bool visit_members(void* context, bool (*step)(void*, std::string, Argument)) const;

  std::string_view text_ = "null";
  std::span<const Bytes> attachments_;
};

// Appends JSON values to `text`, a comma between two of them, and binary parts to `attachments`, numbered in
// order. Both are borrowed. Whatever it is given, what it writes is JSON in valid UTF-8 (raw text of yours
// excepted).
class ArgumentWriter {
 public:
  ArgumentWriter(std::string& text, std::vector<Bytes>& attachments) noexcept
      : text_(text), attachments_(attachments) {}
  ArgumentWriter(const ArgumentWriter&) = delete;
  ArgumentWriter& operator=(const ArgumentWriter&) = delete;

  template <class T>
  void value(const T& value) {
    Codec<std::decay_t<T>>::encode(*this, value);
  }
  // REQUIRES: between begin_object and end_object.
  template <class T>
  void member(std::string_view name, const T& value) {
    key(name);
    this->value(value);
  }

  void null();
  void boolean(bool value);
  void number(std::int64_t value);
  void number(std::uint64_t value);
  void number(double value);  // infinities and NaN become null, as JSON.stringify has it
  void number(float value);
  void string(std::string_view text);  // invalid UTF-8 becomes U+FFFD
  void bytes(const Bytes& bytes);
  // Passes a value on as it is, its placeholders renumbered where needed. An object that looks like a
  // placeholder but has no attachment becomes null: it would claim one that is not its own, or break the
  // receiver's decoder.
  void raw(RawJsonView json);

  void begin_array();
  void end_array();
  void begin_object();
  void end_object();
  void key(std::string_view name);

 private:
  void separate();
  void placeholder(const Bytes& bytes);

  std::string& text_;
  std::vector<Bytes>& attachments_;
};

}  // namespace v0
}  // namespace naru
