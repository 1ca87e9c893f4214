#include "naru/raw_json.hpp"

#include <gtest/gtest.h>

#include "naru/codec.hpp"

namespace naru {
namespace {

TEST(RawJson, ParseChecksAndTrims) {
  EXPECT_EQ(RawJson::parse(" [1, 2] ")->text, "[1, 2]");
  EXPECT_EQ(RawJson::parse("\"\\ud800\"")->text, "\"\\ud800\"");
  EXPECT_FALSE(RawJson::parse(""));
  EXPECT_FALSE(RawJson::parse("1,2"));
  EXPECT_FALSE(RawJson::parse("{\"a\"}"));
}

TEST(RawJson, ParseRefusesWhatIsTooDeepForAnArgument) {
  auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(RawJson::parse(nested(63)));
  EXPECT_FALSE(RawJson::parse(nested(64)));
}

TEST(RawJsonView, OwnKeepsOnlyWhatItUses) {
  std::vector<Bytes> parts = {Bytes::copy("a"), Bytes::copy("b"), Bytes::copy("c")};
  RawJson own = RawJsonView{R"([{"_placeholder":true,"num":2}])", parts}.own();
  EXPECT_EQ(own.text, R"([{"_placeholder":true,"num":0}])");
  ASSERT_EQ(own.attachments.size(), 1U);
  EXPECT_EQ(own.attachments[0].view(), "c");
  EXPECT_TRUE((RawJsonView{"1", parts}.own().attachments.empty()));
}

}  // namespace
}  // namespace naru
