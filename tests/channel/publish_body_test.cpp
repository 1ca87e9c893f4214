#include "channel/publish_body.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace naru::channel {
namespace {

struct Body {
  std::string content_type;
  std::string body;
  Kind kind;
  std::string type;
};

TEST(PublishBody, IsKeptAsItsContentTypeSays) {
  const std::vector<Body> table = {
      {"application/json", " {\"a\":1}\n", Kind::json, ""},
      {"Application/JSON; charset=utf-8", "1", Kind::json, ""},
      {"text/plain", "", Kind::text, ""},
      {"text/plain ;charset=utf-8", "\xC3\xA4", Kind::text, ""},
      {"text/html; charset=utf-8", "<p>", Kind::text, "text/html; charset=utf-8"},
      {"application/x-www-form-urlencoded", "a=1&b=2", Kind::text, "application/x-www-form-urlencoded"},
      {"", "\xFF", Kind::binary, "application/octet-stream"},
      {"application/octet-stream", "", Kind::binary, "application/octet-stream"},
      {"image/png", "\x89PNG", Kind::binary, "image/png"},
      {"application/ld+json", "{", Kind::binary, "application/ld+json"},
  };
  for (const Body& row : table) {
    Message message;
    message.type = "from/before";
    EXPECT_EQ(set_body(message, row.content_type, base::Frame::copy(row.body)), std::nullopt)
        << row.content_type;
    EXPECT_EQ(message.kind, row.kind) << row.content_type;
    EXPECT_EQ(message.type, row.type) << row.content_type;
    EXPECT_EQ(message.data.view(), row.body);
  }
}

TEST(PublishBody, SaysWhatIsWrong) {
  Message message;
  EXPECT_TRUE(set_body(message, "application/json", {})->starts_with("the body is not JSON: "));
  EXPECT_TRUE(
      set_body(message, "application/json", base::Frame::of_static("{\"a\":}"))->starts_with("the body is "));
  EXPECT_EQ(set_body(message, "text/plain", base::Frame::of_static("\xFF")),
            "the body is not UTF-8, as its Content-Type says");
  EXPECT_EQ(set_body(message, "nonsense", {}), "a media type looks like image/png");
  EXPECT_EQ(set_body(message, "a/" + std::string(kMaxTypeSize - 1, 'b'), {}),
            "the media type is longer than 128 bytes");
}

TEST(PublishBody, IsNotCopied) {
  const base::Frame body = base::Frame::copy("large");
  Message message;
  EXPECT_EQ(set_body(message, "", body), std::nullopt);
  EXPECT_EQ(message.data.data(), body.data());
}

}  // namespace
}  // namespace naru::channel
