#include "http/date.hpp"

#include <gtest/gtest.h>

namespace naru::http {
namespace {

std::chrono::system_clock::time_point at(std::int64_t seconds) {
  return std::chrono::system_clock::time_point(std::chrono::seconds(seconds));
}

TEST(Date, Format) {
  EXPECT_EQ(format_date(at(784111777)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(format_date(at(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(format_date(at(951827696)), "Tue, 29 Feb 2000 12:34:56 GMT");
  EXPECT_EQ(format_date(at(-1)), "Wed, 31 Dec 1969 23:59:59 GMT");
  EXPECT_EQ(format_date(at(5) + std::chrono::milliseconds(999)), "Thu, 01 Jan 1970 00:00:05 GMT");
}

TEST(Date, TheCachedOneFollows) {
  EXPECT_EQ(cached_date(at(5)), format_date(at(5)));
  EXPECT_EQ(cached_date(at(5) + std::chrono::milliseconds(500)), format_date(at(5)));
  EXPECT_EQ(cached_date(at(6)), format_date(at(6)));
  EXPECT_EQ(cached_date(at(5)), format_date(at(5))) << "also when the clock is set back";
}

}  // namespace
}  // namespace naru::http
