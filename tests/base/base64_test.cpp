#include "base/base64.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/ids.hpp"

namespace naru::base {
namespace {

std::string encoded(std::string_view bytes, Base64 alphabet = Base64::standard) {
  std::string out;
  append_base64(out, bytes, alphabet);
  return out;
}

// RFC 4648 section 10.
TEST(Base64, EncodesTheVectorsOfTheRfc) {
  const std::pair<const char*, const char*> kVectors[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : kVectors) {
    EXPECT_EQ(encoded(bytes), text);
    std::string out = "before ";
    EXPECT_TRUE(decode_base64(text, out)) << text;
    EXPECT_EQ(out, std::string("before ") + bytes);
  }
}

TEST(Base64, TheUrlAlphabetHasNoPadding) {
  EXPECT_EQ(encoded("\xFB\xFF\xFE", Base64::standard), "+//+");
  EXPECT_EQ(encoded("\xFB\xFF\xFE", Base64::url), "-__-");
  EXPECT_EQ(encoded("f", Base64::url), "Zg");
  EXPECT_EQ(encoded("fo", Base64::url), "Zm8");
}

TEST(Base64, RefusesWhatIsNotStrict) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "Zm8", "=", "==", "====", "Zh==", "Zm9=", "Zm9v\n",
                           " Zm9v", "Zm-v", "Zm_v", "Z=g=", "Zg==Zg==", "Zm9v====", "Zm\xC3\xA9"}) {
    std::string out = "kept";
    EXPECT_FALSE(decode_base64(text, out)) << text;
    EXPECT_EQ(out, "kept");
  }
  for (const char* text : {"Z", "Zg==", "Zh", "Zm9", "Zm+v", "Zm/v", "Zm9vY"}) {
    std::string out;
    EXPECT_FALSE(decode_base64(text, out, Base64::url)) << text;
  }
}

TEST(Base64, UnpaddedTakesBothForms) {
  for (const char* text : {"Zm8=", "Zm8"}) {
    std::string out;
    EXPECT_TRUE(decode_base64_unpadded(text, out)) << text;
    EXPECT_EQ(out, "fo");
  }
  std::string out;
  EXPECT_FALSE(decode_base64_unpadded("Zm8==", out));
  EXPECT_FALSE(decode_base64_unpadded("Z", out));
}

TEST(Base64, ComesBackForEverySizeAndByte) {
  std::string bytes;
  for (int size = 0; size < 300; ++size) {
    for (const Base64 alphabet : {Base64::standard, Base64::url}) {
      const std::string text = encoded(bytes, alphabet);
      ASSERT_EQ(text.size(), base64_size(bytes.size(), alphabet));
      FrameBuilder builder;
      append_base64(builder, bytes, alphabet);
      ASSERT_EQ(builder.view(), text);
      std::string out;
      ASSERT_TRUE(decode_base64(text, out, alphabet));
      ASSERT_EQ(out, bytes);
    }
    bytes += static_cast<char>(size * 37);
  }
}

}  // namespace
}  // namespace naru::base
