#include "hub/room_directory.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace naru::hub {
namespace {

LoopSet loops_of(const RoomDirectory& directory, const RoomKey& room) {
  LoopSet loops;
  directory.add_loops(room, loops);
  return loops;
}

TEST(RoomDirectory, CountsPerLoop) {
  RoomDirectory directory(3);
  const RoomKey red("red");
  directory.raise(red, 0);
  directory.raise(red, 2);
  directory.raise(red, 2);
  EXPECT_EQ(loops_of(directory, red).to_ulong(), 0b101U);
  directory.lower(red, 2);
  EXPECT_EQ(loops_of(directory, red).to_ulong(), 0b101U);
  directory.lower(red, 2);
  EXPECT_EQ(loops_of(directory, red).to_ulong(), 0b001U);
  EXPECT_EQ(loops_of(directory, RoomKey("blue")).to_ulong(), 0U);
  EXPECT_EQ(directory.room_count(), 1U);
  directory.lower(red, 0);
  EXPECT_EQ(directory.room_count(), 0U) << "nothing is kept for an empty room";
}

TEST(RoomDirectory, AddsToASetOfLoops) {
  RoomDirectory directory(kMaxLoops);
  directory.raise(RoomKey("a"), 0);
  directory.raise(RoomKey("b"), kMaxLoops - 1);
  LoopSet loops;
  directory.add_loops(RoomKey("a"), loops);
  directory.add_loops(RoomKey("b"), loops);
  EXPECT_EQ(loops.count(), 2U);
  EXPECT_TRUE(loops.test(kMaxLoops - 1));
}

TEST(RoomDirectory, ThreadsRaiseAndLowerAtOnce) {
  RoomDirectory directory(4);
  std::vector<std::thread> threads;
  for (std::size_t loop = 0; loop < 4; ++loop) {
    threads.emplace_back([&, loop] {
      for (int i = 0; i < 2000; ++i) {
        const RoomKey room("room " + std::to_string(i % 7));
        directory.raise(room, loop);
        EXPECT_TRUE(loops_of(directory, room).test(loop));
        directory.lower(room, loop);
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(directory.room_count(), 0U);
}

}  // namespace
}  // namespace naru::hub
