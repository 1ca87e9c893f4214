#include "http/cookies.hpp"

#include <gtest/gtest.h>

#include "http/head_parser.hpp"

namespace naru::http {
namespace {

TEST(Cookies, Find) {
  const std::string_view field = "a=1; b = 2 ;c=\"3\"; d=x=y; a=9; s=s%3Aabc%2B; bad=%zz; bare;e=";
  EXPECT_EQ(find_cookie(field, "a"), "1") << "of duplicates the first";
  EXPECT_EQ(find_cookie(field, "b"), "2");
  EXPECT_EQ(find_cookie(field, "c"), "3");
  EXPECT_EQ(find_cookie(field, "d"), "x=y");
  EXPECT_EQ(find_cookie(field, "s"), "s:abc+");
  EXPECT_EQ(find_cookie(field, "bad"), "%zz");
  EXPECT_EQ(find_cookie(field, "e"), "");
  EXPECT_EQ(find_cookie(field, "bare"), std::nullopt);
  EXPECT_EQ(find_cookie(field, "A"), std::nullopt) << "names have a case";
  EXPECT_EQ(find_cookie("", "a"), std::nullopt);
}

TEST(Cookies, FindInAllFields) {
  const auto head = parse_request_head("GET / HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\ncookie: b=2\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(find_cookie(*head, "b"), "2");
  EXPECT_EQ(find_cookie(*head, "c"), std::nullopt);
}

TEST(Cookies, SetCookieHasItsAttributes) {
  EXPECT_EQ(to_text({.name = "a", .value = "b c;d"}), "a=b%20c%3Bd");
  EXPECT_EQ(to_text({.name = "1",
                     .value = "1",
                     .path = "/",
                     .domain = "a.example",
                     .max_age = std::chrono::hours(24),
                     .expires = std::chrono::system_clock::time_point(std::chrono::seconds(784111777)),
                     .http_only = true,
                     .secure = true,
                     .same_site = SameSite::strict}),
            "1=1; Max-Age=86400; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Domain=a.example; Path=/; HttpOnly; "
            "Secure; "
            "SameSite=Strict");
  EXPECT_EQ(to_text({.name = "a", .max_age = std::chrono::seconds(-5), .same_site = SameSite::lax}),
            "a=; Max-Age=0; SameSite=Lax");
  EXPECT_EQ(to_text({.name = "a", .same_site = SameSite::none}), "a=; SameSite=None");
}

TEST(Cookies, WhatWouldAddAttributesIsRefused) {
  EXPECT_EQ(to_text({.name = "a=b", .value = "c"}), "");
  EXPECT_EQ(to_text({.name = "", .value = "c"}), "");
  EXPECT_EQ(to_text({.name = "a", .path = "/; Secure"}), "");
  EXPECT_EQ(to_text({.name = "a", .domain = "b\r\nc"}), "");
}

TEST(Cookies, AnyValueComesBack) {
  const std::string value = "s:한글; \"quoted\", a=b\n";
  const std::string text = to_text({.name = "a", .value = value});
  EXPECT_EQ(find_cookie(text, "a"), value);
}

}  // namespace
}  // namespace naru::http
