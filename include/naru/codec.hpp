// How C++ values become arguments of events and back: Codec<T>, here for
//
//   bool, integers, floating point, std::string, string views and literals (writing only), Bytes, RawJson,
//   nullptr, std::optional, std::vector, std::map and std::unordered_map by string, std::pair and std::tuple
//   (arrays).
//
// "naru/json.hpp" adds everything that nlohmann's from_json and to_json know. For a type of your own
// specialise naru::Codec (see argument.hpp):
//
//   static void encode(naru::ArgumentWriter& out, const T& value);
//   static bool decode(const naru::Argument& in, T& value);       // T is default-initialised; false: not a T
//
// Decoding never throws and never guesses: an integer out of range, a number as text, a missing member are
// refused. Memory: a decoded container is at most as large as sizeof(T) for two bytes of the text that came.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "naru/argument.hpp"
#include "naru/bytes.hpp"
#include "naru/raw_json.hpp"

namespace naru {
namespace detail {

template <class>
inline constexpr bool kAlwaysFalse = false;

// What Codec<T> is for a type that has none of its own; json.hpp specialises it. Using it is an error that
// says what to do; asking for kIsMissing is none.
template <class T>
struct FallbackCodec {
  static constexpr bool kIsMissing = true;
  template <class Out>
  static void encode(Out&, const T&) {
    complain<Out>();
  }
  template <class In>
  static bool decode(const In&, T&) {
    return complain<In>();
  }

