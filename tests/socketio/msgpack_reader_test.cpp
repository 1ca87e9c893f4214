#include "socketio/msgpack_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "socketio/msgpack_vectors.hpp"
#include "support/hex.hpp"

namespace naru::socketio {
namespace {

using test::from_hex;
using Error = MsgpackError;

struct Read {
  Error error = Error::none;
  std::string text;
  std::vector<Bytes> parts;
  std::vector<std::size_t> starts;
};

Read read(std::string_view bytes) {
  Read result;
  MsgpackTokens tokens(bytes);
  MsgpackReader reader(tokens, result.text, result.parts);
  result.error = reader.append_value(result.starts);
  if (result.error == Error::none && !tokens.at_end()) result.error = Error::trailing_bytes;
  return result;
}
std::string json(std::string_view hex) {
  const Read result = read(from_hex(hex));
  EXPECT_EQ(describe(result.error), describe(Error::none)) << hex;
  return result.text;
}
Error error(std::string_view bytes) {
  return read(bytes).error;
}

void expect_vector(const test::MsgpackVector& vector) {
  SCOPED_TRACE(vector.msgpack);
  const Read result = read(from_hex(vector.msgpack));
  EXPECT_EQ(describe(result.error), describe(Error::none));
  EXPECT_EQ(result.text, vector.json);
  ASSERT_EQ(result.parts.size(), vector.parts.size());
  for (std::size_t i = 0; i < vector.parts.size(); ++i)
    EXPECT_EQ(test::to_hex(result.parts[i].view()), vector.parts[i]);
}

TEST(MsgpackReader, ReadsWhatNotepackWrites) {
  for (const test::MsgpackVector& vector : test::kMsgpackBothWays)
    expect_vector(vector);
  for (const test::MsgpackVector& vector : test::kMsgpackRead)
    expect_vector(vector);
}

TEST(MsgpackReader, ReadsWhatOthersWrite) {
  EXPECT_EQ(json("cfffffffffffffffff"), "18446744073709551615");
  EXPECT_EQ(json("d3ffffffffffffffff"), "-1");
  EXPECT_EQ(json("ca3dcccccd"), "0.10000000149011612") << "the double that JavaScript would have";
  EXPECT_EQ(json("ca7f800000"), "null");
  EXPECT_EQ(json("cb4008000000000000"), "3");
  EXPECT_EQ(json("cb8000000000000000"), "0") << "-0";
  EXPECT_EQ(json("cb43abc16d674ec800"), "1000000000000000000") << "1e18";
  EXPECT_EQ(json("cbc3e0000000000000"), "-9223372036854775808");
  EXPECT_EQ(json("cb43e8000000000000"), "13835058055282163712");
  EXPECT_EQ(json("cb43f0000000000000"), "18446744073709551616");
  EXPECT_EQ(json("cb7e37e43c8800759c"), "1e+300");
  EXPECT_EQ(json("82a16101a16102"), R"({"a":1,"a":2})") << "the last one counts, as everywhere";
}

TEST(MsgpackReader, KeysAreTextOrWholeNumbers) {
  EXPECT_EQ(json("84a0010502ff03cfffffffffffffffff04"), R"({"":1,"5":2,"-1":3,"18446744073709551615":4})");
  for (std::string_view key : {"c0", "c3", "cb3ff8000000000000", "c40161", "90", "80", "d40000", "c7016161",
                               "d7000000000000000000"}) {
    EXPECT_EQ(error(from_hex("81" + std::string(key) + "00")), Error::bad_key) << key;
  }
}

TEST(MsgpackReader, OtherExtensionsAreTypeAndBytes) {
  const Read result = read(from_hex("92d4056182a178c70205686fa179d5ff6869"));
  EXPECT_EQ(result.text, R"([[5,{"_placeholder":true,"num":0}],{"x":[5,{"_placeholder":true,"num":1}],)"
                         R"("y":[-1,{"_placeholder":true,"num":2}]}])");
  ASSERT_EQ(result.parts.size(), 3U);
  EXPECT_EQ(result.parts[0].view(), "a");
  EXPECT_EQ(result.parts[1].view(), "ho");
}

TEST(MsgpackReader, SaysWhereElementsBegin) {
  const Read result = read(from_hex("9401a161d4000091c0"));
  EXPECT_EQ(result.text, R"([1,"a",null,[null]])");
  EXPECT_EQ(result.starts, (std::vector<std::size_t>{1, 3, 7, 12}));
  EXPECT_TRUE(read(from_hex("81a16101")).starts.empty());
}

TEST(MsgpackReader, ChecksText) {
  EXPECT_EQ(error("\xA1\xFF"), Error::bad_utf8);
  EXPECT_EQ(error("\xA2\xC0\x80"), Error::bad_utf8);
  EXPECT_EQ(error("\xA3\xED\xA0\x80"), Error::bad_utf8) << "a surrogate";
  EXPECT_EQ(error(std::string_view("\x81\xA1\xFF\x00", 4)), Error::bad_utf8) << "keys too";
}

TEST(MsgpackReader, SixtyFourLevelsAreTheLimit) {
  auto nested = [](std::size_t lists, std::string_view inside) {
    return std::string(lists, '\x91') + std::string(inside);
  };
  EXPECT_EQ(error(nested(64, "\xC0")), Error::none);
  EXPECT_EQ(error(nested(63, "\x90")), Error::none);
  EXPECT_EQ(error(nested(64, "\x90")), Error::too_deep);
  EXPECT_EQ(error(nested(100'000, "\xC0")), Error::too_deep);
  EXPECT_EQ(error(nested(64, "\x80")), Error::too_deep);
  // A placeholder is an object.
  EXPECT_EQ(error(nested(63, "\xC4\x01x")), Error::none);
  EXPECT_EQ(error(nested(64, "\xC4\x01x")), Error::too_deep);
  EXPECT_EQ(error(nested(62, "\xD4\x05x")), Error::none);
  EXPECT_EQ(error(nested(63, "\xD4\x05x")), Error::too_deep);
}

TEST(MsgpackReader, BoundsArgumentsAndBinaryParts) {
  auto list = [](std::size_t count, std::string_view element) {
    std::string bytes = "\xDD";
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes += static_cast<char>(count >> shift);
    for (std::size_t i = 0; i < count; ++i)
      bytes += element;
    return bytes;
  };
  EXPECT_EQ(error(list(base::kMaxJsonElements, "\x01")), Error::none);
  EXPECT_EQ(error(list(base::kMaxJsonElements + 1, "\x01")), Error::too_many_elements);
  EXPECT_EQ(error("\x91" + list(base::kMaxJsonElements + 1, "\x01")), Error::none)
      << "inside there is no limit";
  const std::string_view empty_part("\xC4\x00", 2);
  EXPECT_EQ(error(list(kMaxMsgpackParts, empty_part)), Error::none);
  EXPECT_EQ(error(list(kMaxMsgpackParts + 1, empty_part)), Error::too_many_binary_parts);
}

TEST(MsgpackReader, RefusesWhatIsCutOrOdd) {
  for (const auto* table : {&test::kMsgpackBothWays, &test::kMsgpackRead}) {
    for (const test::MsgpackVector& vector : *table) {
      const std::string bytes = from_hex(vector.msgpack);
      for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_EQ(error(bytes.substr(0, size)), Error::truncated) << vector.msgpack << " cut to " << size;
      EXPECT_EQ(error(bytes + '\xC0'), Error::trailing_bytes) << vector.msgpack;
    }
  }
  EXPECT_EQ(error("\x91\xC1"), Error::bad_byte);
  EXPECT_EQ(error(from_hex("ddffffffff")), Error::truncated) << "before anything is counted";
}

TEST(MsgpackReader, SkipsWhatNobodyWants) {
  for (const auto* table : {&test::kMsgpackBothWays, &test::kMsgpackRead}) {
    for (const test::MsgpackVector& vector : *table) {
      const std::string bytes = from_hex(vector.msgpack) + "\x2A";
      MsgpackTokens tokens(bytes);
      MsgpackToken token;
      ASSERT_EQ(tokens.next(token), Error::none);
      ASSERT_EQ(skip_value(tokens, token), Error::none) << vector.msgpack;
      ASSERT_EQ(tokens.next(token), Error::none);
      EXPECT_EQ(token.integer, 42) << vector.msgpack;
    }
  }
  const std::string cut = "\x92\x01";
  MsgpackTokens tokens(cut);
  MsgpackToken token;
  EXPECT_EQ(tokens.next(token), Error::truncated);
  const std::string deep = "\x93\x01\x91\x91";
  MsgpackTokens more(deep);
  ASSERT_EQ(more.next(token), Error::none);
  EXPECT_EQ(skip_value(more, token), Error::truncated);
}

}  // namespace
}  // namespace naru::socketio
