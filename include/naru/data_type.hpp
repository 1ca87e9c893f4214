// What the library knows about a type that Socket::data<T>() keeps. You do not use it directly.
#pragma once

#include <any>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <typeinfo>
#include <unordered_map>
#include <utility>
#include <vector>

#include "naru/argument.hpp"
#include "naru/codec.hpp"
#include "naru/kept_data.hpp"
#include "naru/raw_json.hpp"

namespace naru {
namespace detail {

// Whether Codec<T> writes a T, and all that it holds.
template <class T>
inline constexpr bool kIsWritable = !requires {
  Codec<T>::kIsMissing;
}
&&requires(ArgumentWriter& out, const T& value) {
  Codec<T>::encode(out, value);
};
template <class T>
inline constexpr bool kIsWritable<std::optional<T>> = kIsWritable<T>;
template <class T>
inline constexpr bool kIsWritable<std::vector<T>> = kIsWritable<T>;
template <class T, class... More>
inline constexpr bool kIsWritable<std::map<std::string, T, More...>> = kIsWritable<T>;
template <class T, class... More>
inline constexpr bool kIsWritable<std::unordered_map<std::string, T, More...>> = kIsWritable<T>;
template <class... T>
inline constexpr bool kIsWritable<std::tuple<T...>> = (kIsWritable<T> && ...);
template <class A, class B>
inline constexpr bool kIsWritable<std::pair<A, B>> = kIsWritable<A>&& kIsWritable<B>;

// REQUIRES: a T is in it.
template <class T>
void write_data(ArgumentWriter& out, const std::any& value) {
  Codec<T>::encode(out, *std::any_cast<T>(&value));
}

struct DataType {
  const std::type_info* type;
  void (*write)(ArgumentWriter& out, const std::any& value);  // null: the type has no Codec
  bool (*read)(const RawJson& json, std::any& value);         // null: it does not ask to be kept

  template <class T>
  static constexpr auto writer() -> void (*)(ArgumentWriter&, const std::any&) {
    if constexpr (kIsWritable<T>) {
      return &write_data<T>;
    } else {
      return nullptr;
    }
  }
  template <class T>
  static constexpr auto reader() -> bool (*)(const RawJson&, std::any&) {
    if constexpr (keep_on_recovery<T>) {
      static_assert(kIsWritable<T>, "a type that is kept on recovery needs a naru::Codec");
      return &read_kept<T>;
    } else {
      return nullptr;
    }
  }
};

template <class T>
inline constexpr DataType kDataType = {&typeid(T), DataType::writer<T>(), DataType::reader<T>()};

}  // namespace detail
}  // namespace naru
