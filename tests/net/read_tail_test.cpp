#include "net/read_tail.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace naru::net {
namespace {

std::string text(ReadTail& tail) {
  return {tail.bytes().data(), tail.bytes().size()};
}

TEST(ReadTail, EmptyOwnsNothing) {
  ReadTail tail;
  EXPECT_EQ(tail.capacity(), 0U);
  EXPECT_TRUE(tail.bytes().empty());
  tail.assign(std::string_view("abc"));
  EXPECT_GE(tail.capacity(), 3U);
  tail.consume(3);
  EXPECT_EQ(tail.capacity(), 0U);
}

TEST(ReadTail, GivesMemoryBackWhenLittleIsLeft) {
  ReadTail tail;
  const std::string large(100'000, 'x');
  tail.assign(large + "end");
  tail.consume(large.size());
  EXPECT_EQ(text(tail), "end");
  EXPECT_LE(tail.capacity(), 64U);
}

TEST(ReadTail, KeepsBytesThroughRandomGrowthAndConsumption) {
  std::mt19937 random(3);
  ReadTail tail;
  std::string model;
  for (int i = 0; i < 20'000; ++i) {
    if (random() % 2 == 0) {
      const std::size_t room = 1 + random() % 700;
      const std::size_t used = random() % (room + 1);
      const auto space = tail.grow(room);
      ASSERT_EQ(space.size(), room);
      for (std::size_t k = 0; k < used; ++k)
        model += space[k] = static_cast<char>(random());
      tail.commit(used);
    } else {
      const std::size_t count = random() % (model.size() + 1);
      tail.consume(count);
      model.erase(0, count);
    }
    ASSERT_EQ(text(tail), model);
    ASSERT_LE(tail.capacity(), 4 * model.size() + 2 * 700 + 64);
  }
}

}  // namespace
}  // namespace naru::net
