// What a socket's data() must be, so that connection state recovery brings it back:
//
//   struct Player {
//     static constexpr bool keep_on_recovery = true;
//     std::string name;
//   };
//   template <> struct naru::Codec<Player> { … };   // see naru/argument.hpp
//
// It is written when the connection is lost and read when the socket comes back, perhaps on another server.
// For a type that is not yours: template <> inline constexpr bool naru::keep_on_recovery<Theirs> = true;
#pragma once

#include <any>
#include <utility>

#include "naru/argument.hpp"
#include "naru/codec.hpp"
#include "naru/raw_json.hpp"

namespace naru {
inline namespace v0 {

template <class T>
inline constexpr bool keep_on_recovery = requires {
  requires T::keep_on_recovery;
};

}  // namespace v0

namespace detail {

// Into `data`. False: the text is no T.
template <class T>
bool read_kept(const RawJson& json, std::any& data) {
  T value{};
  if (!Argument(json.text, json.attachments).read(value)) return false;
  data = std::move(value);
  return true;
}

}  // namespace detail
}  // namespace naru
