#include "http/grammar.hpp"

#include <gtest/gtest.h>

#include <string>

namespace naru::http {
namespace {

std::string items_of(std::string_view list, char separator = ',') {
  std::string all;
  for (ListItems items(list, separator); const auto item = items.next();)
    all += "[" + std::string(*item) + "]";
  return all;
}

TEST(Grammar, Lists) {
  EXPECT_EQ(items_of("a, b ,\tc"), "[a][b][c]");
  EXPECT_EQ(items_of(" , ,,a,"), "[a]");
  EXPECT_EQ(items_of(""), "");
  EXPECT_EQ(items_of("a;q=\"x,y\", b"), "[a;q=\"x,y\"][b]");
  EXPECT_EQ(items_of("\"a\\\",b\", c"), "[\"a\\\",b\"][c]");
  EXPECT_EQ(items_of("\"a, b"), "[\"a, b]");
  EXPECT_EQ(items_of("\"a\\"), "[\"a\\]");
  EXPECT_EQ(items_of("a; b", ';'), "[a][b]");
}

TEST(Grammar, ListNames) {
  EXPECT_TRUE(list_names("keep-alive, Upgrade", "upgrade"));
  EXPECT_FALSE(list_names("upgrade-insecure", "upgrade"));
}

TEST(Grammar, Tokens) {
  EXPECT_TRUE(is_token("X-a!#$%&'*+-.^_`|~09"));
  for (const char* text : {"", "a b", "a:", "a/b", "\xc3\xa9", "a\x7f", "(a)"})
    EXPECT_FALSE(is_token(text)) << text;
}

TEST(Grammar, Weights) {
  EXPECT_EQ(parse_weight(""), 1000);
  EXPECT_EQ(parse_weight("level=1"), 1000);
  EXPECT_EQ(parse_weight("q=1"), 1000);
  EXPECT_EQ(parse_weight("q=1.000"), 1000);
  EXPECT_EQ(parse_weight(" a=b; Q = 0.5"), 500);
  EXPECT_EQ(parse_weight("q=0.123"), 123);
  EXPECT_EQ(parse_weight("q=0"), 0);
  EXPECT_EQ(parse_weight("q=0."), 0);
  for (const char* text : {"q=", "q=2", "q=1.1", "q=0.1234", "q=-1", "q=0,5", "q=.5", "q=x", "q=00"})
    EXPECT_EQ(parse_weight(text), 0) << text;
}

}  // namespace
}  // namespace naru::http
