#include "socketio/msgpack_writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "socketio/msgpack_reader.hpp"
#include "socketio/msgpack_vectors.hpp"
#include "support/hex.hpp"

namespace naru::socketio {
namespace {

using test::from_hex;
using test::to_hex;

std::string written(std::string_view json, const std::vector<Bytes>& parts = {}) {
  MsgpackWriter writer;
  return writer.value({json, parts}) ? to_hex(writer.bytes()) : "no JSON";
}
std::string listed(std::string_view values, const std::vector<Bytes>& parts = {}) {
  MsgpackWriter writer;
  return writer.list({values, parts}) ? to_hex(writer.bytes()) : "no JSON";
}

TEST(MsgpackWriter, WritesWhatNotepackWrites) {
  for (const test::MsgpackVector& vector : test::kMsgpackBothWays) {
    std::vector<Bytes> parts;
    for (std::string_view part : vector.parts)
      parts.push_back(Bytes::copy(from_hex(part)));
    EXPECT_EQ(written(vector.json, parts), vector.msgpack) << vector.json;
  }
}

std::string repeated(std::size_t count, std::string_view one, std::string_view between) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i)
    all.append(i == 0 ? "" : between).append(one);
  return all;
}

// The value that msgpack_vectors.mjs makes by this kind and count.
std::string sized(const test::MsgpackSize& size) {
  if (size.kind == "text") return '"' + std::string(size.count, 'x') + '"';
  if (size.kind == "list") return '[' + repeated(size.count, "7", ",") + ']';
  if (size.kind == "part") return R"({"_placeholder":true,"num":0})";
  std::string members;
  for (std::size_t i = 0; i < size.count; ++i)
    members += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":7";
  return '{' + members + '}';
}

TEST(MsgpackWriter, EverySizeHasItsShortestForm) {
  for (const test::MsgpackSize& size : test::kMsgpackSizes) {
    SCOPED_TRACE(std::string(size.kind) + " " + std::to_string(size.count));
    const std::string json = sized(size);
    std::vector<Bytes> parts;
    if (size.kind == "part") parts.push_back(Bytes(std::string(size.count, '\x07')));
    MsgpackWriter writer;
    ASSERT_TRUE(writer.value({json, parts}));
    EXPECT_EQ(writer.bytes().size(), size.size);
    EXPECT_EQ(to_hex(writer.bytes().substr(0, 8)), size.begin);

    // In a list, whose inside has no limit.
    const std::string bytes = '\x91' + std::string(writer.bytes());
    std::string text;
    std::vector<Bytes> read_parts;
    std::vector<std::size_t> starts;
    MsgpackTokens tokens(bytes);
    MsgpackReader reader(tokens, text, read_parts);
    ASSERT_EQ(reader.append_value(starts), MsgpackError::none);
    EXPECT_EQ(text, '[' + json + ']');
    EXPECT_EQ(read_parts, parts);
  }
}

TEST(MsgpackWriter, WholeNumbersAreIntegersHoweverTheyAreWritten) {
  EXPECT_EQ(written("1.0"), "01");
  EXPECT_EQ(written("1e2"), "64");
  EXPECT_EQ(written("-0"), "00");
  EXPECT_EQ(written("-0.0"), "00");
  EXPECT_EQ(written("-1.0e0"), "ff");
  EXPECT_EQ(written("4294967296.0"), "cf0000000100000000");
  EXPECT_EQ(written("-9223372036854775808"), "d38000000000000000");
  EXPECT_EQ(written("18446744073709551615"), "cfffffffffffffffff") << "exact, where a double is not";
}

// notepack.io writes the low 64 bits of these, another number.
TEST(MsgpackWriter, LargerWholeNumbersAreFloats) {
  EXPECT_EQ(written("18446744073709551616"), "cb43f0000000000000");
  EXPECT_EQ(written("-9223372036854777856"), "cbc3e0000000000001");
  EXPECT_EQ(written("1e300"), "cb7e37e43c8800759c");
  EXPECT_EQ(written("1e999"), "cb7ff0000000000000") << "as JavaScript reads it";
}

