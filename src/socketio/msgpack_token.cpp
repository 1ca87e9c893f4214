#include "socketio/msgpack_token.hpp"

#include <bit>
#include <limits>

namespace naru::socketio {
namespace {

MsgpackError integer(MsgpackToken& token, std::int64_t value) noexcept {
  token.kind = MsgpackToken::Kind::integer;
  token.integer = value;
  return MsgpackError::none;
}

MsgpackError real(MsgpackToken& token, double value) noexcept {
  token.kind = MsgpackToken::Kind::real;
  token.real = value;
  return MsgpackError::none;
}

// How many bytes the length behind such a prefix has. Bin, ext and str begin with a form of one byte, array
// and map with one of two.
std::size_t size_of_length(unsigned char prefix) noexcept {
  if (prefix < 0xC7) return std::size_t{1} << (prefix - 0xC4);
  if (prefix < 0xCA) return std::size_t{1} << (prefix - 0xC7);
  if (prefix < 0xDC) return std::size_t{1} << (prefix - 0xD9);
  return prefix % 2 == 0 ? 2 : 4;
}

MsgpackError word(MsgpackToken& token, MsgpackToken::Kind kind, bool value = false) noexcept {
  token.kind = kind;
  token.integer = value ? 1 : 0;
  return MsgpackError::none;
}

}  // namespace

MsgpackError MsgpackTokens::next(MsgpackToken& token) noexcept {
  if (rest_.empty()) return MsgpackError::truncated;
  const auto prefix = static_cast<unsigned char>(rest_.front());
  rest_.remove_prefix(1);
  if (prefix < 0x80) return integer(token, prefix);
  if (prefix < 0x90) return container(token, Kind::map, prefix & 0x0FU);
  if (prefix < 0xA0) return container(token, Kind::array, prefix & 0x0FU);
  if (prefix < 0xC0) return block(token, Kind::text, prefix & 0x1FU);
  if (prefix >= 0xE0) return integer(token, static_cast<std::int8_t>(prefix));
  switch (prefix) {
    case 0xC0:
      return word(token, Kind::nil);
    case 0xC1:
      return MsgpackError::bad_byte;  // the one that the specification never uses
    case 0xC2:
      return word(token, Kind::boolean, false);
    case 0xC3:
      return word(token, Kind::boolean, true);
    default:
      return prefix >= 0xCA && prefix <= 0xD3 ? number(token, prefix) : sized(token, prefix);
  }
}

// Float 32 and 64, uint 8 to 64, int 8 to 64: in this order.
MsgpackError MsgpackTokens::number(MsgpackToken& token, unsigned char prefix) noexcept {
  const bool is_real = prefix <= 0xCB;
  const unsigned power = is_real ? prefix - 0xCAU + 2U : (prefix - 0xCCU) & 3U;
  std::uint64_t bits = 0;
  if (!take(std::size_t{1} << power, bits)) return MsgpackError::truncated;
  if (prefix == 0xCA) return real(token, std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  if (prefix == 0xCB) return real(token, std::bit_cast<double>(bits));
  if (prefix <= 0xCF) {
    token.natural = bits;
    if (bits <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return integer(token, static_cast<std::int64_t>(bits));
    token.kind = Kind::natural;
    return MsgpackError::none;
  }
  // The sign is the highest bit of those that came.
  const unsigned shift = 64U - (8U << power);
  return integer(token, static_cast<std::int64_t>(bits << shift) >> shift);
}

// What has its length or its count in front.
MsgpackError MsgpackTokens::sized(MsgpackToken& token, unsigned char prefix) noexcept {
  if (prefix >= 0xD4 && prefix <= 0xD8)  // fixext 1 to 16
    return extension(token, std::uint64_t{1} << (prefix - 0xD4U), false);
  std::uint64_t size = 0;
  if (!take(size_of_length(prefix), size)) return MsgpackError::truncated;
  if (prefix < 0xC7) return block(token, Kind::binary, size);
  if (prefix < 0xCA) return extension(token, size, true);
  if (prefix < 0xDC) return block(token, Kind::text, size);
  return container(token, prefix < 0xDE ? Kind::array : Kind::map, size);
}

MsgpackError MsgpackTokens::extension(MsgpackToken& token, std::uint64_t size, bool has_length) noexcept {
  std::uint64_t type = 0;
  if (!take(1, type)) return MsgpackError::truncated;
  token.integer = type < 0x80 ? static_cast<std::int64_t>(type) : static_cast<std::int64_t>(type) - 0x100;
  if (type != 0) return block(token, Kind::extension, size);
  if (has_length) return block(token, Kind::binary, size);
  if (size == 1) return block(token, Kind::undefined, size);
  if (size != 8) return block(token, Kind::extension, size);
  std::uint64_t milliseconds = 0;
  if (!take(8, milliseconds)) return MsgpackError::truncated;
  token.kind = Kind::date;
  token.integer = static_cast<std::int64_t>(milliseconds);
  return MsgpackError::none;
}

MsgpackError MsgpackTokens::block(MsgpackToken& token, Kind kind, std::uint64_t size) noexcept {
  if (size > rest_.size()) return MsgpackError::truncated;
  token.kind = kind;
  token.bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return MsgpackError::none;
}

// Each element takes at least one byte, so a count that cannot come true is refused before anybody counts.
MsgpackError MsgpackTokens::container(MsgpackToken& token, Kind kind, std::uint64_t count) noexcept {
  const std::size_t most = kind == Kind::map ? rest_.size() / 2 : rest_.size();
  if (count > most) return MsgpackError::truncated;
  token.kind = kind;
  token.natural = count;
  return MsgpackError::none;
}

// Big-endian.
bool MsgpackTokens::take(std::size_t bytes, std::uint64_t& value) noexcept {
  if (bytes > rest_.size()) return false;
  value = 0;
  for (char byte : rest_.substr(0, bytes))
    value = value << 8 | static_cast<unsigned char>(byte);
  rest_.remove_prefix(bytes);
  return true;
}

std::string_view describe(MsgpackError error) noexcept {
  switch (error) {
    case MsgpackError::none:
      return "no error";
    case MsgpackError::truncated:
      return "the msgpack ends too early";
    case MsgpackError::trailing_bytes:
      return "something follows the end of the msgpack";
    case MsgpackError::bad_byte:
      return "the msgpack has the byte C1, which means nothing";
    case MsgpackError::bad_utf8:
      return "the msgpack has a text that is not valid UTF-8";
    case MsgpackError::bad_key:
      return "the msgpack has a map with a key that is neither text nor a whole number";
    case MsgpackError::too_deep:
      return "the msgpack is nested more than 64 levels deep";
    case MsgpackError::too_many_elements:
      return "the msgpack has a list of more than 16384 arguments";
    case MsgpackError::too_many_binary_parts:
      return "the msgpack has more than 1024 binary parts";
  }
  return "the msgpack is malformed";
}

}  // namespace naru::socketio
