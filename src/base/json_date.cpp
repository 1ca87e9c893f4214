#include "base/json_date.hpp"

#include <cstdio>

namespace naru::base {
namespace {

constexpr std::int64_t kMillisecondsPerDay = 86'400'000;
constexpr std::int64_t kFurthest = 100'000'000 * kMillisecondsPerDay;

struct Date {
  std::int64_t year;
  int month;  // 1 to 12
  int day;    // 1 to 31
};

// The proleptic Gregorian calendar in eras of 400 years, each beginning on March 1st, so that the leap day is
// the last of its year. std::chrono's years end at 32767, JavaScript's at 275760.
Date date_of(std::int64_t days_since_1970) {
  constexpr std::int64_t kDaysPerEra = 146'097;
  constexpr std::int64_t kDaysFromYear0 = 719'468;  // from March 1st of the year 0 to 1970
  const std::int64_t days = days_since_1970 + kDaysFromYear0;
  const std::int64_t era = (days >= 0 ? days : days - kDaysPerEra + 1) / kDaysPerEra;
  const std::int64_t day_of_era = days - era * kDaysPerEra;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const auto month_from_march = static_cast<int>((5 * day_of_year + 2) / 153);
  const int day = static_cast<int>(day_of_year) - (153 * month_from_march + 2) / 5 + 1;
  const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

}  // namespace

void append_json_date(std::string& out, std::int64_t milliseconds) {
  if (milliseconds < -kFurthest || milliseconds > kFurthest) {
    out += "null";
    return;
  }
  const std::int64_t shifted = milliseconds + kFurthest;  // never negative, and a whole number of days away
  const Date date = date_of(shifted / kMillisecondsPerDay - kFurthest / kMillisecondsPerDay);
  const auto in_day = static_cast<int>(shifted % kMillisecondsPerDay);
  const int seconds = in_day / 1000;
  // Other years have a sign and six digits (ECMA-262, "Expanded Years").
  const char* const form = date.year >= 0 && date.year <= 9999 ? "\"%04lld-%02d-%02dT%02d:%02d:%02d.%03dZ\""
                                                               : "\"%+07lld-%02d-%02dT%02d:%02d:%02d.%03dZ\"";
  char text[64];
  const int size = std::snprintf(text, sizeof text, form, static_cast<long long>(date.year), date.month,
                                 date.day, seconds / 3600, seconds / 60 % 60, seconds % 60, in_day % 1000);
  out.append(text, static_cast<std::size_t>(size));
}

}  // namespace naru::base
