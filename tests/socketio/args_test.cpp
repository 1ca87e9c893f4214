#include "naru/args.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace naru {
namespace {

template <class... Arguments>
std::pair<std::string, std::vector<Bytes>> encoded(const Arguments&... arguments) {
  std::pair<std::string, std::vector<Bytes>> result;
  ArgumentWriter writer(result.first, result.second);
  encode_arguments(writer, arguments...);
  return result;
}

TEST(Args, OutlivesWhatItWasMadeOf) {
  std::optional<Args> copy;
  {
    std::string text = R"(["a", 2 ,{"b":3}])";
    auto args = Args::parse(text);
    ASSERT_TRUE(args);
    text.assign(text.size(), 'x');
    copy = *args;
  }
  EXPECT_EQ(copy->size(), 3U);
  EXPECT_EQ(copy->get<std::string>(0), "a");
  EXPECT_EQ(copy->get<int>(1), 2);
  EXPECT_EQ((*copy)[2].get<int>("b"), 3);
  EXPECT_EQ(copy->raw(2).text, R"({"b":3})");
  EXPECT_FALSE(copy->get<int>(0));
  EXPECT_FALSE(copy->get<int>(3));
  EXPECT_TRUE((*copy)[3].is_null());
  EXPECT_FALSE(copy->get<std::optional<int>>(3)) << "there is none, which is not the same as null";
}

TEST(Args, ParseTakesArraysOnly) {
  EXPECT_FALSE(Args::parse("{}"));
  EXPECT_FALSE(Args::parse("[1"));
  EXPECT_FALSE(Args::parse(""));
  EXPECT_EQ(Args::parse("[]")->size(), 0U);
}

TEST(Args, SpreadsWhenEmitted) {
  auto args = Args::parse(R"([1,"two",{"_placeholder":true,"num":0}])", {Bytes::copy("part")});
  auto [text, parts] = encoded("first", *args, 9);
  EXPECT_EQ(text, R"("first",1,"two",{"_placeholder":true,"num":0},9)");
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].view(), "part");
  EXPECT_EQ(encoded(args->view().rest(1)).first, R"("two",{"_placeholder":true,"num":0})");
  EXPECT_EQ(encoded("a", Args(), "b").first, R"("a","b")");
}

TEST(Args, IsAnArrayInsideOfAValue) {
  std::vector<Args> list = {*Args::parse("[1,2]"), Args()};
  EXPECT_EQ(encoded(list).first, "[[1,2],[]]");
}

TEST(Args, RestIsClamped) {
  auto args = Args::parse("[1,2]");
  EXPECT_EQ(args->view().rest(1).size(), 1U);
  EXPECT_EQ(args->view().rest(2).size(), 0U);
  EXPECT_EQ(args->view().rest(9).size(), 0U);
}

TEST(Args, CountsItsMemory) {
  auto args = Args::parse(R"(["abc"])", {Bytes::copy("12345678")});
  EXPECT_GE(args->memory(), 5U + 8U);
}

}  // namespace
}  // namespace naru
