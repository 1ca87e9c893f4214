#include "http/content_type.hpp"

#include <gtest/gtest.h>

namespace naru::http {
namespace {

TEST(ContentType, ByExtension) {
  EXPECT_EQ(content_type_of("index.html"), "text/html; charset=utf-8");
  EXPECT_EQ(content_type_of("/a.b/c.JS"), "text/javascript; charset=utf-8");
  EXPECT_EQ(content_type_of("x.min.css"), "text/css; charset=utf-8");
  EXPECT_EQ(content_type_of("a.gif"), "image/gif");
  for (const char* path : {"", "html", "a.html/b", "a.", "a.unknown", "."})
    EXPECT_EQ(content_type_of(path), "application/octet-stream") << path;
}

TEST(ContentType, WithoutParameters) {
  EXPECT_EQ(media_type(" text/html ; charset=utf-8"), "text/html");
  EXPECT_TRUE(is_media_type("Application/JSON;x", "application/json"));
  EXPECT_FALSE(is_media_type("application/jsonx", "application/json"));
}

}  // namespace
}  // namespace naru::http
