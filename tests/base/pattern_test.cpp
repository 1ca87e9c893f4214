#include "naru/pattern.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace naru {
namespace {

TEST(Pattern, OccursAnywhereUnlessAnchored) {
  struct Case {
    const char* pattern;
    const char* text;
    bool matches;
  };
  const Case cases[] = {
      {"^/tenant-\\d+$", "/tenant-42", true},   {"^/tenant-\\d+$", "/tenant-", false},
      {"^/tenant-\\d+$", "/tenant-42x", false}, {"^/tenant-\\d+$", "x/tenant-42", false},
      {"/tenant-\\d+", "/a/tenant-42/b", true}, {"a|b", "xxb", true},
      {"^[\\w-]{2,3}$", "a-1", true},           {"^[\\w-]{2,3}$", "a-12", false},
      {"^/(room|hall)/.+", "/hall/x", true},    {"", "anything", true},
  };
  for (const Case& one : cases)
    EXPECT_EQ(Pattern(one.pattern).matches(one.text), one.matches) << one.pattern << " on " << one.text;
  EXPECT_EQ(Pattern("a|b").text(), "a|b");
}

TEST(Pattern, WhatIsNoneSaysSo) {
  for (const char* text : {"(", "[a", "a{2", "*", "(a)\\1"}) {
    try {
      const Pattern pattern(text);
      ADD_FAILURE() << text;
    } catch (const std::logic_error& error) {
      EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << error.what();
    }
  }
}

// Each of these would take the backtracking executor hours, or its whole stack.
TEST(Pattern, TimeDoesNotExplode) {
  const std::string text(512, 'a');
  EXPECT_FALSE(Pattern("^(a+)+$").matches(text + "!"));
  EXPECT_FALSE(Pattern("^(a|aa)+$").matches(text + "!"));
  EXPECT_TRUE(Pattern("^(.*)*$").matches(text));
}

}  // namespace
}  // namespace naru
