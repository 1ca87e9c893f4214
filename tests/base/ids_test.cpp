#include "base/ids.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace naru::base {
namespace {

TEST(Ids, SessionIdsAreTwentyUrlSafeCharactersAndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = new_session_id(1, 2);
    ASSERT_EQ(id.size(), kSessionIdSize);
    ASSERT_EQ(id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              id.npos);
    ASSERT_TRUE(seen.insert(id).second);
  }
}

TEST(Ids, SessionIdsCarryTheirTags) {
  for (const int loop : {0, 1, 127, 128, 255}) {
    for (const int node : {0, 1, 255, 256, 65535}) {
      const std::string id =
          new_session_id(static_cast<std::uint8_t>(loop), static_cast<std::uint16_t>(node));
      EXPECT_EQ(session_id_loop(id), loop);
      EXPECT_EQ(session_id_node(id), node);
    }
  }
}

TEST(Ids, OtherTextsHaveNoTags) {
  for (const char* id : {"", "short", "012345678901234567890", "0123456789012345678+",
                         "01234567890123456789012345", "0123456789 123456789", "0123456789012345678="}) {
    EXPECT_FALSE(session_id_loop(id)) << id;
    EXPECT_FALSE(session_id_node(id)) << id;
  }
}

TEST(Ids, RandomBytesFillAnySize) {
  for (const std::size_t size : {0U, 1U, 15U, 1023U, 1024U, 1025U, 4096U, 10'000U}) {
    std::vector<std::byte> bytes(size);
    random_bytes(bytes);
    if (size < 100) continue;
    // The chance that any value is missing from so many is small; that most are missing is none.
    EXPECT_GT(std::set<std::byte>(bytes.begin(), bytes.end()).size(), 50U);
  }
}

TEST(Ids, RandomBytesUseEveryBit) {
  std::uint64_t ones = 0;
  std::uint64_t zeros = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t number = random_number();
    ones |= number;
    zeros |= ~number;
  }
  EXPECT_EQ(ones, ~std::uint64_t{0});
  EXPECT_EQ(zeros, ~std::uint64_t{0});
}

TEST(Ids, ThreadsDrawDifferentBytes) {
  std::vector<std::uint64_t> numbers(4);
  std::vector<std::thread> threads;
  threads.reserve(numbers.size());
  for (auto& number : numbers)
    threads.emplace_back([&number] { number = random_number(); });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(std::set<std::uint64_t>(numbers.begin(), numbers.end()).size(), numbers.size());
}

TEST(Ids, AForkedChildDrawsItsOwnBytes) {
  random_number();  // the parent's store is filled now
  std::array<int, 2> pipe;
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const std::uint64_t number = random_number();
    ::_exit(::write(pipe[1], &number, sizeof number) == sizeof number ? 0 : 1);
  }
  const std::uint64_t ours = random_number();
  std::uint64_t theirs = ours;
  ASSERT_EQ(::read(pipe[0], &theirs, sizeof theirs), static_cast<ssize_t>(sizeof theirs));
  EXPECT_NE(ours, theirs);
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(pipe[0]);
  ::close(pipe[1]);
}

}  // namespace
}  // namespace naru::base
