#include "store/file_lock.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "store/errc.hpp"
#include "support/scratch_directory.hpp"

namespace naru::store {
namespace {

TEST(FileLock, HasOneHolder) {
  const test::ScratchDirectory scratch;
  const std::string path = scratch.file("store.lock");
  std::optional<FileLock> first;
  {
    auto taken = FileLock::take(path);
    ASSERT_TRUE(taken);
    first.emplace(std::move(*taken));
  }
  const auto second = FileLock::take(path);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), errc::locked);
  EXPECT_NE(second.error().message().find(path), std::string::npos);
  first.reset();
  EXPECT_TRUE(FileLock::take(path));
}

TEST(FileLock, SaysWhyItCannotBeMade) {
  const test::ScratchDirectory scratch;
  const auto taken = FileLock::take(scratch.file("missing/store.lock"));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code(), errc::disk);
}

}  // namespace
}  // namespace naru::store
