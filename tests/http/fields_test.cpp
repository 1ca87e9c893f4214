#include "http/fields.hpp"

#include <gtest/gtest.h>

namespace naru::http {
namespace {

TEST(Fields, NamesCompareWithoutCase) {
  EXPECT_TRUE(equal_names("Content-Type", "content-TYPE"));
  EXPECT_TRUE(equal_names("", ""));
  EXPECT_FALSE(equal_names("a", "ab"));
  EXPECT_FALSE(equal_names("@", "`")) << "only letters have a case";
  EXPECT_FALSE(equal_names("[", "{"));
}

TEST(Fields, AListKeepsOrderAndDuplicates) {
  FieldList list;
  list.add("A", "1");
  list.add("B", "2");
  list.add("a", "3");
  EXPECT_EQ(list.wire(), "A: 1\r\nB: 2\r\na: 3\r\n");
  EXPECT_EQ(list.find("a"), "1");
  EXPECT_EQ(list.count("A"), 2U);
  list.remove("A");
  EXPECT_EQ(list.wire(), "B: 2\r\n");
  list.remove("none");
  EXPECT_EQ(list.size(), 1U);
  list.clear();
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.begin(), list.end());
}

}  // namespace
}  // namespace naru::http
