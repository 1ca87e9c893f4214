#include "admin/sessions.hpp"

#include <gtest/gtest.h>

#include <string>

namespace naru::admin {
namespace {

using namespace std::chrono_literals;

const base::TimePoint start{1000s};

TEST(Sessions, KnowsWhatItOpenedAndNothingElse) {
  Sessions sessions(24h, 10);
  const std::string id = sessions.open(start);
  EXPECT_EQ(id.size(), 32U);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_TRUE(sessions.knows(id, start));
  EXPECT_FALSE(sessions.knows(id.substr(1), start));
  EXPECT_FALSE(sessions.knows("", start));
  EXPECT_NE(sessions.open(start), id);
}

TEST(Sessions, EndWithTheirTime) {
  Sessions sessions(60s, 10);
  const std::string id = sessions.open(start);
  EXPECT_TRUE(sessions.knows(id, start + 59s));
  EXPECT_FALSE(sessions.knows(id, start + 60s));
  sessions.open(start + 60s);
  EXPECT_EQ(sessions.size(), 1U);
}

TEST(Sessions, TheOldestGivesWay) {
  Sessions sessions(24h, 2);
  const std::string first = sessions.open(start);
  const std::string second = sessions.open(start);
  EXPECT_TRUE(sessions.knows(first, start));
  const std::string third = sessions.open(start);
  EXPECT_FALSE(sessions.knows(first, start));
  EXPECT_TRUE(sessions.knows(second, start));
  EXPECT_TRUE(sessions.knows(third, start));
  EXPECT_EQ(sessions.size(), 2U);
}

TEST(Sessions, NoneMayBeKept) {
  Sessions sessions(24h, 0);
  const std::string id = sessions.open(start);
  EXPECT_FALSE(sessions.knows(id, start));
}

}  // namespace
}  // namespace naru::admin
