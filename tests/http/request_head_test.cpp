#include "http/request_head.hpp"

#include <gtest/gtest.h>

#include <string>

#include "http/head_parser.hpp"

namespace naru::http {
namespace {

RequestHead parse(const std::string& text) {
  auto head = parse_request_head(text);
  EXPECT_TRUE(head) << text;
  return head.value_or(RequestHead());
}
RequestHead with(const std::string& fields, const std::string& line = "GET / HTTP/1.1") {
  return parse(line + "\r\nHost: a\r\n" + fields + "\r\n");
}

TEST(RequestHead, GivesItsParts) {
  const RequestHead head = parse(
      "POST /a%20b/c?x=1?y HTTP/1.1\r\nHost: naru.example:8005\r\nX-Twice:  one \r\nx-twice: "
      "two\r\nEmpty:\r\n\r\n");
  EXPECT_EQ(head.method(), "POST");
  EXPECT_EQ(head.target(), "/a%20b/c?x=1?y");
  EXPECT_EQ(head.path(), "/a%20b/c");
  EXPECT_EQ(head.query(), "x=1?y");
  EXPECT_EQ(head.host(), "naru.example:8005");
  EXPECT_EQ(head.minor_version(), 1);
  EXPECT_EQ(head.find("X-TWICE"), "one");
  EXPECT_EQ(head.count("x-Twice"), 2U);
  EXPECT_EQ(head.find("empty"), "");
  EXPECT_EQ(head.find("none"), std::nullopt);
  std::string names;
  for (const Field field : head.fields())
    names += std::string(field.name) + "=" + std::string(field.value) + ";";
  EXPECT_EQ(names, "Host=naru.example:8005;X-Twice=one;x-twice=two;Empty=;");
}

TEST(RequestHead, AWholeUrlIsReducedToItsPath) {
  const RequestHead head = with("", "GET HTTP://b:80/c/d?e HTTP/1.1");
  EXPECT_EQ(head.path(), "/c/d");
  EXPECT_EQ(head.query(), "e");
  EXPECT_EQ(head.host(), "b:80") << "RFC 9112 3.2.2: not the Host field";
  EXPECT_EQ(with("", "GET http://b HTTP/1.1").path(), "/");
  EXPECT_EQ(with("", "GET http://b?e HTTP/1.1").path(), "/");
  EXPECT_EQ(with("", "GET http://b?e HTTP/1.1").query(), "e");
  EXPECT_EQ(with("", "OPTIONS * HTTP/1.1").path(), "*");
  EXPECT_EQ(with("", "GET /? HTTP/1.1").query(), "");
}

TEST(RequestHead, SurvivesMovesAndCopies) {
  RequestHead head = with("Name: value\r\n", "GET /short HTTP/1.1");
  const RequestHead copy = head;
  const RequestHead moved = std::move(head);
  for (const RequestHead* each : {&copy, &moved}) {
    EXPECT_EQ(each->path(), "/short");
    EXPECT_EQ(each->find("name"), "value");
  }
  EXPECT_EQ(head.method(), "");  // NOLINT: what a moved-from head says is part of its promise
  EXPECT_EQ(head.path(), "");    // NOLINT
  EXPECT_EQ(head.find("name"), std::nullopt);
}

TEST(RequestHead, KeepAlive) {
  EXPECT_TRUE(with("").keep_alive());
  EXPECT_FALSE(with("Connection: close\r\n").keep_alive());
  EXPECT_FALSE(with("Connection: x\r\nConnection: y, CLOSE\r\n").keep_alive());
  EXPECT_TRUE(with("Connection: closed\r\n").keep_alive());
  EXPECT_FALSE(with("", "GET / HTTP/1.0").keep_alive());
  EXPECT_TRUE(with("Connection: Keep-Alive\r\n", "GET / HTTP/1.0").keep_alive());
  EXPECT_FALSE(with("Connection: keep-alive, close\r\n", "GET / HTTP/1.0").keep_alive());
  EXPECT_TRUE(with("", "GET / HTTP/1.7").keep_alive());
}

TEST(RequestHead, Bodies) {
  EXPECT_EQ(with("").body(), BodyKind::none);
  EXPECT_EQ(with("Content-Length: 0\r\n").body(), BodyKind::none);
  const RequestHead length = with("Content-Length: 9223372036854775807\r\n");
  EXPECT_EQ(length.body(), BodyKind::length);
  EXPECT_EQ(length.content_length(), 9223372036854775807U);
  EXPECT_EQ(with("Content-Length: 007\r\n").content_length(), 7U);
  EXPECT_EQ(with("transfer-encoding: CHUNKED\r\n").body(), BodyKind::chunked);
}

TEST(RequestHead, ExpectsContinueOnlyWithABody) {
  EXPECT_TRUE(with("Expect: 100-Continue\r\nContent-Length: 1\r\n").expects_continue());
  EXPECT_FALSE(with("Expect: 100-continue\r\n").expects_continue());
  EXPECT_FALSE(with("Expect: 100-continue\r\nContent-Length: 1\r\n", "POST / HTTP/1.0").expects_continue());
}

TEST(RequestHead, WantsUpgrade) {
  const auto wants = [](const std::string& fields, const std::string& line = "GET / HTTP/1.1") {
    return with(fields, line).wants_upgrade("websocket");
  };
  EXPECT_TRUE(wants("Upgrade: WebSocket\r\nConnection: Upgrade\r\n"));
  EXPECT_TRUE(wants("Upgrade: h2c, websocket\r\nConnection: keep-alive\r\nConnection: x, upgrade\r\n"));
  EXPECT_FALSE(wants("Upgrade: websocket\r\n"));
  EXPECT_FALSE(wants("Connection: upgrade\r\n"));
  EXPECT_FALSE(wants("Upgrade: h2c\r\nConnection: upgrade\r\n"));
  EXPECT_FALSE(wants("Upgrade: websocket\r\nConnection: upgrade\r\n", "GET / HTTP/1.0"));
  EXPECT_FALSE(wants("Upgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 4\r\n"));
}

}  // namespace
}  // namespace naru::http
