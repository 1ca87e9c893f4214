#include "hub/absences.hpp"

#include <gtest/gtest.h>

namespace naru::hub {
namespace {

TEST(Absences, StayUntilALogOfTheNameIsLost) {
  Absences absences;
  const channel::Position news = absences.position_of("news");
  EXPECT_EQ(news.offset, 0U);
  EXPECT_FALSE(news.epoch.empty());
  EXPECT_EQ(absences.position_of("news"), news);
  absences.renew("news");
  EXPECT_NE(absences.position_of("news"), news);
  EXPECT_NE(Absences().position_of("news"), absences.position_of("news")) << "another process";
}

}  // namespace
}  // namespace naru::hub
