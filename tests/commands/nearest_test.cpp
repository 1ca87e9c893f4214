#include "naru/serve/nearest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace apps {
namespace {

TEST(NearestTest, LettersApart) {
  EXPECT_EQ(letters_apart("", ""), 0U);
  EXPECT_EQ(letters_apart("port", "port"), 0U);
  EXPECT_EQ(letters_apart("prot", "port"), 1U);  // two neighbours are one slip
  EXPECT_EQ(letters_apart("por", "port"), 1U);
  EXPECT_EQ(letters_apart("", "port"), 4U);
  EXPECT_EQ(letters_apart("hosts", "port"), 3U);
}

TEST(NearestTest, SuggestsWhatIsNearAndNothingElse) {
  constexpr std::array<std::string_view, 3> kKnown = {"port", "history_size", "publish_tokens"};
  EXPECT_EQ(nearest("prot", kKnown), "port");
  EXPECT_EQ(nearest("history-size", kKnown), "history_size");
  EXPECT_EQ(nearest("publish_token", kKnown), "publish_tokens");
  EXPECT_EQ(nearest("colour", kKnown), "");
  EXPECT_EQ(nearest(std::string(65, 'p'), kKnown), "");
}

}  // namespace
}  // namespace apps
