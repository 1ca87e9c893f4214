#include "hub/wake_table.hpp"

#include <gtest/gtest.h>

namespace naru::hub {
namespace {

class WakeTableTest : public testing::Test {
 protected:
  ~WakeTableTest() override { loops_->close(); }
  WakeFlagRef follow(std::string name, int& wakes) {
    auto flag = std::make_shared<WakeFlag>(std::move(name), LoopIndex{0}, [&wakes] { ++wakes; });
    table_.add(flag);
    return flag;
  }

  net::Loop loop_;
  std::shared_ptr<LoopGroup> loops_ = std::make_shared<LoopGroup>(std::vector<net::Loop*>{&loop_});
  WakeTable table_{loops_};
};

TEST_F(WakeTableTest, WakesOnceUntilLowered) {
  int wakes = 0;
  int others = 0;
  const WakeFlagRef flag = follow("news", wakes);
  const WakeFlagRef other = follow("other", others);
  for (int i = 0; i < 5; ++i)
    table_.raise("news");
  loop_.poll();
  EXPECT_EQ(wakes, 1);
  table_.raise("news");
  loop_.poll();
  EXPECT_EQ(wakes, 1) << "nobody has looked yet";
  EXPECT_TRUE(flag->lower());
  EXPECT_FALSE(flag->lower());
  table_.raise("news");
  loop_.poll();
  EXPECT_EQ(wakes, 2);
  EXPECT_EQ(others, 0);
}

TEST_F(WakeTableTest, ExistsOnlyWhileSomebodyFollows) {
  int wakes = 0;
  table_.raise("news");
  const WakeFlagRef first = follow("news", wakes);
  const WakeFlagRef second = follow("news", wakes);
  EXPECT_EQ(table_.size(), 2U);
  table_.raise("news");
  first->cut();
  table_.remove(*first);
  loop_.poll();
  EXPECT_EQ(wakes, 1) << "the one that was cut sleeps on";
  table_.remove(*second);
  table_.remove(*second);
  EXPECT_EQ(table_.size(), 0U);
  second->lower();
  table_.raise("news");
  loop_.poll();
  EXPECT_EQ(wakes, 1);
}

}  // namespace
}  // namespace naru::hub
