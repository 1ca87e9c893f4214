// Arguments by nlohmann's JSON library: nlohmann::json itself, and every type with to_json and from_json.
//
//   struct Line { std::string room, text; };
//   NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Line, room, text)
//   io.on("say", [](naru::Socket& s, Line line) { s.to(line.room).emit("said", line); });
//
// Binary values inside of nlohmann::json travel as binary parts. An exception of a from_json is an argument
// that does not decode; one of a to_json comes out of emit. The only public header that includes another
// library's.
#pragma once

#include <cstddef>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "naru/argument.hpp"
#include "naru/bytes.hpp"
#include "naru/codec.hpp"

namespace naru {
namespace detail {

inline void encode_tree(ArgumentWriter& out, const nlohmann::json& tree) {
  using Type = nlohmann::json::value_t;
  switch (tree.type()) {
    case Type::object:
      out.begin_object();
      for (auto at = tree.begin(); at != tree.end(); ++at) {
        out.key(at.key());
        encode_tree(out, at.value());
      }
      return out.end_object();
    case Type::array:
      out.begin_array();
      for (const auto& element : tree)
        encode_tree(out, element);
      return out.end_array();
    case Type::string:
      return out.string(tree.get_ref<const std::string&>());
    case Type::boolean:
      return out.boolean(tree.get<bool>());
    case Type::number_integer:
      return out.number(tree.get<std::int64_t>());
    case Type::number_unsigned:
      return out.number(tree.get<std::uint64_t>());
    case Type::number_float:
      return out.number(tree.get<double>());
    case Type::binary: {
      const auto& bytes = tree.get_binary();
      return out.bytes(Bytes(std::string(bytes.begin(), bytes.end())));
    }
    case Type::null:
    case Type::discarded:
      return out.null();
  }
}

// Puts the binary parts where their placeholders stand. The depth is that of validated text, at most 64.
inline bool place_attachments(nlohmann::json& tree, std::span<const Bytes> attachments) {
  if (!tree.is_structured()) return true;
  auto mark = tree.is_object() ? tree.find("_placeholder") : tree.end();
  if (mark == tree.end() || *mark != true) {
    for (auto& element : tree) {
      if (!place_attachments(element, attachments)) return false;
    }
    return true;
  }
  auto number = tree.find("num");
  if (number == tree.end() || !number->is_number() || *number < 0 || *number >= attachments.size())
    return false;
  std::string_view bytes = attachments[number->get<std::size_t>()].view();
  tree = nlohmann::json::binary({bytes.begin(), bytes.end()});
  return true;
}

inline std::optional<nlohmann::json> decode_tree(const Argument& in) {
  auto parse = [](std::string_view text) { return nlohmann::json::parse(text, nullptr, false); };
  nlohmann::json tree = parse(in.text());
  // It refuses the escaped lone surrogates that JavaScript sends.
  if (tree.is_discarded()) tree = parse(without_lone_surrogates(in.text()));
  if (tree.is_discarded()) return std::nullopt;
  if (!in.attachments().empty() && !place_attachments(tree, in.attachments())) return std::nullopt;
  return tree;
}

template <class T>
concept NlohmannWritable = requires(nlohmann::json& tree, const T& value) {
  nlohmann::adl_serializer<T>::to_json(tree, value);
};
template <class T>
concept NlohmannReadable = requires(const nlohmann::json& tree, T& value) {
  nlohmann::adl_serializer<T>::from_json(tree, value);
};

template <class T>
requires(NlohmannWritable<T> || NlohmannReadable<T>) struct FallbackCodec<T> {
  static void encode(ArgumentWriter& out, const T& value) requires NlohmannWritable<T> {
    nlohmann::json tree = value;
    encode_tree(out, tree);
  }
  static bool decode(const Argument& in, T& value) requires NlohmannReadable<T> {
    auto tree = decode_tree(in);
    if (!tree) return false;
    try {
      tree->get_to(value);
      return true;
    } catch (const std::exception&) {
      return false;
    }
  }
};

}  // namespace detail

inline namespace v0 {

template <>
struct Codec<nlohmann::json> {
  static void encode(ArgumentWriter& out, const nlohmann::json& tree) { detail::encode_tree(out, tree); }
  static bool decode(const Argument& in, nlohmann::json& tree) {
    auto read = detail::decode_tree(in);
    if (read) tree = std::move(*read);
    return read.has_value();
  }
};

}  // namespace v0
}  // namespace naru
