#include "naru/serve/tokens.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>
#include <string>

#include "support/scratch_directory.hpp"

namespace apps {
namespace {

TEST(TokensTest, HoldWhatTheyWereGiven) {
  const Tokens tokens({"0123456789", "abcdefghij"}, "");
  EXPECT_TRUE(tokens.hold("0123456789"));
  EXPECT_TRUE(tokens.hold("abcdefghij"));
  for (const std::string other : {"", "012345678", "01234567890", "ABCDEFGHIJ"})
    EXPECT_FALSE(tokens.hold(other)) << other;
  EXPECT_FALSE(Tokens({}, "").hold(""));
}

TEST(TokensTest, LimitsOfOne) {
  EXPECT_EQ(fault_of_token(std::string(kLeastTokenBytes, 'a')), "");
  EXPECT_NE(fault_of_token(std::string(kLeastTokenBytes - 1, 'a')), "");
  EXPECT_EQ(fault_of_token(std::string(kMaxTokenBytes, 'a')), "");
  EXPECT_NE(fault_of_token(std::string(kMaxTokenBytes + 1, 'a')), "");
  EXPECT_EQ(fault_of_token("AZaz09-._~+/="), "");
  for (const std::string wrong : {"with,comma", "with space", "with\"quote", "with\nline"})
    EXPECT_NE(fault_of_token(wrong), "") << wrong;
}

TEST(TokensTest, FilesHaveOneALine) {
  naru::test::ScratchDirectory scratch;
  const std::string path = scratch.file("tokens");
  std::ofstream(path) << "# whose\n\n  0123456789 \r\nabcdefghij\n";
  Tokens tokens({"given-here"}, path);
  EXPECT_TRUE(tokens.hold("0123456789"));
  EXPECT_TRUE(tokens.hold("abcdefghij"));
  EXPECT_TRUE(tokens.hold("given-here"));

  std::ofstream(path, std::ios::trunc) << "new-token-now\n";
  EXPECT_EQ(tokens.reload(), "");
  EXPECT_TRUE(tokens.hold("new-token-now"));
  EXPECT_FALSE(tokens.hold("0123456789"));
  EXPECT_TRUE(tokens.hold("given-here"));
}

TEST(TokensTest, AFileThatIsWrongChangesNothing) {
  naru::test::ScratchDirectory scratch;
  const std::string path = scratch.file("tokens");
  std::ofstream(path) << "0123456789\n";
  Tokens tokens({}, path);
  std::ofstream(path, std::ios::trunc) << "abcdefghij\nno token\n";
  EXPECT_EQ(tokens.reload(), path + ":2: a token has letters, digits and -._~+/= only");
  EXPECT_TRUE(tokens.hold("0123456789"));
  EXPECT_FALSE(tokens.hold("abcdefghij"));
  EXPECT_THROW(Tokens({}, path), std::runtime_error);
  EXPECT_THROW(Tokens({}, scratch.file("none")), std::runtime_error);
}

TEST(TokensTest, AsManyAsAllowed) {
  naru::test::ScratchDirectory scratch;
  const std::string path = scratch.file("tokens");
  {
    std::ofstream file(path);
    for (std::size_t at = 0; at < kMaxTokens; ++at)
      file << "token-" << 10'000 + at << "\n";
  }
  EXPECT_EQ(read_token_file(path).tokens.size(), kMaxTokens);
  std::ofstream(path, std::ios::app) << "one-too-many\n";
  EXPECT_NE(read_token_file(path).fault, "");
}

}  // namespace
}  // namespace apps
