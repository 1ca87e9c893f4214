#include "store/commit_queue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "store/errc.hpp"
#include "store/sqlite_log.hpp"

namespace naru::store {
namespace {

Job numbered(int number) {
  return RemoveJob{std::to_string(number), nullptr, {}};
}
std::string name_of(const Job& job) {
  return std::get<RemoveJob>(job).name;
}

constexpr std::size_t kJob = CommitQueue::kJobOverhead;

TEST(CommitQueue, GivesJobsInOrder) {
  CommitQueue queue(1000);
  for (int number = 1; number <= 3; ++number)
    ASSERT_TRUE(queue.push(numbered(number), 1));
  std::vector<Job> batch;
  ASSERT_TRUE(queue.take(batch, 2, 1000));
  ASSERT_EQ(batch.size(), 2u);
  EXPECT_EQ(name_of(batch[0]), "1");
  EXPECT_EQ(name_of(batch[1]), "2");
  batch.clear();
  ASSERT_TRUE(queue.take(batch, 2, 1000));
  ASSERT_EQ(batch.size(), 1u);
  EXPECT_EQ(name_of(batch[0]), "3");
}

TEST(CommitQueue, ABatchEndsWhenItsBytesAreReached) {
  CommitQueue queue(100'000);
  for (int number = 1; number <= 3; ++number)
    ASSERT_TRUE(queue.push(numbered(number), 1000));
  std::vector<Job> batch;
  ASSERT_TRUE(queue.take(batch, 100, 1001 + kJob));
  EXPECT_EQ(batch.size(), 2u);
}

TEST(CommitQueue, IsBoundedInBytes) {
  CommitQueue queue(2 * (kJob + 10));
  ASSERT_TRUE(queue.push(numbered(1), 10));
  ASSERT_TRUE(queue.push(numbered(2), 10));
  const auto refused = queue.push(numbered(3), 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), errc::busy);
  EXPECT_TRUE(queue.push_always(numbered(4)));
  std::vector<Job> batch;
  ASSERT_TRUE(queue.take(batch, 1, 1000));
  EXPECT_TRUE(queue.push(numbered(5), 10));
}

TEST(CommitQueue, AJobLargerThanTheLimitGoesAlone) {
  CommitQueue queue(100);
  EXPECT_TRUE(queue.push(numbered(1), 5000));
  EXPECT_FALSE(queue.push(numbered(2), 0));
}

TEST(CommitQueue, ClosingKeepsWhatIsInside) {
  CommitQueue queue(1000);
  ASSERT_TRUE(queue.push(numbered(1), 1));
  queue.close();
  EXPECT_EQ(queue.push(numbered(2), 1).error().code(), errc::closed);
  EXPECT_EQ(queue.push_always(numbered(2)).error().code(), errc::closed);
  std::vector<Job> batch;
  EXPECT_TRUE(queue.take(batch, 10, 1000));
  batch.clear();
  EXPECT_FALSE(queue.take(batch, 10, 1000));
}

TEST(CommitQueue, TheWriterWaitsForWork) {
  CommitQueue queue(1000);
  std::vector<std::string> taken;
  std::thread writer([&] {
    std::vector<Job> batch;
    while (queue.take(batch, 10, 1000)) {
      for (const Job& job : batch)
        taken.push_back(name_of(job));
      batch.clear();
    }
  });
  for (int number = 1; number <= 100; ++number) {
    while (!queue.push(numbered(number), 1))
      std::this_thread::yield();
  }
  queue.close();
  writer.join();
  ASSERT_EQ(taken.size(), 100u);
  for (int number = 1; number <= 100; ++number)
    EXPECT_EQ(taken[static_cast<std::size_t>(number) - 1], std::to_string(number));
}

}  // namespace
}  // namespace naru::store
