#include "http/query.hpp"

#include <gtest/gtest.h>

namespace naru::http {
namespace {

TEST(Query, PairsAreDecoded) {
  const Query query("EIO=4&a+b=c%20d+e&%ED%95%9C=%EA%B8%80&empty=&bare&=no&&t=1=2");
  EXPECT_EQ(query.get("EIO"), "4");
  EXPECT_EQ(query.get("a b"), "c d e");
  EXPECT_EQ(query.get("한"), "글");
  EXPECT_EQ(query.get("empty"), "");
  EXPECT_EQ(query.get("bare"), "");
  EXPECT_EQ(query.get(""), "no");
  EXPECT_EQ(query.get("t"), "1=2");
  EXPECT_EQ(query.get("none"), std::nullopt);
  EXPECT_TRUE(query.has("bare"));
  EXPECT_FALSE(query.has("none"));
  EXPECT_EQ(query.all().size(), 7U);
}

TEST(Query, OfDuplicatesTheLastCounts) {
  const Query query("a=1&b=2&a=3");
  EXPECT_EQ(query.get("a"), "3");
  EXPECT_EQ(query.get_all("a"), (std::vector<std::string>{"1", "3"}));
}

TEST(Query, WhatDoesNotDecodeStandsForItself) {
  const Query query("a=%&b=%4&c=%zz&d=100%25");
  EXPECT_EQ(query.get("a"), "%");
  EXPECT_EQ(query.get("b"), "%4");
  EXPECT_EQ(query.get("c"), "%zz");
  EXPECT_EQ(query.get("d"), "100%");
}

TEST(Query, Empty) {
  EXPECT_TRUE(Query("").all().empty());
  EXPECT_TRUE(Query().all().empty());
}

}  // namespace
}  // namespace naru::http
