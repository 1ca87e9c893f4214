#include "chat/text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chat {
namespace {

TEST(Text, CountsCodePointsNotBytes) {
  EXPECT_EQ(count_code_points(""), 0U);
  EXPECT_EQ(count_code_points("abc"), 3U);
  EXPECT_EQ(count_code_points("나루"), 2U);
  EXPECT_EQ(count_code_points("🚢é"), 2U);
}

TEST(Text, CutsBetweenCodePoints) {
  EXPECT_EQ(first_code_points("나루터", 2), "나루");
  EXPECT_EQ(first_code_points("나루터", 3), "나루터");
  EXPECT_EQ(first_code_points("나루터", 0), "");
  EXPECT_EQ(first_code_points("ab", 80), "ab");
}

TEST(Text, TrimsEveryKindOfSpace) {
  EXPECT_EQ(trim("  a b\t\n"), "a b");
  EXPECT_EQ(trim("\u3000나루\u00a0 "), "나루");
  EXPECT_EQ(trim(" \u3000 "), "");
}

TEST(CleanLine, TakesUpToTheLimitAndNotOneMore) {
  EXPECT_EQ(clean_line("  나루 ", 24), "나루");
  EXPECT_EQ(clean_line(std::string(24, 'x'), 24), std::string(24, 'x'));
  EXPECT_FALSE(clean_line(std::string(25, 'x'), 24));
}

TEST(CleanLine, RefusesWhatIsNoLine) {
  for (const char* bad : {"", "   ", "a\nb", "a\tb", "a\x7f", "a\u0085z", "\u202ereversed", "a\u2066z"}) {
    EXPECT_FALSE(clean_line(bad, 60)) << bad;
  }
  EXPECT_FALSE(clean_line(std::string("a\0b", 3), 60));
}

TEST(CleanText, KeepsNewlinesAndTabsInside) {
  std::string out;
  EXPECT_EQ(clean_text("  one\n\ttwo  ", 2000, out), TextFault::none);
  EXPECT_EQ(out, "one\n\ttwo");
}

TEST(CleanText, NamesTheFault) {
  std::string out;
  EXPECT_EQ(clean_text(" \n ", 2000, out), TextFault::empty);
  EXPECT_EQ(clean_text(std::string(2001, 'x'), 2000, out), TextFault::too_long);
  EXPECT_EQ(clean_text("a\x1b[31m", 2000, out), TextFault::control);
  EXPECT_EQ(out, "");
  EXPECT_EQ(clean_text(std::string(2000, 'x') + "   ", 2000, out), TextFault::none);
}

TEST(MessageId, HasEightToSixtyFourOfItsLetters) {
  EXPECT_TRUE(is_message_id("aZ09_-aa"));
  EXPECT_TRUE(is_message_id(std::string(64, 'x')));
  EXPECT_FALSE(is_message_id("1234567"));
  EXPECT_FALSE(is_message_id(std::string(65, 'x')));
  for (const char* bad : {"with space", "slash/slash", "한글한글한글", "dotdotdot."})
    EXPECT_FALSE(is_message_id(bad)) << bad;
}

}  // namespace
}  // namespace chat
