#include "channel/notice.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace naru::channel {
namespace {

TEST(Notice, TextsAreFixed) {
  std::string start, start_behind, gap, gap_of, end;
  append_start_notice(start, "P", Standing());
  append_start_notice(start_behind, "P", {.recovered = false, .missing = 3});
  append_gap_notice(gap, "P", {.recovered = false, .missing = std::nullopt});
  append_gap_notice(gap_of, "P~Q", {.recovered = false, .missing = 2}, "a\"b");
  append_end_notice(end, "P", "too\nslow");
  EXPECT_EQ(start, R"({"notice":"start","position":"P","recovered":true,"missing":0})");
  EXPECT_EQ(start_behind, R"({"notice":"start","position":"P","recovered":false,"missing":3})");
  EXPECT_EQ(gap, R"({"notice":"gap","position":"P","recovered":false,"missing":null})");
  EXPECT_EQ(gap_of, R"({"notice":"gap","channel":"a\"b","position":"P~Q","recovered":false,"missing":2})");
  EXPECT_EQ(end, R"({"notice":"end","position":"P","reason":"too\nslow"})");
}

TEST(Notice, AGapIsNeverRecovered) {
  std::string gap;
  append_gap_notice(gap, "P", {.recovered = true, .missing = 1});
  EXPECT_NE(gap.find(R"("recovered":false)"), std::string::npos);
}

TEST(Standing, OfSeveralChannelsIsRecoveredIfAllAre) {
  Standing sum;
  add_standing(sum, {.recovered = true, .missing = 0});
  EXPECT_TRUE(sum.recovered);
  add_standing(sum, {.recovered = false, .missing = 2});
  add_standing(sum, {.recovered = false, .missing = 3});
  EXPECT_FALSE(sum.recovered);
  EXPECT_EQ(sum.missing, 5U);
  add_standing(sum, {.recovered = false, .missing = std::nullopt});
  EXPECT_EQ(sum.missing, std::nullopt);
  add_standing(sum, {.recovered = true, .missing = 0});
  EXPECT_FALSE(sum.recovered);
  EXPECT_EQ(sum.missing, std::nullopt) << "what one does not know, the sum does not";
}

}  // namespace
}  // namespace naru::channel
