#include "http/router.hpp"

#include <gtest/gtest.h>

#include <string>
#include <system_error>

namespace naru::http {
namespace {

// The number and the params, or the allowed methods, or "-".
std::string find(const Router& router, std::string_view path, std::string_view method = "GET") {
  const RouteMatch match = router.match(method, path);
  if (!match.number) {
    EXPECT_TRUE(match.params.empty());
    return match.allow.empty() ? "-" : match.allow;
  }
  std::string text = std::to_string(*match.number);
  for (const auto& [name, value] : match.params)
    text += " " + name + "=" + value;
  return text;
}

TEST(Router, Literals) {
  Router router;
  router.add("GET", "/", 1);
  router.add("GET", "/a", 2);
  router.add("GET", "/a/", 3);
  router.add("GET", "/a/b c", 4);
  EXPECT_EQ(find(router, "/"), "1");
  EXPECT_EQ(find(router, "/a"), "2");
  EXPECT_EQ(find(router, "/a/"), "3");
  EXPECT_EQ(find(router, "/%61"), "2") << "paths are compared decoded";
  EXPECT_EQ(find(router, "/a/b%20c"), "4");
  for (const char* path : {"", "a", "*", "//", "/b", "/a//", "/a%2Fb%20c", "/A", "/%", "/a%00"})
    EXPECT_EQ(find(router, path), "-") << path;
}

TEST(Router, NamedParts) {
  Router router;
  router.add("GET", "/rooms/:room", 1);
  router.add("GET", "/rooms/:room/pictures/:picture", 2);
  router.add("GET", "/rooms/new", 3);
  router.add("GET", "/rooms/:id/members", 4);
  EXPECT_EQ(find(router, "/rooms/7"), "1 room=7");
  EXPECT_EQ(find(router, "/rooms/caf%C3%A9%2Fbar"), "1 room=café/bar");
  EXPECT_EQ(find(router, "/rooms/a/pictures/b"), "2 room=a picture=b");
  EXPECT_EQ(find(router, "/rooms/new"), "3");
  EXPECT_EQ(find(router, "/rooms/new/members"), "4 id=new") << "a literal that leads nowhere is no end";
  EXPECT_EQ(find(router, "/rooms/"), "-");
  EXPECT_EQ(find(router, "/rooms/a%00b"), "-");
  EXPECT_EQ(find(router, "/rooms/%zz"), "-");
}

TEST(Router, Rest) {
  Router router;
  router.add("GET", "/files/*path", 1);
  router.add("GET", "/files/:name", 2);
  router.add("GET", "/files/index/x", 3);
  EXPECT_EQ(find(router, "/files/"), "1 path=");
  EXPECT_EQ(find(router, "/files/a"), "2 name=a");
  EXPECT_EQ(find(router, "/files/a/b%2Fc/"), "1 path=a/b/c/");
  EXPECT_EQ(find(router, "/files/index/y"), "1 path=index/y");
  EXPECT_EQ(find(router, "/files"), "-");
  EXPECT_EQ(find(router, "/files/a/%00"), "-");
}

TEST(Router, Methods) {
  Router router;
  router.add("GET", "/a", 1);
  router.add("POST", "/a", 2);
  router.add("PUT", "/:x", 3);
  router.add("HEAD", "/head", 4);
  router.add("GET", "/head", 5);
  EXPECT_EQ(find(router, "/a", "POST"), "2");
  EXPECT_EQ(find(router, "/a", "HEAD"), "1");
  EXPECT_EQ(find(router, "/head", "HEAD"), "4");
  EXPECT_EQ(find(router, "/a", "PUT"), "3 x=a");
  EXPECT_EQ(find(router, "/a", "DELETE"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(find(router, "/a", "OPTIONS"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(find(router, "/b", "GET"), "PUT, OPTIONS");
  EXPECT_EQ(find(router, "/head", "PATCH"), "HEAD, GET, OPTIONS");
}

TEST(Router, WhatCannotBeIsSaid) {
  Router router;
  router.add("GET", "/rooms/:room", 1);
  router.add("GET", "/files/*path", 2);
  const auto complaint = [&](std::string_view method, std::string_view pattern) -> std::string {
    try {
      router.add(method, pattern, 9);
    } catch (const std::system_error& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_NE(complaint("GET", "/rooms/:id").find("\"/rooms/:room\""), std::string::npos);
  EXPECT_NE(complaint("GET", "/files/*rest").find("answers already"), std::string::npos);
  EXPECT_NE(complaint("GET", "rooms").find("slash"), std::string::npos);
  EXPECT_NE(complaint("GET", "").find("slash"), std::string::npos);
  EXPECT_NE(complaint("GET", "/:").find("no name"), std::string::npos);
  EXPECT_NE(complaint("GET", "/:a-b").find("no name"), std::string::npos);
  EXPECT_NE(complaint("GET", "/*a/b").find("follows"), std::string::npos);
  EXPECT_NE(complaint("GET", "/:a/:a").find("two parts"), std::string::npos);
  EXPECT_NE(complaint("G T", "/x").find("no token"), std::string::npos);
  EXPECT_EQ(complaint("POST", "/rooms/:id"), "none");
}

TEST(Router, MayBeMoved) {
  Router router;
  router.add("GET", "/a", 1);
  const Router moved = std::move(router);
  EXPECT_EQ(find(moved, "/a"), "1");
}

}  // namespace
}  // namespace naru::http
