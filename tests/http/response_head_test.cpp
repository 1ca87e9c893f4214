#include "http/response_head.hpp"

#include <gtest/gtest.h>

namespace naru::http {
namespace {

TEST(ResponseHead, Wire) {
  ResponseHead head{404};
  EXPECT_TRUE(head.add("Content-Type", "text/plain"));
  EXPECT_TRUE(head.add("Set-Cookie", "a=b"));
  EXPECT_TRUE(head.add("Set-Cookie", " c=d "));
  HeadContext context{.framing = Framing::length, .length = 18446744073709551615U, .date = "now"};
  EXPECT_EQ(to_wire(head, context),
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n"
            "Date: now\r\nContent-Length: 18446744073709551615\r\n\r\n");
}

TEST(ResponseHead, Connection) {
  const ResponseHead head;
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  EXPECT_EQ(to_wire(head, {.keep_alive = false}), ok + "Connection: close\r\n\r\n");
  EXPECT_EQ(to_wire(head, {.minor_version = 0}), ok + "Connection: keep-alive\r\n\r\n");
  EXPECT_EQ(to_wire(head, {.framing = Framing::chunked}), ok + "Transfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(to_wire(head, {.framing = Framing::until_close, .keep_alive = false}),
            ok + "Connection: close\r\n\r\n");
}

TEST(ResponseHead, WhatWouldBreakTheHeadIsLeftOut) {
  ResponseHead head;
  using namespace std::string_literals;
  EXPECT_FALSE(head.add("Location", "/\r\nSet-Cookie: a=b"));
  EXPECT_FALSE(head.add("Location", "/\na"));
  EXPECT_FALSE(head.add("Location", "/\0a"s));
  EXPECT_FALSE(head.add("Location: a", "b"));
  EXPECT_FALSE(head.add("Location\r\nA", "b"));
  EXPECT_FALSE(head.add("", "b"));
  EXPECT_TRUE(head.fields.empty());
  EXPECT_TRUE(head.add("X", "caf\xc3\xa9\tb"));
}

TEST(ResponseHead, FramingIsNotTheUsersToSay) {
  ResponseHead head;
  EXPECT_FALSE(head.add("content-length", "5"));
  EXPECT_FALSE(head.add("Transfer-Encoding", "chunked"));
  EXPECT_TRUE(head.add("Connection", "Close"));
  EXPECT_TRUE(head.fields.empty());
  EXPECT_TRUE(head.closes);
}

TEST(ResponseHead, Phrases) {
  EXPECT_EQ(reason_phrase(100), "Continue");
  EXPECT_EQ(reason_phrase(505), "HTTP Version Not Supported");
  EXPECT_EQ(reason_phrase(299), "Unknown");
  EXPECT_EQ(reason_phrase(999), "Unknown");
}

}  // namespace
}  // namespace naru::http
