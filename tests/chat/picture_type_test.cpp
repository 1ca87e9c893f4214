#include "chat/picture_type.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace chat {
namespace {

using namespace std::literals;

std::string media_of(std::string_view head) {
  const auto type = picture_type_of(head);
  return type ? std::string(type->media) : "";
}

TEST(PictureType, IsToldByTheFirstBytes) {
  EXPECT_EQ(media_of("GIF87a..."), "image/gif");
  EXPECT_EQ(media_of("GIF89a"), "image/gif");
  EXPECT_EQ(media_of("\x89PNG\r\n\x1a\n...."sv), "image/png");
  EXPECT_EQ(media_of("\xff\xd8\xff\xe0"sv), "image/jpeg");
  EXPECT_EQ(media_of("RIFF\x10\0\0\0WEBPVP8 "sv), "image/webp");
}

TEST(PictureType, NeedsTheWholeMark) {
  const std::vector<std::string_view> whole = {"GIF89a", "\x89PNG\r\n\x1a\n"sv, "\xff\xd8\xff"sv,
                                               "RIFF\0\0\0\0WEBP"sv};
  for (std::string_view mark : whole) {
    EXPECT_TRUE(picture_type_of(mark));
    for (std::size_t size = 0; size < mark.size(); ++size)
      EXPECT_FALSE(picture_type_of(mark.substr(0, size)));
  }
}

TEST(PictureType, IsNothingElse) {
  for (std::string_view other : {"GIF88a"sv, "<svg xmlns="sv, "RIFF\0\0\0\0WAVE"sv, "BM......"sv,
                                 "%PDF-1.7"sv, " GIF89a"sv, "\x89PNG\n\n\x1a\n"sv}) {
    EXPECT_FALSE(picture_type_of(other)) << other;
  }
}

TEST(PictureType, IsReadBackFromOurNames) {
  EXPECT_EQ(picture_type_by_name("abc.webp")->media, "image/webp");
  EXPECT_EQ(picture_type_by_name("abc.jpg")->media, "image/jpeg");
  EXPECT_FALSE(picture_type_by_name("abc.svg"));
  EXPECT_FALSE(picture_type_by_name("gif"));
}

}  // namespace
}  // namespace chat
