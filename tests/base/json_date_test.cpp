#include "base/json_date.hpp"

#include <gtest/gtest.h>

#include <string>

namespace naru::base {
namespace {

std::string date(std::int64_t milliseconds) {
  std::string text;
  append_json_date(text, milliseconds);
  return text;
}

// What `JSON.stringify(new Date(milliseconds))` gives.
TEST(JsonDate, IsWhatJavaScriptGives) {
  EXPECT_EQ(date(0), "\"1970-01-01T00:00:00.000Z\"");
  EXPECT_EQ(date(-1), "\"1969-12-31T23:59:59.999Z\"");
  EXPECT_EQ(date(951'782'399'999), "\"2000-02-28T23:59:59.999Z\"");
  EXPECT_EQ(date(951'782'400'000), "\"2000-02-29T00:00:00.000Z\"");
  EXPECT_EQ(date(951'868'800'000), "\"2000-03-01T00:00:00.000Z\"");
  EXPECT_EQ(date(4'107'542'400'000), "\"2100-03-01T00:00:00.000Z\"") << "2100 has no leap day";
  EXPECT_EQ(date(1'704'067'199'000), "\"2023-12-31T23:59:59.000Z\"");
  EXPECT_EQ(date(253'402'300'799'999), "\"9999-12-31T23:59:59.999Z\"");
  EXPECT_EQ(date(253'402'300'800'000), "\"+010000-01-01T00:00:00.000Z\"");
  EXPECT_EQ(date(-62'167'219'200'000), "\"0000-01-01T00:00:00.000Z\"");
  EXPECT_EQ(date(-62'167'219'200'001), "\"-000001-12-31T23:59:59.999Z\"");
}

TEST(JsonDate, EndsWhereJavaScriptsDatesEnd) {
  EXPECT_EQ(date(8'640'000'000'000'000), "\"+275760-09-13T00:00:00.000Z\"");
  EXPECT_EQ(date(-8'640'000'000'000'000), "\"-271821-04-20T00:00:00.000Z\"");
  EXPECT_EQ(date(8'640'000'000'000'001), "null");
  EXPECT_EQ(date(-8'640'000'000'000'001), "null");
  EXPECT_EQ(date(INT64_MAX), "null");
  EXPECT_EQ(date(INT64_MIN), "null");
}

}  // namespace
}  // namespace naru::base
