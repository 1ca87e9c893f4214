#include "http/percent.hpp"

#include <gtest/gtest.h>

namespace naru::http {
namespace {

TEST(Percent, Decode) {
  EXPECT_EQ(percent_decode("a%2Fb%2f+"), "a/b/+");
  EXPECT_EQ(percent_decode("%00"), std::string(1, '\0'));
  EXPECT_EQ(percent_decode("%ff"), "\xff");
  for (const char* text : {"%", "%2", "a%2", "%g0", "%0g", "%-1"})
    EXPECT_EQ(percent_decode(text), std::nullopt) << text;
}

TEST(Percent, WhatIsEncodedIsDecoded) {
  std::string every;
  for (int byte = 0; byte < 256; ++byte)
    every.push_back(static_cast<char>(byte));
  EXPECT_EQ(percent_decode(percent_encode(every)), every);
  EXPECT_EQ(percent_encode("aZ0-._~ /한"), "aZ0-._~%20%2F%ED%95%9C");
}

}  // namespace
}  // namespace naru::http
