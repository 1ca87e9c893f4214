#include "socketio/msgpack_token.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "support/hex.hpp"

namespace naru::socketio {
namespace {

using Kind = MsgpackToken::Kind;
using test::from_hex;

MsgpackToken only_token(const std::string& bytes) {
  MsgpackTokens tokens(bytes);
  MsgpackToken token;
  EXPECT_EQ(describe(tokens.next(token)), describe(MsgpackError::none));
  EXPECT_TRUE(tokens.at_end());
  return token;
}

TEST(MsgpackTokens, Integers) {
  struct {
    std::string_view hex;
    std::int64_t value;
  } const table[] = {
      {"00", 0},
      {"7f", 127},
      {"e0", -32},
      {"ff", -1},
      {"cc80", 128},
      {"cc00", 0},
      {"cdffff", 65535},
      {"ceffffffff", 4294967295},
      {"cf7fffffffffffffff", std::numeric_limits<std::int64_t>::max()},
      {"d080", -128},
      {"d07f", 127},
      {"d18000", -32768},
      {"d280000000", -2147483648LL},
      {"d3ffffffffffffffff", -1},
      {"d38000000000000000", std::numeric_limits<std::int64_t>::min()},
  };
  for (const auto& [hex, value] : table) {
    SCOPED_TRACE(hex);
    MsgpackToken token = only_token(from_hex(hex));
    EXPECT_EQ(token.kind, Kind::integer);
    EXPECT_EQ(token.integer, value);
  }
  EXPECT_EQ(only_token(from_hex("cf8000000000000000")).kind, Kind::natural);
  EXPECT_EQ(only_token(from_hex("cfffffffffffffffff")).natural, std::numeric_limits<std::uint64_t>::max());
}

TEST(MsgpackTokens, RealNumbers) {
  EXPECT_EQ(only_token(from_hex("ca3fc00000")).real, 1.5);
  EXPECT_EQ(only_token(from_hex("ca3dcccccd")).real, static_cast<double>(0.1F));
  EXPECT_EQ(only_token(from_hex("cb3ff8000000000000")).real, 1.5);
  EXPECT_EQ(only_token(from_hex("cb7ff8000000000000")).kind, Kind::real);
}

TEST(MsgpackTokens, TextBinaryAndExtensions) {
  struct {
    std::string_view hex;
    Kind kind;
    std::string bytes;
    std::int64_t type;
  } const table[] = {
      {"a0", Kind::text, "", 0},
      {"a2686f", Kind::text, "ho", 0},
      {"d902686f", Kind::text, "ho", 0},
      {"da0002686f", Kind::text, "ho", 0},
      {"db00000002686f", Kind::text, "ho", 0},
      {"c402686f", Kind::binary, "ho", 0},
      {"c50002686f", Kind::binary, "ho", 0},
      {"c600000002686f", Kind::binary, "ho", 0},
      {"c70200686f", Kind::binary, "ho", 0},  // notepack.io: an ArrayBuffer
      {"c8000200686f", Kind::binary, "ho", 0},
      {"c90000000200686f", Kind::binary, "ho", 0},
      {"c70205686f", Kind::extension, "ho", 5},
      {"c702ff686f", Kind::extension, "ho", -1},
      {"d40568", Kind::extension, "h", 5},
      {"d5ff686f", Kind::extension, "ho", -1},
      {"d500686f", Kind::extension, "ho", 0},
      {"d60561626364", Kind::extension, "abcd", 5},
      {"d7056162636465666768", Kind::extension, "abcdefgh", 5},
      {"d80061626364656667686162636465666768", Kind::extension, "abcdefghabcdefgh", 0},
  };
  for (const auto& [hex, kind, bytes, type] : table) {
    SCOPED_TRACE(hex);
    const std::string packed = from_hex(hex);
    MsgpackToken token = only_token(packed);
    EXPECT_EQ(token.kind, kind);
    EXPECT_EQ(token.bytes, bytes);
    if (kind == Kind::extension) {
      EXPECT_EQ(token.integer, type);
    }
  }
  EXPECT_EQ(only_token(from_hex("d40000")).kind, Kind::undefined);
  EXPECT_EQ(only_token(from_hex("d400ff")).kind, Kind::undefined) << "the byte means nothing";
  EXPECT_EQ(only_token(from_hex("d700ffffffffffffffff")).kind, Kind::date);
  EXPECT_EQ(only_token(from_hex("d700ffffffffffffffff")).integer, -1);
}

TEST(MsgpackTokens, Containers) {
  struct {
    std::string_view hex;
    Kind kind;
    std::uint64_t count;
  } const table[] = {
      {"90", Kind::array, 0},       {"9100", Kind::array, 1},
      {"dc000100", Kind::array, 1}, {"dd0000000100", Kind::array, 1},
      {"80", Kind::map, 0},         {"81a000", Kind::map, 1},
      {"de0001a000", Kind::map, 1}, {"df00000001a000", Kind::map, 1},
  };
  for (const auto& [hex, kind, count] : table) {
    SCOPED_TRACE(hex);
    const std::string bytes = from_hex(hex);
    MsgpackTokens tokens(bytes);
    MsgpackToken token;
    ASSERT_EQ(tokens.next(token), MsgpackError::none);
    EXPECT_EQ(token.kind, kind);
    EXPECT_EQ(token.natural, count);
  }
}

TEST(MsgpackTokens, WordsAndTheUnusedByte) {
  EXPECT_EQ(only_token(from_hex("c0")).kind, Kind::nil);
  EXPECT_EQ(only_token(from_hex("c2")).integer, 0);
  EXPECT_EQ(only_token(from_hex("c3")).integer, 1);
  MsgpackToken token;
  EXPECT_EQ(MsgpackTokens("\xC1").next(token), MsgpackError::bad_byte);
  EXPECT_EQ(MsgpackTokens("").next(token), MsgpackError::truncated);
}

// Cut anywhere, a token is truncated; and no size is believed that what is there cannot keep.
TEST(MsgpackTokens, RefusesWhatIsCut) {
  for (std::string_view hex : {"cc80",
                               "cdffff",
                               "ceffffffff",
                               "cfffffffffffffffff",
                               "d080",
                               "d18000",
                               "d280000000",
                               "d38000000000000000",
                               "ca3fc00000",
                               "cb3ff8000000000000",
                               "a2686f",
                               "d902686f",
                               "da0002686f",
                               "db00000002686f",
                               "c402686f",
                               "c50002686f",
                               "c600000002686f",
                               "c70200686f",
                               "c8000200686f",
                               "c90000000200686f",
                               "c70205686f",
                               "d40000",
                               "d40568",
                               "d5ff686f",
                               "d60561626364",
                               "d7056162636465666768",
                               "d700ffffffffffffffff",
                               "d80061626364656667686162636465666768",
                               "9100",
                               "dc000100",
                               "dd0000000100",
                               "81a000",
                               "de0001a000",
                               "df00000001a000"}) {
    const std::string bytes = from_hex(hex);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      SCOPED_TRACE(std::string(hex) + " cut to " + std::to_string(size));
      const std::string cut = bytes.substr(0, size);
      MsgpackToken token;
      EXPECT_EQ(describe(MsgpackTokens(cut).next(token)), describe(MsgpackError::truncated));
    }
  }
  for (std::string_view hex :
       {"dbffffffff", "c6ffffffff61", "c9ffffffff0061", "ddffffffff00", "dfffffffff0000"}) {
    const std::string bytes = from_hex(hex);
    MsgpackToken token;
    EXPECT_EQ(MsgpackTokens(bytes).next(token), MsgpackError::truncated) << hex;
  }
}

}  // namespace
}  // namespace naru::socketio
