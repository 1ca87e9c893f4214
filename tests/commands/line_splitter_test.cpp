#include "naru/client/line_splitter.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/split_everywhere.hpp"

namespace apps {
namespace {

std::string lines_of(naru::test::Pieces pieces, std::size_t longest = 100) {
  LineSplitter splitter(longest);
  std::string all;
  for (const auto piece : pieces) {
    const std::string_view bytes(piece.data(), piece.size());
    if (!splitter.feed(bytes, [&all](std::string_view line) {
          all.append("[").append(line).append("]");
          return line != "enough";
        })) {
      return all + "!";
    }
  }
  return all;
}

std::string outcome(std::string_view text) {
  return naru::test::expect_same_when_split(text, [](naru::test::Pieces pieces) { return lines_of(pieces); });
}

TEST(LineSplitterTest, LinesHoweverTheyAreCut) {
  EXPECT_EQ(outcome(""), "");
  EXPECT_EQ(outcome("no end"), "");
  EXPECT_EQ(outcome("\n\r\n"), "[][]");
  EXPECT_EQ(outcome("one\ntwo\r\nthree"), "[one][two]");
  EXPECT_EQ(outcome("one\nenough\ntwo\n"), "[one][enough]!");
}

TEST(LineSplitterTest, ALineMayBeAsLongAsAllowed) {
  const auto of = [](const std::string& text) { return lines_of(naru::test::whole(text).pieces(), 3); };
  EXPECT_EQ(of("abc\nab\n"), "[abc][ab]");
  EXPECT_EQ(of("ab\nabcd\n"), "[ab]!");
  EXPECT_EQ(of("abcd"), "!");
}

}  // namespace
}  // namespace apps
