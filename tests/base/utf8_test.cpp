#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/split_everywhere.hpp"

namespace naru::base {
namespace {

using namespace std::string_view_literals;

struct Case {
  std::string_view text;
  std::size_t valid;  // bytes of whole valid characters at the front
  bool may_go_on;     // what is there could still become valid
  std::string_view name;
};
const Case kCases[] = {
    {"", 0, true, "nothing"},
    {"hello, plain ASCII of more than eight bytes", 43, true, "ASCII"},
    {"\0a"sv, 2, true, "NUL is a character"},
    {"\x7F", 1, true, "DEL"},
    {"\xC2\x80", 2, true, "the first of two bytes"},
    {"\xDF\xBF", 2, true, "the last of two bytes"},
    {"\xE0\xA0\x80", 3, true, "the first of three bytes"},
    {"\xEF\xBF\xBF", 3, true, "the last of three bytes"},
    {"\xED\x9F\xBF", 3, true, "before the surrogates"},
    {"\xEE\x80\x80", 3, true, "after the surrogates"},
    {"\xF0\x90\x80\x80", 4, true, "the first of four bytes"},
    {"\xF4\x8F\xBF\xBF", 4, true, "the last of all"},
    {"한국어 나루터 🚣", 24, true, "Korean and a boat"},
    {"\x80", 0, false, "a lone continuation"},
    {"\xBF", 0, false, "another"},
    {"\xC0\xAF", 0, false, "overlong, two bytes"},
    {"\xC1\xBF", 0, false, "overlong, two bytes"},
    {"\xE0\x9F\xBF", 0, false, "overlong, three bytes"},
    {"\xF0\x8F\xBF\xBF", 0, false, "overlong, four bytes"},
    {"\xED\xA0\x80", 0, false, "the first surrogate"},
    {"\xED\xBF\xBF", 0, false, "the last surrogate"},
    {"\xF4\x90\x80\x80", 0, false, "above U+10FFFF"},
    {"\xF5", 0, false, "no leading byte"},
    {"\xFF", 0, false, "no leading byte"},
    {"\xC3", 0, true, "cut after the first of two"},
    {"\xE2\x82", 0, true, "cut after the second of three"},
    {"\xF0\x9F\x9A", 0, true, "cut after the third of four"},
    {"\xF0\x9F\x9A!", 0, false, "cut, then ASCII"},
    {"abcdefgh\xC3(", 8, false, "wrong continuation behind a whole word"},
    {"abcdefghijk\xFF", 11, false, "wrong byte behind a word and a half"},
    {"\xC3\xA9\xC3", 2, true, "a good one, then a cut one"},
};

TEST(Utf8, ValidityOfTheTable) {
  for (const Case& test : kCases) {
    EXPECT_EQ(valid_utf8_size(test.text), test.valid) << test.name;
    EXPECT_EQ(is_valid_utf8(test.text), test.valid == test.text.size()) << test.name;
  }
}

TEST(Utf8, TheValidatorAgreesHoweverTheTextIsCut) {
  for (const Case& test : kCases) {
    const auto outcome = test::expect_same_when_split(test.text, [](test::Pieces pieces) {
      Utf8Validator validator;
      for (const auto piece : pieces) {
        if (!validator.feed(std::string_view(piece.data(), piece.size()))) return "failed";
      }
      return validator.finish() ? "valid" : "cut";
    });
    const bool is_valid = test.valid == test.text.size();
    EXPECT_STREQ(outcome, is_valid ? "valid" : test.may_go_on ? "cut" : "failed") << test.name;
  }
}

TEST(Utf8, TheValidatorFailsAtTheFirstImpossibleByte) {
  Utf8Validator validator;
  EXPECT_TRUE(validator.feed("a\xF4"));
  EXPECT_FALSE(validator.feed("\x90"));  // not only when the sequence is complete
  Utf8Validator surrogate;
  EXPECT_TRUE(surrogate.feed("\xED"));
  EXPECT_FALSE(surrogate.feed("\xA0"));
}

TEST(Utf8, AgreesWithACountOfAllTwoByteTexts) {
  int valid = 0;
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const char text[] = {static_cast<char>(first), static_cast<char>(second)};
      const std::string_view view(text, 2);
      Utf8Validator validator;
      const bool by_pieces =
          validator.feed(view.substr(0, 1)) && validator.feed(view.substr(1)) && validator.finish();
      ASSERT_EQ(by_pieces, is_valid_utf8(view));
      if (by_pieces) ++valid;
    }
  }
  EXPECT_EQ(valid, 128 * 128 + 30 * 64);  // two ASCII, or C2..DF with 80..BF
}

TEST(Utf8, EveryCodePointComesBack) {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (code_point >= 0xD800 && code_point < 0xE000) continue;
    std::string text;
    append_code_point(text, code_point);
    ASSERT_TRUE(is_valid_utf8(text)) << std::hex << static_cast<std::uint32_t>(code_point);
  }
}

// Unicode 15, table 3-8 and its neighbours.
TEST(Utf8, ReplacesEachMaximalPiece) {
  const std::pair<std::string_view, std::string_view> kPairs[] = {
      {"good", "good"},
      {"a\xFFz", "a\uFFFDz"},
      {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "\uFFFD\uFFFD\uFFFD\uFFFD\x41"},
      {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\x41"},
      {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
      {"end\xE2\x82", "end\uFFFD"},
  };
  for (const auto& [text, expected] : kPairs) {
    std::string out;
    append_valid_utf8(out, text);
    EXPECT_EQ(out, expected);
  }
}

}  // namespace
}  // namespace naru::base
