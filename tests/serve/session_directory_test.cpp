#include "serve/session_directory.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace naru::serve {
namespace {

TEST(SessionDirectory, AnIdHasOneHome) {
  SessionDirectory directory;
  EXPECT_TRUE(directory.empty());
  EXPECT_TRUE(directory.add("tobi", 1));
  EXPECT_FALSE(directory.add("tobi", 0));
  EXPECT_EQ(directory.find("tobi"), 1);
  EXPECT_EQ(directory.find("loki"), std::nullopt);
  EXPECT_FALSE(directory.empty());
}

TEST(SessionDirectory, AnIdIsFreeAgainAfterItsEnd) {
  SessionDirectory directory;
  ASSERT_TRUE(directory.add("tobi", 1));
  directory.remove("tobi");
  directory.remove("tobi");
  EXPECT_TRUE(directory.empty());
  EXPECT_EQ(directory.find("tobi"), std::nullopt);
  EXPECT_TRUE(directory.add("tobi", 2));
  EXPECT_EQ(directory.find("tobi"), 2);
}

TEST(SessionDirectory, OfManyThreadsOneGetsAnId) {
  SessionDirectory directory;
  constexpr int kIds = 500;
  std::atomic<int> got{0};
  std::vector<std::thread> threads;
  for (hub::LoopIndex loop = 0; loop < 4; ++loop) {
    threads.emplace_back([&, loop] {
      for (int id = 0; id < kIds; ++id) {
        if (directory.add("id-" + std::to_string(id), loop)) ++got;
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(got, kIds);
  for (int id = 0; id < kIds; ++id)
    EXPECT_TRUE(directory.find("id-" + std::to_string(id))) << id;
}

}  // namespace
}  // namespace naru::serve
