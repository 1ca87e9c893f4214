#include "channel/positions.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "channel/publication_fixture.hpp"

namespace naru::channel {
namespace {

Since at(std::uint64_t offset) {
  return Since::after({letters_epoch(), offset});
}
const Since kForeign = Since::after(Position());
constexpr Since kFirst{Since::Kind::first, {}};
constexpr Since kLast{Since::Kind::last, {}};

std::string text_of(std::uint64_t offset) {
  return std::string(kLettersPosition) + std::to_string(offset);
}

TEST(Positions, TextGoesThereAndBack) {
  Positions positions(3);
  EXPECT_FALSE(positions.is_complete());
  for (std::size_t i = 0; i < 3; ++i)
    positions.set(i, {letters_epoch(), i + 7});
  ASSERT_TRUE(positions.is_complete());
  EXPECT_EQ(positions.text(), text_of(7) + "~" + text_of(8) + "~" + text_of(9));
  EXPECT_EQ(parse_since(positions.text(), 3, Since::Kind::last), (std::vector{at(7), at(8), at(9)}));
}

TEST(Positions, OfOneChannelAreItsPosition) {
  Positions positions(1);
  positions.set(0, {letters_epoch(), 5});
  EXPECT_EQ(positions.text(), positions[0].text());
}

TEST(Positions, WordsHoldForAllChannels) {
  EXPECT_EQ(parse_since("", 2, Since::Kind::last), (std::vector{kLast, kLast}));
  EXPECT_EQ(parse_since("", 2, Since::Kind::first), (std::vector{kFirst, kFirst}));
  EXPECT_EQ(parse_since("first", 2, Since::Kind::last), (std::vector{kFirst, kFirst}));
  EXPECT_EQ(parse_since("last", 1, Since::Kind::first), (std::vector{kLast}));
}

TEST(Positions, WhatIsMalformedIsForeignToItsChannel) {
  EXPECT_EQ(parse_since(text_of(1) + "~x", 2, Since::Kind::last), (std::vector{at(1), kForeign}));
  EXPECT_EQ(parse_since("~" + text_of(1), 2, Since::Kind::last), (std::vector{kForeign, at(1)}));
  EXPECT_EQ(parse_since("first~" + text_of(1), 2, Since::Kind::last), (std::vector{kForeign, at(1)}));
}

TEST(Positions, AWrongNumberIsForeignToAll) {
  EXPECT_EQ(parse_since(text_of(1), 2, Since::Kind::last), (std::vector{kForeign, kForeign}));
  EXPECT_EQ(parse_since(text_of(1) + "~" + text_of(2), 1, Since::Kind::last), (std::vector{kForeign}));
  EXPECT_EQ(parse_since(text_of(1) + "~", 1, Since::Kind::last), (std::vector{kForeign}));
  EXPECT_EQ(parse_since("~", 1, Since::Kind::last), (std::vector{kForeign}));
}

TEST(Positions, LengthHasALimitThatAllChannelsFitInto) {
  Positions positions(kMaxChannels);
  for (std::size_t i = 0; i < kMaxChannels; ++i)
    positions.set(i, {letters_epoch(), Position::kMaxOffset});
  const std::string text = positions.text();
  ASSERT_LE(text.size(), kMaxPositionsText);
  EXPECT_EQ(parse_since(text, kMaxChannels, Since::Kind::last)[31], at(Position::kMaxOffset));

  // One that would be good but for its length: "e.….0" has no longer spelling, so the separators fill it up.
  const std::string filled(kMaxPositionsText, '~');
  EXPECT_EQ(parse_since(filled, 2, Since::Kind::last), (std::vector{kForeign, kForeign}));
  EXPECT_EQ(parse_since(filled + "~", 2, Since::Kind::last), (std::vector{kForeign, kForeign}));
}

}  // namespace
}  // namespace naru::channel