 private:
  template <class Used>
  static bool complain() {
    static_assert(
        kAlwaysFalse<Used>,
        "naru cannot write or read this type as an argument: include \"naru/json.hpp\" if it has nlohmann's "
        "to_json and from_json, or specialise naru::Codec for it (see naru/argument.hpp)");
    return false;
  }
};

template <class T>
concept Character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
    std::same_as<T, char16_t> || std::same_as<T, char32_t>;
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !Character<T>;

}  // namespace detail

inline namespace v0 {

template <class T>
struct Codec : detail::FallbackCodec<T> {};

template <>
struct Codec<bool> {
  static void encode(ArgumentWriter& out, bool value) { out.boolean(value); }
  static bool decode(const Argument& in, bool& value) {
    auto read = in.boolean();
    if (read) value = *read;
    return read.has_value();
  }
};

template <detail::Integer T>
struct Codec<T> {
  using Widest = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
  static void encode(ArgumentWriter& out, T value) { out.number(static_cast<Widest>(value)); }
  static bool decode(const Argument& in, T& value) {
    auto read = [&] {
      if constexpr (std::is_signed_v<T>) {
        return in.int64();
      } else {
        return in.uint64();
      }
    }();
    if (!read || *read < std::numeric_limits<T>::min() || *read > std::numeric_limits<T>::max()) return false;
    value = static_cast<T>(*read);
    return true;
  }
};

template <std::floating_point T>
struct Codec<T> {
  static void encode(ArgumentWriter& out, T value) {
    if constexpr (std::same_as<T, float>) {
      out.number(value);
    } else {
      out.number(static_cast<double>(value));
    }
  }
  static bool decode(const Argument& in, T& value) {
    auto read = in.number();
    if (read) value = static_cast<T>(*read);
    return read.has_value();
  }
};

template <>
struct Codec<std::string> {
  static void encode(ArgumentWriter& out, const std::string& value) { out.string(value); }
  static bool decode(const Argument& in, std::string& value) { return value.clear(), in.string(value); }
};

// Writing only: there would be nobody to own the decoded text.
template <>
struct Codec<std::string_view> {
  static void encode(ArgumentWriter& out, std::string_view value) { out.string(value); }
};
template <>
struct Codec<const char*> {
  static void encode(ArgumentWriter& out, const char* value) {
    value == nullptr ? out.null() : out.string(value);
  }
};
template <>
struct Codec<char*> : Codec<const char*> {};

template <>
struct Codec<std::nullptr_t> {
  static void encode(ArgumentWriter& out, std::nullptr_t) { out.null(); }
  static bool decode(const Argument& in, std::nullptr_t&) { return in.is_null(); }
};

template <>
struct Codec<Bytes> {
  static void encode(ArgumentWriter& out, const Bytes& value) { out.bytes(value); }
  static bool decode(const Argument& in, Bytes& value) {
    auto read = in.bytes();
    if (read) value = std::move(*read);
    return read.has_value();
  }
};

template <>
struct Codec<RawJson> {
  static void encode(ArgumentWriter& out, const RawJson& value) { out.raw({value.text, value.attachments}); }
  static bool decode(const Argument& in, RawJson& value) { return value = in.raw().own(), true; }
};

// Views: valid during the handler's call.
template <>
struct Codec<RawJsonView> {
  static void encode(ArgumentWriter& out, const RawJsonView& value) { out.raw(value); }
  static bool decode(const Argument& in, RawJsonView& value) { return value = in.raw(), true; }
};
template <>
struct Codec<Argument> {
  static void encode(ArgumentWriter& out, const Argument& value) { out.raw(value.raw()); }
  static bool decode(const Argument& in, Argument& value) { return value = in, true; }
};

template <class T>
struct Codec<std::optional<T>> {
  static void encode(ArgumentWriter& out, const std::optional<T>& value) {
    value ? Codec<T>::encode(out, *value) : out.null();
  }
  static bool decode(const Argument& in, std::optional<T>& value) {
    if (in.is_null()) return value.reset(), true;
    return Codec<T>::decode(in, value.emplace());
  }
};

template <class T>
struct Codec<std::vector<T>> {
  static void encode(ArgumentWriter& out, const std::vector<T>& values) {
    out.begin_array();
    for (const auto& value : values)
      Codec<T>::encode(out, value);
    out.end_array();
  }
  static bool decode(const Argument& in, std::vector<T>& values) {
    values.clear();
    return in.for_each_element([&](const Argument& element) {
      T value{};
      if (!Codec<T>::decode(element, value)) return false;
      values.push_back(std::move(value));
      return true;
    });
  }
};

namespace codecs {

// std::map and std::unordered_map with text as keys: objects. The last one of equal names counts.
template <class Map>
struct OfMap {
  static void encode(ArgumentWriter& out, const Map& values) {
    out.begin_object();
    for (const auto& [key, value] : values)
      out.member(key, value);
    out.end_object();
  }
  static bool decode(const Argument& in, Map& values) {
    values.clear();
    return in.for_each_member([&](std::string key, const Argument& member) {
      typename Map::mapped_type value{};
      if (!member.read(value)) return false;
      values.insert_or_assign(std::move(key), std::move(value));
      return true;
    });
  }
};

// std::pair and std::tuple: arrays. Surplus elements are ignored, as surplus arguments are.
template <class Tuple>
struct OfTuple {
  static constexpr std::size_t kSize = std::tuple_size_v<Tuple>;
  static void encode(ArgumentWriter& out, const Tuple& values) {
    out.begin_array();
    std::apply([&](const auto&... value) { (out.value(value), ...); }, values);
    out.end_array();
  }
  static bool decode(const Argument& in, Tuple& values) {
    std::size_t at = 0;
    bool good = in.for_each_element([&](const Argument& element) { return read(element, values, at++); });
    return good && at >= kSize;
  }
  static bool read(const Argument& element, Tuple& values, std::size_t at) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      bool good = true;
      ((I == at ? void(good = element.read(std::get<I>(values))) : void()), ...);
      return good;
    }
    (std::make_index_sequence<kSize>{});
  }
};

}  // namespace codecs

template <class T, class... More>
struct Codec<std::map<std::string, T, More...>> : codecs::OfMap<std::map<std::string, T, More...>> {};
template <class T, class... More>
struct Codec<std::unordered_map<std::string, T, More...>>
    : codecs::OfMap<std::unordered_map<std::string, T, More...>> {};
template <class First, class Second>
struct Codec<std::pair<First, Second>> : codecs::OfTuple<std::pair<First, Second>> {};
template <class... Elements>
struct Codec<std::tuple<Elements...>> : codecs::OfTuple<std::tuple<Elements...>> {};

// Appends the arguments, separated by commas, to what stands there. A list of arguments (Args, ArgsView) is
// spread: its elements become arguments.
template <class... Arguments>
void encode_arguments(ArgumentWriter& out, const Arguments&... arguments) {
  [[maybe_unused]] auto encode_one = [&out](const auto& argument) {
    if constexpr (requires { argument.spread(out); }) {
      argument.spread(out);
    } else {
      out.value(argument);
    }
  };
  (encode_one(arguments), ...);
}

}  // namespace v0
}  // namespace naru
