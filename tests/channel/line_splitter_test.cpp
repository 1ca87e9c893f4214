#include "channel/line_splitter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/split_everywhere.hpp"

namespace naru::channel {
namespace {

constexpr std::size_t kMaxLine = 4;

// Lines with "|" between them; "!" is one that is too long.
std::string lines_of(std::string_view text) {
  return test::expect_same_when_split(text, [](test::Pieces pieces) {
    LineSplitter splitter(kMaxLine);
    std::string lines;
    const auto take = [&](std::string_view line, bool is_too_long) {
      EXPECT_LE(line.size(), kMaxLine);
      lines += is_too_long ? "!" : std::string(line);
      lines += '|';
    };
    for (std::span<char> piece : pieces)
      splitter.feed({piece.data(), piece.size()}, take);
    splitter.finish(take);
    return lines;
  });
}

TEST(LineSplitter, CutsAtLineFeeds) {
  EXPECT_EQ(lines_of(""), "");
  EXPECT_EQ(lines_of("ab"), "ab|");
  EXPECT_EQ(lines_of("ab\ncd\n"), "ab|cd|");
  EXPECT_EQ(lines_of("ab\r\ncd\r\n"), "ab|cd|");
  EXPECT_EQ(lines_of("a\rb\nc"), "a\rb|c|");
}

TEST(LineSplitter, EmptyLinesAreNone) {
  EXPECT_EQ(lines_of("\n\r\n\na\n\n"), "a|");
}

TEST(LineSplitter, HasALimitOnBothSides) {
  EXPECT_EQ(lines_of("abcd\nabcd\r\nabcd"), "abcd|abcd|abcd|");
  EXPECT_EQ(lines_of("abcde\nab\n"), "!|ab|");
  EXPECT_EQ(lines_of("ab\nabcdefghijklmnop\nabcd"), "ab|!|abcd|");
  EXPECT_EQ(lines_of("abcdefghijklmnop"), "!|");
  EXPECT_EQ(lines_of("abcd\rx\n"), "!|");
}

}  // namespace
}  // namespace naru::channel
