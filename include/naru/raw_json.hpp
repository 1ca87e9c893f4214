// One JSON value as text, to be passed on without being taken apart and built again.
//
//   io.on("relay", [&](naru::Socket& s, naru::RawJson anything) { s.broadcast().emit("relayed", anything);
//   }); s.emit("config", naru::RawJson{R"({"dark":true})"});
//
// What arrives as RawJson has been validated. Text of your own REQUIRES to be one JSON value (an empty one
// counts as null): it is written as it is. Check text from elsewhere with RawJson::parse.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "naru/bytes.hpp"

namespace naru {
namespace detail {
// Validated JSON with every escaped surrogate that has no partner ("\ud800", as JavaScript sends) as
// "\ufffd", for readers that refuse them.
std::string without_lone_surrogates(std::string_view json);
}  // namespace detail

inline namespace v0 {

struct RawJson {
  std::string text;
  // What the placeholders in the text refer to, by number.
  std::vector<Bytes> attachments = {};

  // Nothing when the text is not exactly one JSON value (RFC 8259, valid UTF-8, at most 63 deep: an argument
  // stands in a list).
  static std::optional<RawJson> parse(std::string_view text);

  friend bool operator==(const RawJson&, const RawJson&) = default;
};

// The same as a view, valid during the call that got it.
struct RawJsonView {
  std::string_view text;
  std::span<const Bytes> attachments = {};

  // A copy that holds only the attachments that this value uses.
  RawJson own() const;
};

}  // namespace v0
}  // namespace naru
