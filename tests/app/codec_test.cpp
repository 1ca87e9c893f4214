#include "naru/codec.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "naru/args.hpp"
#include "naru/json.hpp"
#include "naru/value.hpp"

namespace app_test {

struct Point {
  int x = 0;
  std::optional<int> y;
};

struct Line {
  std::string room, text;
  friend bool operator==(const Line&, const Line&) = default;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Line, room, text)

struct WriteOnly {
  int number = 1;
};
inline void to_json(nlohmann::json& out, const WriteOnly& value) {
  out = value.number;
}

}  // namespace app_test

template <>
struct naru::Codec<app_test::Point> {
  static void encode(ArgumentWriter& out, const app_test::Point& point) {
    out.begin_object();
    out.member("x", point.x);
    out.member("y", point.y);
    out.end_object();
  }
  static bool decode(const Argument& in, app_test::Point& point) {
    return in.member("x", point.x) && in.member("y", point.y);
  }
};

namespace naru {
namespace {

using app_test::Line;
using app_test::Point;

template <class... Arguments>
std::string written(const Arguments&... arguments) {
  std::string text;
  std::vector<Bytes> parts;
  ArgumentWriter writer(text, parts);
  encode_arguments(writer, arguments...);
  return text;
}

template <class T>
std::optional<T> read(std::string_view text) {
  return Argument(text).get<T>();
}

template <class T>
void expect_round_trip(const T& value, std::string_view text) {
  SCOPED_TRACE(text);
  EXPECT_EQ(written(value), text);
  EXPECT_EQ(read<T>(text), value);
}

TEST(Codec, RoundTrips) {
  expect_round_trip(true, "true");
  expect_round_trip(false, "false");
  expect_round_trip(-5, "-5");
  expect_round_trip(std::numeric_limits<std::uint64_t>::max(), "18446744073709551615");
  expect_round_trip(std::numeric_limits<std::int64_t>::min(), "-9223372036854775808");
  expect_round_trip(0.25, "0.25");
  expect_round_trip(0.1F, "0.1");
  expect_round_trip(std::string("a\"\xED\x95\x9C"), "\"a\\\"\xED\x95\x9C\"");
  expect_round_trip(nullptr, "null");
  expect_round_trip(std::optional<int>(3), "3");
  expect_round_trip(std::vector<int>{1, 2, 3}, "[1,2,3]");
  expect_round_trip(std::vector<bool>{true, false}, "[true,false]");
  expect_round_trip(std::vector<std::vector<std::string>>{{}, {"a"}}, "[[],[\"a\"]]");
  expect_round_trip(std::map<std::string, int>{{"a", 1}, {"b\n", 2}}, "{\"a\":1,\"b\\n\":2}");
  expect_round_trip(std::unordered_map<std::string, bool>{{"a", true}}, "{\"a\":true}");
  expect_round_trip(std::pair<int, std::string>{1, "x"}, "[1,\"x\"]");
  expect_round_trip(std::tuple<int, bool, std::optional<int>>{1, true, {}}, "[1,true,null]");
  expect_round_trip(RawJson{"{\"a\":[1.50]}"}, "{\"a\":[1.50]}");
}

TEST(Codec, WritesWhatItCannotRead) {
  EXPECT_EQ(written("literal", std::string_view("view"), static_cast<const char*>("pointer")),
            R"("literal","view","pointer")");
  EXPECT_EQ(written(static_cast<const char*>(nullptr), std::nan("")), "null,null");
  EXPECT_EQ(written(), "");
}

TEST(Codec, RefusesOtherTypes) {
  EXPECT_FALSE(read<bool>("1"));
  EXPECT_FALSE(read<bool>("\"true\""));
  EXPECT_FALSE(read<int>("\"1\""));
  EXPECT_FALSE(read<int>("true"));
  EXPECT_FALSE(read<int>("null"));
  EXPECT_FALSE(read<int>("1.5"));
  EXPECT_FALSE(read<double>("\"1\""));
  EXPECT_FALSE(read<std::string>("1"));
  EXPECT_FALSE(read<std::string>("null"));
  EXPECT_FALSE(read<Bytes>("\"text\""));
  EXPECT_FALSE(read<std::nullptr_t>("0"));
  EXPECT_FALSE(read<std::vector<int>>("[1,\"2\"]"));
  EXPECT_FALSE(read<std::vector<int>>("{}"));
  EXPECT_FALSE((read<std::map<std::string, int>>("[]")));
  EXPECT_FALSE((read<std::map<std::string, int>>("{\"a\":null}")));
  EXPECT_FALSE((read<std::pair<int, int>>("[1]")));
  EXPECT_FALSE((read<std::tuple<int, int>>("[1,\"2\"]")));
  EXPECT_FALSE(read<std::optional<int>>("\"x\""));
}

TEST(Codec, IntegersOutOfRangeAreRefused) {
  EXPECT_EQ(read<std::int8_t>("-128"), std::int8_t{-128});
  EXPECT_EQ(read<std::int8_t>("127"), std::int8_t{127});
  EXPECT_FALSE(read<std::int8_t>("128"));
  EXPECT_FALSE(read<std::int8_t>("-129"));
  EXPECT_EQ(read<std::uint8_t>("255"), std::uint8_t{255});
  EXPECT_FALSE(read<std::uint8_t>("256"));
  EXPECT_FALSE(read<unsigned>("-1"));
  EXPECT_FALSE(read<std::int64_t>("9223372036854775808"));
  EXPECT_FALSE(read<std::uint64_t>("18446744073709551616"));
  EXPECT_FALSE(read<int>("1e300"));
  EXPECT_EQ(read<int>("1.0"), 1);
}

TEST(Codec, SurplusElementsAreIgnored) {
  EXPECT_EQ((read<std::pair<int, int>>("[1,2,3]")), std::pair(1, 2));
}

TEST(Codec, EqualNamesTheLastCounts) {
  EXPECT_EQ((read<std::map<std::string, int>>("{\"a\":1,\"a\":2}"))->at("a"), 2);
}

TEST(Codec, LoneSurrogatesBecomeReplacementCharacters) {
  EXPECT_EQ(read<std::string>("\"\\ud800\""), "\xEF\xBF\xBD");
  EXPECT_EQ(read<nlohmann::json>("[\"\\ud800\"]"), nlohmann::json::array({"\xEF\xBF\xBD"}));
}

TEST(Codec, YourOwn) {
  EXPECT_EQ(written(Point{1, 2}, std::vector<Point>{{3, {}}}), R"({"x":1,"y":2},[{"x":3,"y":null}])");
  EXPECT_EQ(read<Point>("{\"x\":7}")->x, 7);
  EXPECT_FALSE(read<Point>("{\"y\":7}"));
}

TEST(Codec, BinaryTravelsBesideTheText) {
  std::string text;
  std::vector<Bytes> parts;
  ArgumentWriter writer(text, parts);
  encode_arguments(writer, "file", std::map<std::string, Bytes>{{"a", Bytes::copy("A")}},
                   std::vector<Bytes>{Bytes::copy("B")});
  EXPECT_EQ(text, R"("file",{"a":{"_placeholder":true,"num":0}},[{"_placeholder":true,"num":1}])");
  auto args = Args::parse("[" + text + "]", parts);
  EXPECT_EQ(args->get<std::vector<Bytes>>(2)->at(0).view(), "B");
  auto raw = args->get<RawJson>(2);
  ASSERT_EQ(raw->attachments.size(), 1U);
  EXPECT_EQ(raw->attachments[0].view(), "B");
}

TEST(Codec, ValuesPassThrough) {
  auto value = read<Value>("{\"a\":[1]}");
  EXPECT_EQ(value->find("a").at(0).get<int>(), 1);
  EXPECT_EQ(written(*value, Value()), "{\"a\":[1]},null");
}

TEST(JsonCodec, TypesThatNlohmannKnows) {
  EXPECT_EQ(written(Line{"a", "b"}), R"({"room":"a","text":"b"})");
  EXPECT_EQ(read<Line>(R"({"text":"b","room":"a"})"), (Line{"a", "b"}));
  EXPECT_FALSE(read<Line>(R"({"room":"a"})")) << "from_json throws: it does not decode";
  EXPECT_FALSE(read<Line>("[]"));
  EXPECT_EQ(read<std::vector<Line>>(R"([{"room":"a","text":"b"}])")->size(), 1U);
  EXPECT_EQ(written(app_test::WriteOnly{5}), "5");
  EXPECT_EQ(written(std::set<int>{2, 1}), "[1,2]");
}

TEST(JsonCodec, TreesOfEveryKind) {
  nlohmann::json tree = {{"n", nullptr}, {"b", true},    {"i", -1},     {"u", 1U},
                         {"d", 0.5},     {"s", "x\xFF"}, {"l", {1, {}}}};
  EXPECT_EQ(written(tree),
            "{\"b\":true,\"d\":0.5,\"i\":-1,\"l\":[1,null],\"n\":null,\"s\":\"x\xEF\xBF\xBD\",\"u\":1}");
  EXPECT_EQ(read<nlohmann::json>(R"({"a":[1,"x",null]})")->at("a").at(1), "x");
}

TEST(JsonCodec, BinaryInsideOfATree) {
  nlohmann::json tree = {{"a", nlohmann::json::binary({1, 0, 255})}};
  std::string text;
  std::vector<Bytes> parts;
  ArgumentWriter writer(text, parts);
  writer.value(tree);
  EXPECT_EQ(text, R"({"a":{"_placeholder":true,"num":0}})");
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].view(), std::string_view("\1\0\xFF", 3));
  EXPECT_EQ(Argument(text, parts).get<nlohmann::json>(), tree);
  EXPECT_EQ(Argument(text).get<nlohmann::json>()->at("a").at("num"), 0)
      << "no binary packet: an object like any";
}

}  // namespace
}  // namespace naru
