#include "naru/serve/values.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace apps {
namespace {

constexpr OptionFacts kBytes{
    .name = "b", .kind = Kind::integer, .least = 1024, .most = 1 << 30, .unit = Unit::bytes};
constexpr OptionFacts kSeconds{
    .name = "s", .kind = Kind::integer, .least = 0, .most = 86'400, .unit = Unit::seconds};
constexpr OptionFacts kMilliseconds{
    .name = "m", .kind = Kind::integer, .least = 0, .most = 600'000, .unit = Unit::milliseconds};
constexpr OptionFacts kPort{.name = "port", .kind = Kind::integer, .least = 0, .most = 65'535};
constexpr OptionFacts kNumber{.name = "n", .kind = Kind::number, .least = 1, .most = 1000};
constexpr OptionFacts kChoice{.name = "c", .kind = Kind::text, .choices = "open|token|none"};
constexpr OptionFacts kYes{.name = "y", .kind = Kind::boolean};
constexpr OptionFacts kList{.name = "l", .kind = Kind::list};

struct Row {
  OptionFacts facts;
  std::string text;
  std::string shown;  // "": refused
};

TEST(ValuesTest, TextsAndWhatTheyMean) {
  const std::vector<Row> rows = {
      {kBytes, "1024", "1 KiB"},
      {kBytes, "64 KiB", "64 KiB"},
      {kBytes, "1GiB", "1 GiB"},
      {kBytes, "2MB", "2 MB"},
      {kBytes, "1023", ""},
      {kBytes, "1025 MiB", ""},
      {kBytes, "9999999999 GiB", ""},
      {kBytes, "64 kilo", ""},
      {kBytes, "-1", ""},
      {kSeconds, "90", "90 s"},
      {kSeconds, "10 min", "10 min"},
      {kSeconds, "1d", "1 d"},
      {kSeconds, "500ms", ""},
      {kSeconds, "25 h", ""},
      {kMilliseconds, "250ms", "250 ms"},
      {kMilliseconds, "2 s", "2 s"},
      {kPort, "0", "0"},
      {kPort, "65535", "65535"},
      {kPort, "65536", ""},
      {kPort, "80 s", ""},
      {kPort, "8e3", ""},
      {kPort, "", ""},
      {kNumber, "2.5", "2.5"},
      {kNumber, "10", "10"},
      {kNumber, "0.5", ""},
      {kNumber, "nan", ""},
      {kNumber, "inf", ""},
      {kChoice, "token", "token"},
      {kChoice, "tok", ""},
      {kChoice, "open|token", ""},
      {kYes, "true", "true"},
      {kYes, "no", "false"},
      {kYes, "perhaps", ""},
      {kList, " a, b ,,c", "a,b,c"},
  };
  for (const Row& row : rows) {
    const ReadValue read = read_text(row.facts, row.text);
    ASSERT_EQ(read.value.has_value(), !row.shown.empty()) << row.text << ": " << read.fault;
    if (read.value) {
      EXPECT_EQ(show(row.facts, *read.value), row.shown) << row.text;
    } else {
      EXPECT_NE(read.fault, "") << row.text;
    }
  }
}

TEST(ValuesTest, WhatIsShownIsReadAgain) {
  for (const std::int64_t number :
       {std::int64_t{1024}, std::int64_t{1500}, std::int64_t{1'000'000}, std::int64_t{1} << 30}) {
    const ReadValue read = read_text(kBytes, show(kBytes, number));
    ASSERT_TRUE(read.value) << number;
    EXPECT_EQ(std::get<std::int64_t>(*read.value), number);
  }
}

TEST(ValuesTest, ValuesOfTheFileAreOfTheirKind) {
  EXPECT_TRUE(checked(kPort, std::int64_t{80}).value);
  EXPECT_FALSE(checked(kPort, std::string("80")).value);
  EXPECT_FALSE(checked(kPort, 80.0).value);
  EXPECT_TRUE(checked(kBytes, std::string("64 KiB")).value);
  EXPECT_TRUE(checked(kNumber, std::int64_t{3}).value);
  EXPECT_FALSE(checked(kYes, std::int64_t{1}).value);
  EXPECT_FALSE(checked(kChoice, true).value);
  EXPECT_EQ(show(kList, *checked(kList, std::string("one")).value), "one");
}

TEST(ValuesTest, AFaultSaysWhatItShouldBe) {
  EXPECT_EQ(read_text(kPort, "70000").fault, "port is 0 to 65535, not 70000");
  EXPECT_EQ(read_text(kChoice, "all").fault, "c is open|token|none, not \"all\"");
  EXPECT_EQ(read_text(kBytes, "x").fault, "b is bytes, 1 KiB to 1 GiB, not x");
}

}  // namespace
}  // namespace apps
