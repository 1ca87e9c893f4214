#include "base/json_scanner.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

namespace naru::base {
namespace {

using namespace std::string_view_literals;
using Slices = std::vector<std::string_view>;

// Scans an exact-size heap copy, so that AddressSanitizer sees a read past the end; with and without an
// outline.
std::optional<JsonError> scan(std::string_view text) {
  const auto copy = std::make_unique<char[]>(text.size());
  std::copy(text.begin(), text.end(), copy.get());
  JsonOutline outline;
  const auto error = scan_json({copy.get(), text.size()}, outline);
  EXPECT_EQ(check_json({copy.get(), text.size()}), error) << text;
  return error;
}

// Names as in JSONTestSuite.
constexpr std::string_view kAccepted[] = {
    "[]",
    "[[]   ]",
    "[\"\"]",
    "[\"a\"]",
    "[false]",
    "[null, 1, \"1\", {}]",
    "[1\n]",
    " [1]",
    "[1,null,null,null,2]",
    "[2] ",
    "[0e+1]",
    "[0e1]",
    "[-0]",
    "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]",
    "[20e1]",
    "[-123]",
    "[-1]",
    "[1E22]",
    "[1E-2]",
    "[1E+2]",
    "[123e45]",
    "[123.456e78]",
    "[123.456789]",
    "[0]",
    "[4.5e0]",
    "{\"asd\":\"sdf\"}",
    "{\"a\":\"b\",\"a\":\"c\"}",
    "{}",
    "{\"\":0}",
    "{\"foo\\u0000bar\": 42}",
    "{\"min\": -1.0e+28, \"max\": 1.0e+28}",
    "{\"title\":\"\\u041f\\u043e\" }",
    "{\n\"a\": \"b\"\n}",
    "[\"\\u0060\\u012a\\u12AB\"]",
    "[\"\\uD801\\udc37\"]",
    "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
    "[\"\\\\u0000\"]",
    "[\"a/*b*/c/*d//e\"]",
    "[\"\\uFFFF\"]",
    "[\"\xF4\x8F\xBF\xBF\"]",
    "[\"\xEF\xBF\xBF\"]",
    "[\"\x7F\"]",
    "[\"\xE2\x80\xA8\"]",
    "\" \"",
    "\"\"",
    "42",
    "-0.1",
    "null",
    "true",
    "false",
    "[true]",
    " [] ",
    "\t\r\n {\"a\" : [ 1 , 2 ] } \n",
    // Lone surrogates and numbers out of range: JavaScript sends them.
    "[\"\\uD800\"]",
    "[\"\\udfff\"]",
    "[\"\\uDADA\\n\"]",
    "[\"\\uD888\\u1234\"]",
    "[1e999]",
    "[-1e-999]",
    "590295810358705700000",
};

struct Refused {
  std::string_view text;
  JsonError error;
};
constexpr Refused kRefused[] = {
    {"", JsonError::unexpected_end},
    {" ", JsonError::unexpected_end},
    {"[", JsonError::unexpected_end},
    {"{", JsonError::unexpected_end},
    {"[1", JsonError::unexpected_end},
    {"[1,", JsonError::unexpected_end},
    {"{\"a\"", JsonError::unexpected_end},
    {"{\"a\":", JsonError::unexpected_end},
    {"{\"a\":1", JsonError::unexpected_end},
    {"{\"a\":1,", JsonError::unexpected_end},
    {"\"", JsonError::unexpected_end},
    {"\"abc", JsonError::unexpected_end},
    {"\"\\", JsonError::unexpected_end},
    {"\"\\u00A", JsonError::unexpected_end},
    {"[\"\\u00A\"]", JsonError::bad_escape},
    {"[\"\\\"]", JsonError::unexpected_end},
    {"]", JsonError::value_expected},
    {"}", JsonError::value_expected},
    {"[,1]", JsonError::value_expected},
    {"[1,]", JsonError::value_expected},
    {"[1,,2]", JsonError::value_expected},
    {"[*]", JsonError::value_expected},
    {"['a']", JsonError::value_expected},
    {"[+1]", JsonError::value_expected},
    {"[.5]", JsonError::value_expected},
    {"[NaN]", JsonError::value_expected},
    {"[Infinity]", JsonError::value_expected},
    {"[True]", JsonError::value_expected},
    {"/**/[]", JsonError::value_expected},
    {"\xEF\xBB\xBF[]", JsonError::value_expected},
    {"\0"sv, JsonError::value_expected},
    {"[\x0C]", JsonError::value_expected},
    {"[\xC2\xA0]", JsonError::value_expected},
    {"{1:1}", JsonError::name_expected},
    {"{a:1}", JsonError::name_expected},
    {"{,}", JsonError::name_expected},
    {"{\"a\":1,}", JsonError::name_expected},
    {"{[]:1}", JsonError::name_expected},
    {"{\"a\",1}", JsonError::colon_expected},
    {"{\"a\" 1}", JsonError::colon_expected},
    {"{\"a\":}", JsonError::value_expected},
    {"[1 2]", JsonError::comma_expected},
    {"[1}", JsonError::comma_expected},
    {"{\"a\":1]", JsonError::comma_expected},
    {"{\"a\":1:2}", JsonError::comma_expected},
    {"[1:2]", JsonError::comma_expected},
    {"[\"s\",{\"a\":1]", JsonError::comma_expected},
    {"[0x1]", JsonError::comma_expected},
    {"[tru]", JsonError::bad_literal},
    {"[fals", JsonError::bad_literal},
    {"[nul1]", JsonError::bad_literal},
    {"[truee]", JsonError::comma_expected},
    {"[01]", JsonError::bad_number},
    {"[-01]", JsonError::bad_number},
    {"[-]", JsonError::bad_number},
    {"[- 1]", JsonError::bad_number},
    {"[--1]", JsonError::bad_number},
    {"[1.]", JsonError::bad_number},
    {"[1.e1]", JsonError::bad_number},
    {"[1e]", JsonError::bad_number},
    {"[1e+]", JsonError::bad_number},
    {"[1eE2]", JsonError::bad_number},
    {"-", JsonError::bad_number},
    {"[1e1.5]", JsonError::comma_expected},
    {"[\"\\x00\"]", JsonError::bad_escape},
    {"[\"\\a\"]", JsonError::bad_escape},
    {"[\"\\u00G0\"]", JsonError::bad_escape},
    {"[\"\\U0041\"]", JsonError::bad_escape},
    {"[\"\\'\"]", JsonError::bad_escape},
    {"[\"a\nb\"]", JsonError::control_character},
    {"[\"\t\"]", JsonError::control_character},
    {"[\"a\0b\"]"sv, JsonError::control_character},
    {"[\"01234567\x1F\"]", JsonError::control_character},
    {"[\"\xFF\"]", JsonError::bad_utf8},
    {"[\"\xC0\xAF\"]", JsonError::bad_utf8},
    {"[\"\xED\xA0\x80\"]", JsonError::bad_utf8},
    {"[\"\xE2\x82\"]", JsonError::bad_utf8},
    {"[\"0123456789\xF4\x90\x80\x80\"]", JsonError::bad_utf8},
    {"{\"\x80\":1}", JsonError::bad_utf8},
    {"\"\xC3", JsonError::bad_utf8},
    {"[1]]", JsonError::trailing_bytes},
    {"[1]x", JsonError::trailing_bytes},
    {"[][]", JsonError::trailing_bytes},
    {"{}}", JsonError::trailing_bytes},
    {"1 2", JsonError::trailing_bytes},
    {"\"a\"\"b\"", JsonError::trailing_bytes},
    {"[]\0"sv, JsonError::trailing_bytes},
    {"nullx", JsonError::trailing_bytes},
};

TEST(JsonScanner, AcceptsTheGrammar) {
  for (const auto text : kAccepted)
    EXPECT_EQ(scan(text), std::nullopt) << text;
}

TEST(JsonScanner, RefusesTheRestAndSaysWhy) {
  for (const auto& test : kRefused) {
    const auto error = scan(test.text);
    ASSERT_TRUE(error.has_value()) << test.text;
    EXPECT_EQ(*error, test.error) << test.text << ": " << describe(*error);
    EXPECT_FALSE(describe(*error).empty());
  }
}

TEST(JsonScanner, NoTextMayEndEarlyExceptNumbers) {
  for (const auto text : kAccepted) {
    if (text.find_first_of("[{\"") == text.npos) continue;
    const auto last = text.find_last_not_of(" \n");
    for (std::size_t size = 0; size <= last; ++size)
      EXPECT_TRUE(scan(text.substr(0, size)).has_value()) << text;
  }
}

std::string nested(std::string_view open, std::string_view inside, std::string_view close, int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i)
    text += open;
  text += inside;
  for (int i = 0; i < depth; ++i)
    text += close;
  return text;
}

TEST(JsonScanner, DepthIsTestedFromBothSides) {
  EXPECT_EQ(scan(nested("[", "", "]", kMaxJsonDepth)), std::nullopt);
  EXPECT_EQ(scan(nested("[", "", "]", kMaxJsonDepth + 1)), JsonError::too_deep);
  EXPECT_EQ(scan(nested("{\"a\":", "1", "}", kMaxJsonDepth)), std::nullopt);
  EXPECT_EQ(scan(nested("{\"a\":", "1", "}", kMaxJsonDepth + 1)), JsonError::too_deep);
  EXPECT_EQ(scan(nested("[", "", "]", 100'000)), JsonError::too_deep);
}

TEST(JsonScanner, ElementsAreTestedFromBothSides) {
  std::string text = "[0";
  for (std::size_t i = 1; i < kMaxJsonElements; ++i)
    text += ",0";
  JsonOutline outline;
  EXPECT_EQ(scan_json(text + "]", outline), std::nullopt);
  EXPECT_EQ(outline.elements.size(), kMaxJsonElements);
  EXPECT_EQ(scan_json(text + ",0]", outline), JsonError::too_many_elements);
  EXPECT_EQ(check_json(text + ",0]"), std::nullopt);
  EXPECT_EQ(scan_json("{\"a\":" + text + ",0]}", outline), std::nullopt);
}

TEST(JsonScanner, SlicesTheElementsOfTheOutermostArray) {
  JsonOutline outline;
  ASSERT_FALSE(scan_json(" [ \"say\" ,[1, 2 ],{ \"a\" : [ ] } , -1.5e3,null ,\"]\\\"\"\n] ", outline));
  EXPECT_EQ(outline.kind, JsonKind::array);
  EXPECT_EQ(outline.elements,
            (Slices{"\"say\"", "[1, 2 ]", "{ \"a\" : [ ] }", "-1.5e3", "null", "\"]\\\"\""}));
  ASSERT_FALSE(scan_json("[]", outline));
  EXPECT_TRUE(outline.elements.empty());
  ASSERT_FALSE(scan_json("{\"a\":[1,2]}", outline));
  EXPECT_EQ(outline.kind, JsonKind::object);
  EXPECT_TRUE(outline.elements.empty());
}

TEST(JsonScanner, NamesTheKindOfTheWholeValue) {
  const std::pair<std::string_view, JsonKind> kKinds[] = {
      {"null", JsonKind::null}, {" true ", JsonKind::boolean}, {"false", JsonKind::boolean},
      {"-1", JsonKind::number}, {"\"\"", JsonKind::string},    {"\n[1]", JsonKind::array},
      {"{}", JsonKind::object}};
  for (const auto& [text, kind] : kKinds) {
    JsonOutline outline;
    ASSERT_FALSE(scan_json(text, outline));
    EXPECT_EQ(outline.kind, kind) << text;
  }
}

std::string placeholders_of(std::string_view text) {
  JsonOutline outline;
  if (auto error = scan_json(text, outline)) return std::string(describe(*error));
  std::string out;
  for (const JsonPlaceholder& placeholder : outline.placeholders) {
    out.append(placeholder.slice) += placeholder.num ? "=" + std::to_string(*placeholder.num) : "=?";
    out += ';';
  }
  return out;
}

TEST(JsonScanner, FindsPlaceholdersAtAnyDepth) {
  EXPECT_EQ(placeholders_of(R"(["a",{"_placeholder":true,"num":0},{"b":[{"num":12,"_placeholder":true}]}])"),
            R"({"_placeholder":true,"num":0}=0;{"num":12,"_placeholder":true}=12;)");
  EXPECT_EQ(placeholders_of(R"({"_placeholder":true,"num":1})"), R"({"_placeholder":true,"num":1}=1;)");
  EXPECT_EQ(placeholders_of(R"([ { "_placeholder" : true , "num" : 1 , "more":[{}] } ])"),
            R"({ "_placeholder" : true , "num" : 1 , "more":[{}] }=1;)");
}

TEST(JsonScanner, OnlyTrueMakesAPlaceholder) {
  for (const char* text : {R"([{"_placeholder":false,"num":0}])", R"([{"_placeholder":1,"num":0}])",
                           R"([{"_placeholder":"true","num":0}])", R"([{"_placeholder":[true],"num":0}])",
                           R"([{"_placeholder":{"a":true},"num":0}])", R"([{"_placeholder":null}])",
                           R"([{"placeholder":true,"num":0}])", R"(["_placeholder",true])",
                           R"([{"a":"_placeholder","b":true}])", R"([{"_placeholder":[],"x":[true]}])",
                           R"([{"x":{"_placeholder":0},"y":[{"_placeholder":{}},true]}])"}) {
    EXPECT_EQ(placeholders_of(text), "") << text;
  }
}

TEST(JsonScanner, TheLastOfDuplicateNamesCounts) {
  EXPECT_EQ(placeholders_of(R"([{"_placeholder":true,"_placeholder":false}])"), "");
  EXPECT_EQ(placeholders_of(R"([{"_placeholder":0,"num":1,"_placeholder":true,"num":2}])"),
            R"({"_placeholder":0,"num":1,"_placeholder":true,"num":2}=2;)");
  EXPECT_EQ(placeholders_of(R"([{"_placeholder":true,"num":1,"num":{}}])"),
            R"({"_placeholder":true,"num":1,"num":{}}=?;)");
}

TEST(JsonScanner, PlaceholderNamesAreComparedUnescaped) {
  EXPECT_EQ(placeholders_of(R"([{"\u005fplaceholder":true,"n\u0075m":3}])"),
            R"({"\u005fplaceholder":true,"n\u0075m":3}=3;)");
  EXPECT_EQ(placeholders_of(R"([{"_placeholder":true,"\u005fplaceholder":null}])"), "");
}

TEST(JsonScanner, NumIsAWholeNumberFromZeroOn) {
  const std::pair<std::string_view, std::string_view> kNumbers[] = {
      {"0", "0"},
      {"1.0", "1"},
      {"2e0", "2"},
      {"-0", "0"},
      {"18446744073709551615", "18446744073709551615"},
      {"-1", "?"},
      {"1.5", "?"},
      {"\"1\"", "?"},
      {"null", "?"},
      {"1e999", "?"},
      {"[1]", "?"},
      {"true", "?"},
      {"18446744073709551616", "?"}};
  for (const auto& [number, expected] : kNumbers) {
    const std::string object = "{\"_placeholder\":true,\"num\":" + std::string(number) + "}";
    EXPECT_EQ(placeholders_of("[" + object + "]"), object + "=" + std::string(expected) + ";");
  }
  EXPECT_EQ(placeholders_of(R"([{"_placeholder":true}])"), R"({"_placeholder":true}=?;)");
}

TEST(JsonScanner, WhatStandsInAPlaceholderIsNotLookedAt) {
  const std::string outer =
      R"({"a":{"_placeholder":true,"num":7},"_placeholder":true,"num":0,"b":[{"_placeholder":true}]})";
  EXPECT_EQ(placeholders_of("[{\"_placeholder\":true,\"num\":5}," + outer + "]"),
            R"({"_placeholder":true,"num":5}=5;)" + outer + "=0;");
}

TEST(JsonScanner, AnOutlineIsReusableAndStaysSmall) {
  JsonOutline outline;
  ASSERT_FALSE(scan_json(R"([1,{"_placeholder":true,"num":0}])", outline));
  ASSERT_TRUE(scan_json("[1,2", outline).has_value());
  ASSERT_FALSE(scan_json("[3]", outline));
  EXPECT_EQ(outline.elements, Slices{"3"});
  EXPECT_TRUE(outline.placeholders.empty());
  std::string large = "[0";
  for (int i = 0; i < 10'000; ++i)
    large += ",{\"_placeholder\":true}";
  ASSERT_FALSE(scan_json(large + "]", outline));
  EXPECT_EQ(outline.placeholders.size(), 10'000U);
  outline.clear();
  EXPECT_LE(outline.elements.capacity(), 256U);
  EXPECT_LE(outline.placeholders.capacity(), 256U);
}

// Random texts built of the pieces of the grammar, against nlohmann. It refuses surrogates and numbers out of
// range, which are not among the pieces, and takes a NUL for the end.
TEST(JsonScanner, AgreesWithNlohmann) {
  constexpr std::string_view kPieces[] = {
      "[",     "]", "{",  "}",    ":",    ",",      "\"a\"", "\"\\u00e9\"", "\"\xC3\xA9\"", "\"",
      "\\",    "1", "-",  "0",    ".",    "e",      "E",     "+",           "true",         "null",
      "false", " ", "\n", "\x01", "\xFF", "\"b\":", "[]",    "{}",          "1.5",          "\"k\":{}"};
  std::mt19937 random(11);
  int accepted = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string text;
    const std::size_t count = 1 + random() % 7;
    for (std::size_t i = 0; i < count; ++i)
      text += kPieces[random() % std::size(kPieces)];
    if (round % 2 == 0) text.insert(0, "[").append("]");
    const bool expected = nlohmann::json::accept(text);
    ASSERT_EQ(!scan(text).has_value(), expected) << text;
    if (expected) ++accepted;
  }
  EXPECT_GT(accepted, 5000);
}

// Every text one byte away from a good one.
TEST(JsonScanner, AgreesWithNlohmannAroundAGoodText) {
  const std::string good = R"( {"a":[1,-2.5e+3,true,null,"x\n\u00e9é"],"b":{"c":""}} )";
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int byte = 1; byte < 256; ++byte) {
      std::string text = good;
      text[at] = static_cast<char>(byte);
      ASSERT_EQ(!scan(text).has_value(), nlohmann::json::accept(text)) << text;
    }
    std::string shorter = good;
    shorter.erase(at, 1);
    ASSERT_EQ(!scan(shorter).has_value(), nlohmann::json::accept(shorter)) << shorter;
  }
}

}  // namespace
}  // namespace naru::base
