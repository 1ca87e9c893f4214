#include "naru/client/publication.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace apps {
namespace {

TEST(PublicationTest, WhatATextIsMeantAs) {
  EXPECT_EQ(guessed_type(R"({"a":1})"), "application/json");
  EXPECT_EQ(guessed_type("42"), "application/json");
  EXPECT_EQ(guessed_type("hello"), "text/plain");
  EXPECT_EQ(guessed_type(""), "text/plain");
  EXPECT_EQ(guessed_type("나루"), "text/plain");
  EXPECT_EQ(guessed_type("\xFF\xFE"), "application/octet-stream");
}

TEST(PublicationTest, ObjectsAreOneLine) {
  Publication publication{.body = "{\"a\":\n1}", .type = "application/json"};
  EXPECT_EQ(publish_object(publication), R"({"data":{"a": 1}})");
  publication = {.body = "say \"hi\"\n", .type = "text/plain"};
  EXPECT_EQ(publish_object(publication), R"({"text":"say \"hi\"\n"})");
  publication.type = "text/html";
  EXPECT_EQ(publish_object(publication), R"({"text":"say \"hi\"\n","type":"text/html"})");
  publication = {.body = "\xFF", .type = "image/png"};
  EXPECT_EQ(publish_object(publication), R"({"base64":"/w==","type":"image/png"})");
  publication = {.body = "1",
                 .type = "application/json",
                 .event = "goal",
                 .key = "match-7",
                 .idempotency_key = "k\"1",
                 .headers = {{"a", "b"}}};
  EXPECT_EQ(publish_object(publication),
            R"({"data":1,"event":"goal","key":"match-7","idempotency_key":"k\"1","headers":{"a":"b"}})");
}

TEST(PublicationTest, FieldsOfAPost) {
  const Publication publication{.body = "1",
                                .type = "application/json",
                                .event = "goal",
                                .key = "m",
                                .idempotency_key = "i",
                                .headers = {{"a", "b"}}};
  EXPECT_EQ(publish_fields(publication),
            (std::vector<std::string>{"Content-Type: application/json", "Naru-Event: goal", "Naru-Key: m",
                                      "Idempotency-Key: i", "Naru-Header-a: b"}));
}

TEST(PublicationTest, KeysDiffer) {
  EXPECT_NE(new_idempotency_key(), new_idempotency_key());
}

}  // namespace
}  // namespace apps
