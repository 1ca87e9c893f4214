#include "base/json_text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace naru::base {
namespace {

using namespace std::string_view_literals;

std::string written(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

template <class Number>
std::string written_number(Number number) {
  std::string out;
  append_json_number(out, number);
  return out;
}

std::string decoded(std::string_view value) {
  std::string out = "<";
  EXPECT_TRUE(decode_json_string(value, out)) << value;
  return out.substr(1);
}

TEST(JsonText, WritesStringsAsJsonStringifyDoes) {
  EXPECT_EQ(written(""), R"("")");
  EXPECT_EQ(written("hello"), R"("hello")");
  EXPECT_EQ(written("say \"hi\" \\ /"), R"("say \"hi\" \\ /")");
  EXPECT_EQ(written("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(written("\0\x01\x1f\x7f"sv), "\"\\u0000\\u0001\\u001f\x7f\"");
  EXPECT_EQ(written("나루 🚣 \u2028"), "\"나루 🚣 \u2028\"");
}

TEST(JsonText, ReplacesInvalidUtf8) {
  EXPECT_EQ(written("a\xFF\"b\xE2\x82"), "\"a\uFFFD\\\"b\uFFFD\"");
  EXPECT_EQ(written("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");
}

TEST(JsonText, EveryByteComesBackThroughAnotherReader) {
  for (int byte = 0; byte < 128; ++byte) {
    const std::string text(3, static_cast<char>(byte));
    const std::string json = written(text);
    EXPECT_EQ(nlohmann::json::parse(json).get<std::string>(), text);
    EXPECT_EQ(decoded(json), text);
  }
}

TEST(JsonText, DecodesEscapes) {
  EXPECT_EQ(decoded(R"("")"), "");
  EXPECT_EQ(decoded(R"("a\"\\\/\b\f\n\r\tz")"), "a\"\\/\b\f\n\r\tz");
  EXPECT_EQ(decoded(R"("\u0041\u00e9\u00E9\u20ac\u0000")"), "Aéé€\0"sv);
  EXPECT_EQ(decoded(R"("\ud83d\ude00")"), "😀");
  EXPECT_EQ(decoded(R"("\uD834\uDD1E and \udbff\udfff")"), "𝄞 and \U0010FFFF");
}

TEST(JsonText, LoneSurrogatesBecomeTheReplacementCharacter) {
  EXPECT_EQ(decoded(R"("\ud800")"), "\uFFFD");
  EXPECT_EQ(decoded(R"("\udc00")"), "\uFFFD");
  EXPECT_EQ(decoded(R"("\ud800\u0041")"), "\uFFFDA");
  EXPECT_EQ(decoded(R"("\ud800\ud83d\ude00")"), "\uFFFD😀");
  EXPECT_EQ(decoded(R"("\ud800\n")"), "\uFFFD\n");
  EXPECT_EQ(decoded(R"("\udc00\ud800")"), "\uFFFD\uFFFD");
  EXPECT_EQ(decoded(R"("\ud800x")"), "\uFFFDx");
}

TEST(JsonText, OnlyStringsDecode) {
  for (const auto value : {"1"sv, "null"sv, "[\"a\"]"sv, ""sv, "\""sv}) {
    std::string out = "kept";
    EXPECT_FALSE(decode_json_string(value, out));
    EXPECT_EQ(out, "kept");
    EXPECT_FALSE(json_string_equals(value, ""));
  }
}

TEST(JsonText, ComparesStringsUnescaped) {
  EXPECT_TRUE(json_string_equals(R"("name")", "name"));
  EXPECT_TRUE(json_string_equals(R"("")", ""));
  EXPECT_TRUE(json_string_equals(R"("n\u0061me")", "name"));
  EXPECT_TRUE(json_string_equals(R"("\u006e\u0061\u006d\u0065")", "name"));
  EXPECT_FALSE(json_string_equals(R"("nam")", "name"));
  EXPECT_FALSE(json_string_equals(R"("n\\u0061me")", "name"));
  EXPECT_FALSE(json_string_equals(R"("a")", ""));
}

TEST(JsonText, WritesNumbers) {
  EXPECT_EQ(written_number(std::int64_t{-42}), "-42");
  EXPECT_EQ(written_number(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(written_number(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(written_number(0.1), "0.1");
  EXPECT_EQ(written_number(100000.0), "100000");
  EXPECT_EQ(written_number(-3.0), "-3");
  EXPECT_EQ(written_number(1e300), "1e+300");
  EXPECT_EQ(written_number(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(written_number(-std::numeric_limits<double>::infinity()), "null");
  for (const double number :
       {5e-324, 1.7976931348623157e308, -2.2250738585072014e-308, 9007199254740993.0, 0.30000000000000004}) {
    const std::string text = written_number(number);
    EXPECT_TRUE(nlohmann::json::accept(text)) << text;
    EXPECT_EQ(decode_json_double(text), number);
  }
}

TEST(JsonText, NumbersKeepTheirKind) {
  EXPECT_EQ(decode_json_number("0"), JsonNumber(std::int64_t{0}));
  EXPECT_EQ(decode_json_number("-9223372036854775808"), JsonNumber(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(decode_json_number("9223372036854775807"), JsonNumber(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(decode_json_number("9223372036854775808"), JsonNumber(std::uint64_t{1} << 63));
  EXPECT_EQ(decode_json_number("18446744073709551615"),
            JsonNumber(std::numeric_limits<std::uint64_t>::max()));
  EXPECT_EQ(decode_json_number("18446744073709551616"), JsonNumber(18446744073709551616.0));
  EXPECT_EQ(decode_json_number("-9223372036854775809"), JsonNumber(-9223372036854775808.0));
  EXPECT_EQ(decode_json_number("1.0"), JsonNumber(1.0));
  EXPECT_EQ(decode_json_number("1e2"), JsonNumber(100.0));
  for (const auto value : {""sv, "\"1\""sv, "true"sv, "nan"sv, "inf"sv, "-inf"sv, "1x"sv, "[1]"sv, "-"sv}) {
    EXPECT_EQ(decode_json_number(value), std::nullopt) << value;
    EXPECT_EQ(decode_json_double(value), std::nullopt) << value;
  }
}

TEST(JsonText, MinusZeroKeepsItsSign) {
  const auto number = decode_json_double("-0");
  ASSERT_TRUE(number.has_value());
  EXPECT_TRUE(std::signbit(*number));
  EXPECT_EQ(decode_json_int64("-0"), 0);
}

TEST(JsonText, IntegersAreExactOrNothing) {
  EXPECT_EQ(decode_json_int64("-5"), -5);
  EXPECT_EQ(decode_json_int64("5.0"), 5);
  EXPECT_EQ(decode_json_int64("1e3"), 1000);
  EXPECT_EQ(decode_json_int64("1.5"), std::nullopt);
  EXPECT_EQ(decode_json_int64("9223372036854775808"), std::nullopt);
  EXPECT_EQ(decode_json_int64("9.3e18"), std::nullopt);
  EXPECT_EQ(decode_json_int64("-9.223372036854775808e18"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(decode_json_int64("1e999"), std::nullopt);
  EXPECT_EQ(decode_json_uint64("-1"), std::nullopt);
  EXPECT_EQ(decode_json_uint64("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(decode_json_uint64("1.8446744073709552e19"), std::nullopt);
  EXPECT_EQ(decode_json_uint64("1e19"), 10'000'000'000'000'000'000U);
}

TEST(JsonText, OutOfRangeRunsToItsLimitAsInJavaScript) {
  EXPECT_EQ(decode_json_double("1e999"), HUGE_VAL);
  EXPECT_EQ(decode_json_double("-1e999"), -HUGE_VAL);
  EXPECT_EQ(decode_json_double("1e-999"), 0.0);
  EXPECT_EQ(decode_json_double("1" + std::string(400, '0')), HUGE_VAL);
  EXPECT_EQ(decode_json_double("0." + std::string(400, '0') + "1"), 0.0);
  EXPECT_EQ(decode_json_double("1" + std::string(400, '0') + "e-1"), HUGE_VAL);
  EXPECT_EQ(decode_json_double("0." + std::string(400, '0') + "1e1"), 0.0);
  EXPECT_EQ(decode_json_double("1e99999999999999999999"), HUGE_VAL);
  EXPECT_EQ(decode_json_double("1e-99999999999999999999"), 0.0);
  EXPECT_EQ(decode_json_double("0e99999999999999999999"), 0.0);
  EXPECT_TRUE(std::signbit(*decode_json_double("-1e-999")));
}

std::vector<std::string_view> elements_of(std::string_view array) {
  std::vector<std::string_view> out;
  for_each_element(array, [&](std::string_view element) { out.push_back(element); });
  return out;
}
std::string members_of(std::string_view object) {
  std::string out;
  for_each_member(object, [&](std::string_view name, std::string_view value) {
    out.append(name).append("=").append(value).append(";");
  });
  return out;
}

TEST(JsonText, WalksArrays) {
  EXPECT_EQ(elements_of("[]").size(), 0U);
  EXPECT_EQ(elements_of("[ ]").size(), 0U);
  EXPECT_EQ(elements_of("[ 1 , \"a,]\\\"\" ,[2,[3]],{ \"b\":[4] },null ]"),
            (std::vector{"1"sv, "\"a,]\\\"\""sv, "[2,[3]]"sv, "{ \"b\":[4] }"sv, "null"sv}));
  EXPECT_EQ(elements_of("{\"a\":1}").size(), 0U);
  EXPECT_EQ(elements_of("1").size(), 0U);
  EXPECT_EQ(elements_of("").size(), 0U);
}

TEST(JsonText, WalksObjects) {
  EXPECT_EQ(members_of("{}"), "");
  EXPECT_EQ(members_of("{ \"a\" : 1 , \"b:\" : {\"c\":\"}\"} ,\"d\":[]\n}"),
            "\"a\"=1;\"b:\"={\"c\":\"}\"};\"d\"=[];");
  EXPECT_EQ(members_of("[1]"), "");
  EXPECT_EQ(members_of("null"), "");
}

TEST(JsonText, FindsMembers) {
  const std::string_view object = R"({"a":1,"b":{"a":2},"n\u0061me":"x","a" : 3 ,"":4})";
  EXPECT_EQ(find_member(object, "a"), "3");
  EXPECT_EQ(find_member(object, "b"), R"({"a":2})");
  EXPECT_EQ(find_member(object, "name"), R"("x")");
  EXPECT_EQ(find_member(object, ""), "4");
  EXPECT_EQ(find_member(object, "c"), std::nullopt);
  EXPECT_EQ(find_member("[\"a\"]", "a"), std::nullopt);
  EXPECT_EQ(find_member("{}", "a"), std::nullopt);
}

// The contract asks for validated text; anything else must still never be read beyond its end.
TEST(JsonText, UnvalidatedTextIsNotReadBeyondItsEnd) {
  const std::string_view full = R"({"a":[1,{"b":"\u12"}],"c":"\ud800\u"})";
  for (std::size_t size = 0; size <= full.size(); ++size) {
    for (std::size_t begin = 0; begin <= size; ++begin) {
      const auto copy = std::make_unique<char[]>(size - begin);
      std::copy(full.begin() + static_cast<std::ptrdiff_t>(begin),
                full.begin() + static_cast<std::ptrdiff_t>(size), copy.get());
      const std::string_view text(copy.get(), size - begin);
      std::string out;
      static_cast<void>(decode_json_string(text, out));
      static_cast<void>(decode_json_number(text));
      static_cast<void>(find_member(text, "c"));
      EXPECT_LE(elements_of(text).size(), size);
    }
  }
}

}  // namespace
}  // namespace naru::base
