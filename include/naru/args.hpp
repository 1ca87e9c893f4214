// A list of arguments: of an event or an answer. Args owns its text and may be kept; ArgsView is valid during
// the call that got it. Both are spread when emitted, their text passed on as it came:
//
//   io.on_any([](naru::Socket& s, std::string_view event, const naru::ArgsView& args) {
//     if (auto room = args.get<std::string>(0)) s.to(*room).emit(event, args);
//   });
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "naru/argument.hpp"
#include "naru/bytes.hpp"
#include "naru/codec.hpp"
#include "naru/raw_json.hpp"

namespace naru {
inline namespace v0 {

class ArgsView {
 public:
  ArgsView() = default;
  // REQUIRES: each a validated JSON value without blanks around it.
  explicit ArgsView(std::span<const std::string_view> elements, std::span<const Bytes> attachments = {})
      : elements_(elements), attachments_(attachments) {}

  std::size_t size() const noexcept { return elements_.size(); }
  bool empty() const noexcept { return elements_.empty(); }
  std::span<const Bytes> attachments() const noexcept { return attachments_; }

  // Null where there is none.
  Argument operator[](std::size_t index) const {
    return index < size() ? Argument(elements_[index], attachments_) : Argument();
  }
  // Empty when there is none, or when it is not a T.
  template <class T>
  std::optional<T> get(std::size_t index) const {
    return index < size() ? (*this)[index].template get<T>() : std::nullopt;
  }
  RawJsonView raw(std::size_t index) const { return (*this)[index].raw(); }
  // The arguments from `index` on.
  ArgsView rest(std::size_t index) const {
    return ArgsView(elements_.subspan(index < size() ? index : size()), attachments_);
  }

  void spread(ArgumentWriter& out) const;

 private:
  std::span<const std::string_view> elements_;
  std::span<const Bytes> attachments_;
};

class Args {
 public:
  Args() = default;
  // Copies the text; binary parts are shared.
  explicit Args(const ArgsView& view);
  // The elements of a JSON array; nothing when the text is none.
  static std::optional<Args> parse(std::string_view array, std::vector<Bytes> attachments = {});

  std::size_t size() const noexcept { return elements_.size(); }
  bool empty() const noexcept { return elements_.empty(); }
  ArgsView view() const { return ArgsView(elements_, attachments_); }
  operator ArgsView() const { return view(); }  // NOLINT: an Args is an ArgsView that lasts

  Argument operator[](std::size_t index) const { return view()[index]; }
  template <class T>
  std::optional<T> get(std::size_t index) const {
    return view().get<T>(index);
  }
  RawJsonView raw(std::size_t index) const { return view().raw(index); }
  void spread(ArgumentWriter& out) const { view().spread(out); }
  // Bytes that this list keeps alive, for limits.
  std::size_t memory() const noexcept;

 private:
  Bytes text_;                              // shared, so that copies may keep the views
  std::vector<std::string_view> elements_;  // into text_
  std::vector<Bytes> attachments_;
};

// Inside of another value a list is an array.
template <>
struct Codec<ArgsView> {
  static void encode(ArgumentWriter& out, const ArgsView& args) {
    out.begin_array();
    args.spread(out);
    out.end_array();
  }
};
template <>
struct Codec<Args> {
  static void encode(ArgumentWriter& out, const Args& args) { Codec<ArgsView>::encode(out, args); }
};

}  // namespace v0
}  // namespace naru
