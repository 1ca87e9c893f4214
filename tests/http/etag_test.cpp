#include "http/etag.hpp"

#include <gtest/gtest.h>

#include <string>

#include "http/head_parser.hpp"

namespace naru::http {
namespace {

TEST(EntityTag, Form) {
  for (const char* tag : {"\"\"", "\"a\"", "W/\"a\"", "\"a\\b,c\""})
    EXPECT_TRUE(is_entity_tag(tag)) << tag;
  for (const char* tag : {"", "a", "\"", "\"a", "w/\"a\"", "\"a\"b\"", "\"a b\"", "W/"})
    EXPECT_FALSE(is_entity_tag(tag)) << tag;
}

TEST(EntityTag, Comparison) {
  EXPECT_TRUE(equal_strongly("\"a\"", "\"a\""));
  EXPECT_FALSE(equal_strongly("W/\"a\"", "W/\"a\""));
  EXPECT_FALSE(equal_strongly("W/\"a\"", "\"a\""));
  EXPECT_TRUE(equal_weakly("W/\"a\"", "\"a\""));
  EXPECT_TRUE(equal_weakly("W/\"a\"", "W/\"a\""));
  EXPECT_FALSE(equal_weakly("\"a\"", "\"b\""));
  EXPECT_FALSE(equal_weakly("a", "a"));
}

TEST(EntityTag, Lists) {
  EXPECT_TRUE(tag_list_names("\"a\"", "\"a\""));
  EXPECT_TRUE(tag_list_names(" \"x\", W/\"a\" ,\"b\"", "\"a\""));
  EXPECT_TRUE(tag_list_names(" \"x\",,\t\"a\"", "\"a\""));
  EXPECT_TRUE(tag_list_names("*", "\"a\""));
  EXPECT_TRUE(tag_list_names("\"x,y\", \"a\"", "\"a\"")) << "a comma inside";
  EXPECT_FALSE(tag_list_names("\"a", "\"a\""));
  EXPECT_FALSE(tag_list_names("a", "\"a\""));
  EXPECT_FALSE(tag_list_names("\"x\" \"a\"", "\"a\""));
  EXPECT_FALSE(tag_list_names("", "\"a\""));
  EXPECT_FALSE(tag_list_names("\"x\"\"a\"", "\"a\""));
}

TEST(EntityTag, OnlyGetAndHeadAreNotModified) {
  for (const auto& [method, expected] : {std::pair{"GET", true}, {"HEAD", true}, {"POST", false}}) {
    const auto head = parse_request_head(std::string(method) +
                                         " / HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"x\"\r\n"
                                         "If-None-Match: W/\"a\"\r\n\r\n");
    ASSERT_TRUE(head);
    EXPECT_EQ(is_not_modified(*head, "\"a\""), expected) << method;
    EXPECT_FALSE(is_not_modified(*head, "\"b\""));
  }
}

}  // namespace
}  // namespace naru::http
