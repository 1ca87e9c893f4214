// The pieces of msgpack, one after the other: numbers, texts, the heads of arrays and maps. No memory, no
// recursion; every size is checked against what is there before it is believed.
//
//   MsgpackTokens tokens(bytes);
//   MsgpackToken token;
//   while (!tokens.at_end()) if (auto error = tokens.next(token); error != MsgpackError::none) return error;
//
// A token's views live as long as the bytes. Meanings of extensions are notepack.io's, which the official
// parser is made of: type 0 is undefined (1 byte), a date (8 bytes) or, with a length in front, binary data.
// Source: the msgpack specification, "Formats", and notepack.io 2.2's decode.js.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace naru::socketio {

enum class MsgpackError : std::uint8_t {
  none,
  truncated,
  trailing_bytes,
  bad_byte,
  bad_utf8,
  bad_key,
  too_deep,
  too_many_elements,
  too_many_binary_parts,
};
// A sentence for people.
std::string_view describe(MsgpackError error) noexcept;

struct MsgpackToken {
  enum class Kind : std::uint8_t {
    nil,
    undefined,
    boolean,    // integer: 0 or 1
    integer,    // integer
    natural,    // natural: above the range of integer
    real,       // real
    text,       // bytes: not checked for UTF-8
    binary,     // bytes
    extension,  // integer: its type; bytes
    date,       // integer: milliseconds since 1970
    array,      // natural: its number of elements
    map,        // natural: its number of pairs
  };
  Kind kind = Kind::nil;
  std::int64_t integer = 0;
  std::uint64_t natural = 0;
  double real = 0;
  std::string_view bytes{};
};

class MsgpackTokens {
 public:
  explicit MsgpackTokens(std::string_view bytes) noexcept : rest_(bytes) {}

  bool at_end() const noexcept { return rest_.empty(); }
  // After an error the tokens must not be asked again.
  [[nodiscard]] MsgpackError next(MsgpackToken& token) noexcept;

 private:
  using Kind = MsgpackToken::Kind;

  MsgpackError sized(MsgpackToken& token, unsigned char prefix) noexcept;
  MsgpackError number(MsgpackToken& token, unsigned char prefix) noexcept;
  MsgpackError extension(MsgpackToken& token, std::uint64_t size, bool has_length) noexcept;
  MsgpackError block(MsgpackToken& token, Kind kind, std::uint64_t size) noexcept;
  MsgpackError container(MsgpackToken& token, Kind kind, std::uint64_t count) noexcept;
  bool take(std::size_t bytes, std::uint64_t& value) noexcept;

  std::string_view rest_;
};

}  // namespace naru::socketio
