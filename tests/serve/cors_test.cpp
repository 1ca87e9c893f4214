#include "serve/cors.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "http/head_parser.hpp"

namespace naru::serve {
namespace {

CorsSettings allowing(std::vector<std::string> origins, bool credentials = false) {
  CorsSettings cors;
  cors.origins.list = auth::OriginList(std::move(origins));
  cors.is_on = true;
  cors.credentials = credentials;
  return cors;
}

std::string fields_of(const CorsSettings& cors, std::string_view origin) {
  http::FieldList fields;
  add_cors(fields, cors, origin);
  return std::string(fields.wire());
}

http::RequestHead preflight(std::string_view fields) {
  return http::parse_request_head("OPTIONS / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n").value();
}

TEST(Cors, NothingUnlessItIsOn) {
  EXPECT_EQ(fields_of(CorsSettings(), "http://a.example"), "");
}

TEST(Cors, EverybodyByAStar) {
  EXPECT_EQ(fields_of(allowing({"*"}), "http://a.example"), "Access-Control-Allow-Origin: *\r\n");
  EXPECT_EQ(fields_of(allowing({"*"}), ""), "Access-Control-Allow-Origin: *\r\n");
}

// Browsers take no "*" where cookies may go along.
TEST(Cors, WithCredentialsEverybodyByName) {
  EXPECT_EQ(fields_of(allowing({"*"}, true), "http://a.example"),
            "Access-Control-Allow-Origin: http://a.example\r\nVary: Origin\r\n"
            "Access-Control-Allow-Credentials: true\r\n");
}

TEST(Cors, ASingleOriginIsNamedWhoeverAsks) {
  const std::string named = "Access-Control-Allow-Origin: http://a.example\r\nVary: Origin\r\n";
  for (const std::string_view origin : {"http://a.example", "http://evil.test", ""})
    EXPECT_EQ(fields_of(allowing({"http://a.example"}), origin), named) << origin;
}

TEST(Cors, OfSeveralTheOneThatAsks) {
  const CorsSettings cors = allowing({"http://a.example", "http://*.b.example"});
  EXPECT_EQ(fields_of(cors, "http://x.b.example"),
            "Access-Control-Allow-Origin: http://x.b.example\r\nVary: Origin\r\n");
  EXPECT_EQ(fields_of(cors, "http://evil.test"), "Vary: Origin\r\n");
  EXPECT_EQ(fields_of(cors, ""), "Vary: Origin\r\n");
}

TEST(Cors, APatternIsNoSingleOrigin) {
  CorsSettings cors = allowing({"http://a.example"});
  cors.origins.list.add({Pattern("^http://[a-z]+\\.c\\.example$")});
  EXPECT_EQ(fields_of(cors, "http://x.c.example"),
            "Access-Control-Allow-Origin: http://x.c.example\r\nVary: Origin\r\n");
  EXPECT_EQ(fields_of(cors, "http://x.c.example.evil.test"), "Vary: Origin\r\n");
}

TEST(Cors, ExposedHeaders) {
  CorsSettings cors = allowing({"*"});
  cors.exposed_headers = "x-one,x-two";
  EXPECT_EQ(fields_of(cors, ""),
            "Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: x-one,x-two\r\n");
}

TEST(Preflight, AsksForHeadersAndGetsThem) {
  CorsSettings cors = allowing({"*"});
  cors.methods = "GET,POST";
  http::FieldList fields;
  add_preflight(fields, cors, preflight("Access-Control-Request-Headers: x-one, x-two\r\n"));
  EXPECT_EQ(fields.wire(),
            "Access-Control-Allow-Methods: GET,POST\r\nVary: Access-Control-Request-Headers\r\n"
            "Access-Control-Allow-Headers: x-one, x-two\r\n");
}

TEST(Preflight, OrGetsThoseOfTheOption) {
  CorsSettings cors = allowing({"*"});
  cors.methods = "GET";
  cors.allowed_headers = "x-three";
  cors.max_age = "60";
  http::FieldList fields;
  add_preflight(fields, cors, preflight("Access-Control-Request-Headers: x-one\r\n"));
  EXPECT_EQ(fields.wire(),
            "Access-Control-Allow-Methods: GET\r\nAccess-Control-Allow-Headers: x-three\r\n"
            "Access-Control-Max-Age: 60\r\n");
}

}  // namespace
}  // namespace naru::serve
