#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "naru/argument.hpp"
#include "naru/codec.hpp"

namespace naru {
namespace {

class ArgumentWriterTest : public testing::Test {
 protected:
  std::string text_;
  std::vector<Bytes> attachments_;
  ArgumentWriter out_{text_, attachments_};
};

TEST_F(ArgumentWriterTest, PutsCommasWhereTheyBelong) {
  out_.begin_array();
  out_.end_array();
  out_.string("[");
  out_.begin_object();
  out_.key("a:");
  out_.begin_array();
  out_.null();
  out_.boolean(true);
  out_.end_array();
  out_.member("b", 1);
  out_.end_object();
  out_.boolean(false);
  EXPECT_EQ(text_, R"([],"[",{"a:":[null,true],"b":1},false)");
}

TEST_F(ArgumentWriterTest, GoesOnAfterWhatStandsThere) {
  text_ = "[\"name\"";
  out_.number(std::int64_t{-1});
  EXPECT_EQ(text_, "[\"name\",-1");
}

TEST_F(ArgumentWriterTest, WritesNumbersAsJavaScriptReadsThem) {
  out_.number(std::numeric_limits<std::int64_t>::min());
  out_.number(std::numeric_limits<std::uint64_t>::max());
  out_.number(0.1);
  out_.number(0.1F);
  out_.number(2.0);
  out_.number(std::nan(""));
  out_.number(-std::numeric_limits<double>::infinity());
  out_.number(std::numeric_limits<float>::infinity());
  EXPECT_EQ(text_, "-9223372036854775808,18446744073709551615,0.1,0.1,2,null,null,null");
}

TEST_F(ArgumentWriterTest, TextIsAlwaysValid) {
  out_.string("a\"\\\n\xFF");
  EXPECT_EQ(text_, "\"a\\\"\\\\\\n\xEF\xBF\xBD\"");
}

TEST_F(ArgumentWriterTest, NumbersPlaceholdersInOrder) {
  Bytes same = Bytes::copy("same");
  out_.bytes(same);
  out_.bytes(Bytes::copy("other"));
  out_.bytes(same);
  EXPECT_EQ(text_,
            R"({"_placeholder":true,"num":0},{"_placeholder":true,"num":1},{"_placeholder":true,"num":0})");
  ASSERT_EQ(attachments_.size(), 2U) << "the same bytes go once";
  EXPECT_EQ(attachments_[1].view(), "other");
}

TEST_F(ArgumentWriterTest, RawPassesUntouched) {
  out_.raw({R"( {"a" : [1.0, "\n"]} )"});
  out_.raw({});
  EXPECT_EQ(text_, R"( {"a" : [1.0, "\n"]} ,null)");
}

TEST_F(ArgumentWriterTest, RawRenumbersItsPlaceholders) {
  std::vector<Bytes> parts = {Bytes::copy("zero"), Bytes::copy("one"), Bytes::copy("unused")};
  out_.bytes(Bytes::copy("mine"));
  out_.raw(
      {R"({"a":{"_placeholder":true,"num":1},"b":[{"num":0,"_placeholder":true}],"c":"\u00e9"})", parts});
  EXPECT_EQ(text_, R"({"_placeholder":true,"num":0},{"a":{"_placeholder":true,"num":1},)"
                   R"("b":[{"_placeholder":true,"num":2}],"c":"\u00e9"})");
  ASSERT_EQ(attachments_.size(), 3U);
  EXPECT_EQ(attachments_[1].view(), "one");
  EXPECT_EQ(attachments_[2].view(), "zero");
}

// A peer could otherwise claim another sender's attachment, or send others a number that closes their
// connection.
TEST_F(ArgumentWriterTest, FalsePlaceholdersBecomeNull) {
  out_.raw({R"([{"_placeholder":true,"num":0},1])"});
  out_.raw({R"({"\u005fplaceholder":true,"num":99})"});
  std::vector<Bytes> parts = {Bytes::copy("real")};
  out_.raw({R"([{"_placeholder":true,"num":1},{"_placeholder":true}])", parts});
  EXPECT_EQ(text_, "[null,1],null,[null,null]");
  EXPECT_TRUE(attachments_.empty());
}

TEST_F(ArgumentWriterTest, LooksLikeAPlaceholderButIsNone) {
  std::string text = R"(["_placeholder",{"_placeholder":1},"\u0041"])";
  out_.raw({text});
  EXPECT_EQ(text_, text);
}

TEST_F(ArgumentWriterTest, RepeatedPlaceholdersDoNotMultiplyTheAttachment) {
  std::vector<Bytes> parts = {Bytes::copy(std::string(1000, 'x'))};
  for (int i = 0; i < 100; ++i)
    out_.raw({R"({"_placeholder":true,"num":0})", parts});
  EXPECT_EQ(attachments_.size(), 1U);
}

TEST_F(ArgumentWriterTest, RawOfManyElementsIsOneValue) {
  std::string many = "[\"_placeholder\"";
  for (int i = 0; i < 20'000; ++i)
    many += ",1";
  many += "]";
  out_.raw({many});
  EXPECT_EQ(text_, many);
}

}  // namespace
}  // namespace naru
