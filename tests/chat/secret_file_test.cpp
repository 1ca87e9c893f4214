#include "chat/secret_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <stdexcept>
#include <system_error>

#include "support/scratch_directory.hpp"

namespace chat {
namespace {

TEST(SecretFile, IsMadeOnceForItsOwnerOnly) {
  const naru::test::ScratchDirectory folder;
  const auto file = folder.path() / "secret";
  const std::string secret = load_or_make_secret(file);
  EXPECT_GE(secret.size(), 60U);
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(load_or_make_secret(file), secret);
  EXPECT_NE(load_or_make_secret(folder.path() / "other"), secret);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2)
      << "nothing is left beside it";
}

TEST(SecretFile, MayBeWrittenByHand) {
  const naru::test::ScratchDirectory folder;
  std::ofstream(folder.path() / "secret") << "sixteen characters and more\n";
  EXPECT_EQ(load_or_make_secret(folder.path() / "secret"), "sixteen characters and more");
}

TEST(SecretFile, RefusesWhatCouldBeGuessed) {
  const naru::test::ScratchDirectory folder;
  std::ofstream(folder.path() / "short") << "fifteen letters\n";
  EXPECT_THROW(load_or_make_secret(folder.path() / "short"), std::runtime_error);
  std::ofstream(folder.path() / "empty").flush();
  EXPECT_THROW(load_or_make_secret(folder.path() / "empty"), std::runtime_error);
}

TEST(SecretFile, SaysThatTheFolderIsMissing) {
  const naru::test::ScratchDirectory folder;
  EXPECT_THROW(load_or_make_secret(folder.path() / "none" / "secret"), std::system_error);
}

}  // namespace
}  // namespace chat
