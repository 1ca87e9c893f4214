#include "hub/presence_keeping.hpp"

#include <gtest/gtest.h>

namespace naru::hub {
namespace {

store::LogOptions durable() {
  store::LogOptions options;
  options.durability = store::Durability::power;
  options.tail.count = 7;
  return options;
}

TEST(PresenceKeeping, StreamsLiveInMemoryAndNotForLong) {
  const store::LogOptions options = kept_as("news@presence", durable());
  EXPECT_EQ(options.durability, store::Durability::memory);
  EXPECT_EQ(options.tail.age, kPresenceAge);
  EXPECT_EQ(options.tail.count, 7U);
}

TEST(PresenceKeeping, AShorterAgeStays) {
  store::LogOptions options = durable();
  options.tail.age = std::chrono::seconds(30);
  EXPECT_EQ(kept_as("news@presence", options).tail.age, std::chrono::seconds(30));
}

TEST(PresenceKeeping, OtherChannelsAreKeptAsTheyAre) {
  for (const char* name : {"news", "presence", "news@presence-2", "@presencenews"}) {
    EXPECT_EQ(kept_as(name, durable()).durability, store::Durability::power) << name;
    EXPECT_EQ(kept_as(name, durable()).tail.age, durable().tail.age) << name;
  }
}

}  // namespace
}  // namespace naru::hub
