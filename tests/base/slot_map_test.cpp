#include "base/slot_map.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace naru::base {
namespace {

TEST(SlotMap, FindsWhatWasInserted) {
  SlotMap<std::string> map;
  const auto [name, value] = map.insert("hello");
  EXPECT_TRUE(static_cast<bool>(name));
  EXPECT_EQ(map.find(name), &value);
  EXPECT_EQ(map.size(), 1U);
}

TEST(SlotMap, AStaleNameFindsNothing) {
  SlotMap<std::string> map;
  const SlotName first = map.insert("first").name;
  EXPECT_TRUE(map.erase(first));
  EXPECT_FALSE(map.erase(first));
  const SlotName second = map.insert("second").name;
  EXPECT_EQ(second.slot, first.slot);
  EXPECT_EQ(map.find(first), nullptr);
  EXPECT_EQ(*map.find(second), "second");
}

TEST(SlotMap, ForeignNamesFindNothing) {
  SlotMap<int> map;
  EXPECT_EQ(map.find(SlotName{}), nullptr);
  EXPECT_EQ(map.find(SlotName{0, 1}), nullptr);
  const SlotName name = map.insert(1).name;
  EXPECT_EQ(map.find(SlotName{name.slot, 0}), nullptr);
  EXPECT_EQ(map.find(SlotName{name.slot + 1, 1}), nullptr);
  EXPECT_EQ(map.find(SlotName{4'000'000'000U, 1}), nullptr);
}

TEST(SlotMap, AddressesNeverChange) {
  SlotMap<int> map;
  const auto [name, first] = map.insert(42);
  for (int i = 0; i < 10'000; ++i)
    map.insert(i);
  EXPECT_EQ(map.find(name), &first);
  EXPECT_EQ(first, 42);
}

TEST(SlotMap, DestroysWhatIsLeft) {
  const auto counted = std::make_shared<int>(0);
  {
    SlotMap<std::shared_ptr<int>> map;
    const SlotName name = map.insert(counted).name;
    map.insert(counted);
    EXPECT_EQ(counted.use_count(), 3);
    map.erase(name);
    EXPECT_EQ(counted.use_count(), 2);
  }
  EXPECT_EQ(counted.use_count(), 1);
}

struct Thrower {
  explicit Thrower(bool throws) {
    if (throws) throw std::runtime_error("no");
  }
};
TEST(SlotMap, AThrowingConstructorInsertsNothing) {
  SlotMap<Thrower> map;
  EXPECT_THROW(map.insert(true), std::runtime_error);
  EXPECT_TRUE(map.empty());
  EXPECT_NE(map.find(map.insert(false).name), nullptr);
}

struct Curious {
  SlotMap<Curious>* map;
  SlotName* name;
  bool* found_itself;
  ~Curious() { *found_itself = map->find(*name) != nullptr; }
};
TEST(SlotMap, TheNameIsStaleWhenTheDestructorRuns) {
  SlotMap<Curious> map;
  SlotName name;
  bool found_itself = true;
  name = map.insert(Curious{&map, &name, &found_itself}).name;
  found_itself = true;
  map.erase(name);
  EXPECT_FALSE(found_itself);
}

TEST(SlotMap, VisitsEachOnceAndMayEraseThem) {
  SlotMap<int> map;
  for (int i = 0; i < 200; ++i)
    map.insert(i);
  int sum = 0;
  map.for_each([&](SlotName name, int value) {
    sum += value;
    if (value % 2 == 0) map.erase(name);
  });
  EXPECT_EQ(sum, 199 * 200 / 2);
  EXPECT_EQ(map.size(), 100U);
}

TEST(SlotMap, AgreesWithAModelUnderRandomUse) {
  std::mt19937 random(3);
  SlotMap<std::uint32_t> map;
  std::vector<std::pair<SlotName, std::uint32_t>> alive;
  std::vector<SlotName> dead;
  for (int round = 0; round < 20'000; ++round) {
    if (alive.empty() || random() % 2 == 0) {
      const std::uint32_t value = static_cast<std::uint32_t>(random());
      alive.emplace_back(map.insert(value).name, value);
    } else {
      const std::size_t which = random() % alive.size();
      ASSERT_TRUE(map.erase(alive[which].first));
      dead.push_back(alive[which].first);
      alive[which] = alive.back();
      alive.pop_back();
    }
  }
  ASSERT_EQ(map.size(), alive.size());
  for (const auto& [name, value] : alive)
    ASSERT_EQ(*map.find(name), value);
  for (const SlotName name : dead)
    ASSERT_EQ(map.find(name), nullptr);
}

}  // namespace
}  // namespace naru::base
