// A value, or why there is none. Traffic returns it; only setup throws (docs/ARCHITECTURE.md).
//
//   naru::Result<naru::Position> at = channel.publish("goal!");
//   if (!at) log(at.error().message());
//   else use(*at);
#pragma once

#include <cassert>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

namespace naru {
inline namespace v0 {

// Why something failed: a code to decide by, and a sentence for people (may be empty: the code's own is
// used).
class Error {
 public:
  Error(std::error_code code, std::string sentence = {}) : code_(code), sentence_(std::move(sentence)) {}
  const std::error_code& code() const noexcept { return code_; }
  std::string message() const { return sentence_.empty() ? code_.message() : sentence_; }

 private:
  std::error_code code_;
  std::string sentence_;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: meant as a conversion
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT
  Result(std::error_code code) : Result(Error(code)) {}                      // NOLINT

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  // REQUIRES: has_value()
  T& operator*() & { return assert(has_value()), *std::get_if<0>(&state_); }
  const T& operator*() const& { return assert(has_value()), *std::get_if<0>(&state_); }
  T&& operator*() && { return assert(has_value()), std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return assert(has_value()), std::get_if<0>(&state_); }
  const T* operator->() const { return assert(has_value()), std::get_if<0>(&state_); }
  T value_or(T other) const& { return has_value() ? **this : std::move(other); }
  // REQUIRES: !has_value()
  const Error& error() const { return assert(!has_value()), *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : state_(std::move(error)) {}      // NOLINT
  Result(std::error_code code) : state_(Error(code)) {}  // NOLINT
  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  const Error& error() const { return assert(!has_value()), *std::get_if<1>(&state_); }

 private:
  std::variant<std::monostate, Error> state_;
};

}  // namespace v0
}  // namespace naru
