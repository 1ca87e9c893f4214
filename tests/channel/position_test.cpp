#include "channel/position.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace naru::channel {
namespace {

std::array<std::byte, Epoch::kBytes> bytes_from(int first) {
  std::array<std::byte, Epoch::kBytes> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(first + static_cast<int>(i));
  return bytes;
}

TEST(Position, TextIsFixed) {
  // "ABCDEFGHIJKL" in base64url; other programs keep these texts, so they may never change.
  const Position position{Epoch::from_bytes(bytes_from('A')), 42};
  EXPECT_EQ(position.text(), "eQUJDREVGR0hJSktM.42");
  EXPECT_EQ(Position::parse("eQUJDREVGR0hJSktM.42"), position);
}

TEST(Position, LongestTextFitsItsBound) {
  const Position position{Epoch::from_bytes(bytes_from(240)), Position::kMaxOffset};
  const std::string text = position.text();
  EXPECT_LE(text.size(), Position::kMaxText);
  EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~-"),
            text.npos);
  EXPECT_EQ(Position::parse(text), position);
}

TEST(Position, RefusesWhatTextCannotHaveMade) {
  const std::vector<std::string> texts = {
      "",
      "e",
      "42",
      "first",
      "eQUJDREVGR0hJSktM",
      "eQUJDREVGR0hJSktM.",
      "QUJDREVGR0hJSktM.42",
      "EQUJDREVGR0hJSktM.42",
      "eQUJDREVGR0hJSkt.42",
      "eQUJDREVGR0hJSktMM.42",
      "eQUJDREVGR0hJSkt+.42",
      "eQUJDREVGR0hJSkt=.42",
      "eQUJDREVGR0hJSktM.042",
      "eQUJDREVGR0hJSktM.00",
      "eQUJDREVGR0hJSktM.+4",
      "eQUJDREVGR0hJSktM.-4",
      "eQUJDREVGR0hJSktM. 4",
      "eQUJDREVGR0hJSktM.4 ",
      "eQUJDREVGR0hJSktM.4.2",
      "eQUJDREVGR0hJSktM.0x4",
      "eQUJDREVGR0hJSktM.9223372036854775808",
      "eQUJDREVGR0hJSktM.18446744073709551616",
      "eQUJDREVGR0hJSktM.99999999999999999999999999999999999999999999999",
      std::string("eQUJDREVGR0hJSktM.4\0", 20),
  };
  for (const auto& text : texts)
    EXPECT_EQ(Position::parse(text), std::nullopt) << text;
  EXPECT_TRUE(Position::parse("eQUJDREVGR0hJSktM.9223372036854775807"));
  EXPECT_TRUE(Position::parse("eQUJDREVGR0hJSktM.0"));
}

TEST(Position, NoPrefixParsesAsAnotherEpoch) {
  const std::string text = "eQUJDREVGR0hJSktM.4211";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto parsed = Position::parse(std::string_view(text).substr(0, size));
    if (size <= 18) {
      EXPECT_FALSE(parsed) << size;
    } else {
      ASSERT_TRUE(parsed) << size;
      EXPECT_EQ(parsed->text(), text.substr(0, size));
    }
  }
}

TEST(Epoch, EmptyEqualsNoOther) {
  EXPECT_TRUE(Epoch().empty());
  EXPECT_EQ(Epoch().text(), "");
  const auto zero = Epoch::from_bytes(std::array<std::byte, Epoch::kBytes>{});
  EXPECT_FALSE(zero.empty());
  EXPECT_NE(Epoch(), zero);
  EXPECT_EQ(Epoch::parse(zero.text()), zero);
}

}  // namespace
}  // namespace naru::channel