TEST(MsgpackWriter, StringsMeanWhatTheySay) {
  EXPECT_EQ(written(R"("\u0041\n\/")"), "a3410a2f");
  EXPECT_EQ(written(R"("\ud83d\udea2")"), "a4f09f9aa2");
  EXPECT_EQ(written(R"("\ud800")"), "a3efbfbd") << "nobody could read it";
  EXPECT_EQ(written(R"("\\")"), "a15c");
  EXPECT_EQ(written(R"("\\\"[")"), "a35c225b");
  EXPECT_EQ(written(R"({"\u0061":1,"b\"{":[]})"), "82a16101a362227b90");
}

TEST(MsgpackWriter, BlanksDoNotCount) {
  EXPECT_EQ(written(" [ 1 , { \"a\" :\t2 } , [ ] ,\r\n{ } ] "), "940181a161029080");
  EXPECT_EQ(listed(" 1 , [ ] "), "920190");
}

TEST(MsgpackWriter, ListsAreArraysWithoutTheirBrackets) {
  EXPECT_EQ(listed(""), "90");
  EXPECT_EQ(listed("\"say\",[1,2],{}"), "93a373617992010280");
  EXPECT_EQ(listed(repeated(16, "0", ",")), "dc0010" + std::string(32, '0'));
  EXPECT_EQ(listed(R"("f",{"_placeholder":true,"num":1})", {Bytes::copy("a"), Bytes::copy("b")}),
            "92a166c40162");
}

TEST(MsgpackWriter, WhatNamesNoPartStaysAnObject) {
  const std::string object = "82ac5f706c616365686f6c646572c3a36e756d";
  EXPECT_EQ(written(R"({"_placeholder":true,"num":1})", {Bytes::copy("a")}), object + "01");
  EXPECT_EQ(written(R"({"_placeholder":true,"num":-1})", {Bytes::copy("a")}), object + "ff");
  EXPECT_EQ(written(R"({"_placeholder":true,"num":[0]})", {Bytes::copy("a")}), object + "9100");
}

TEST(MsgpackWriter, RefusesWhatIsNoJson) {
  for (std::string_view bad : {"",           " ",     "[",    "]",      "[1",        "[1]]",
                               "{",          "}",     "[}",   "{]",     "{\"a\"}",   "{\"a\":}",
                               "{\"a\":1,}", "{1:2}", "[1,]", "[,1]",   "[1 2]",     "[1,2",
                               ",",          "1,2",   "\"",   "\"\\\"", "nul",       "nulls",
                               "x",          "1x",    "--1",  "[\"a]",  "{\"a\" 1}", "{\"a\":1 \"b\":2}",
                               "1 2",        "inf",   "nan"}) {
    EXPECT_EQ(written(bad), "no JSON") << bad;
  }
  for (std::string_view bad : {",", "1,", ",1", "]", "1]", "[", "}{", "\"a", "1 2"})
    EXPECT_EQ(listed(bad), "no JSON") << bad;
}

TEST(MsgpackWriter, DepthIsNoDepthOfTheStack) {
  const std::size_t depth = 200'000;
  const std::string json = std::string(depth, '[') + std::string(depth, ']');
  MsgpackWriter writer;
  ASSERT_TRUE(writer.value({json}));
  EXPECT_EQ(writer.bytes(), std::string(depth - 1, '\x91') + '\x90');
}

TEST(MsgpackWriter, IsUsedAgain) {
  MsgpackWriter writer;
  EXPECT_FALSE(writer.value({"[[1"}));
  const std::string large = '"' + std::string(1'000'000, 'x') + '"';
  writer.clear();
  EXPECT_TRUE(writer.value({large}));
  writer.clear();
  writer.map(1);
  writer.text("a");
  EXPECT_TRUE(writer.list({"1"}));
  EXPECT_EQ(to_hex(writer.bytes()), "81a1619101");
}

}  // namespace
}  // namespace naru::socketio
