#include "naru/argument.hpp"

#include <gtest/gtest.h>

#include "naru/codec.hpp"

namespace naru {
namespace {

TEST(Argument, KnowsItsType) {
  EXPECT_EQ(Argument().type(), JsonType::null);
  EXPECT_EQ(Argument("null").type(), JsonType::null);
  EXPECT_EQ(Argument("false").type(), JsonType::boolean);
  EXPECT_EQ(Argument("-1").type(), JsonType::number);
  EXPECT_EQ(Argument("\"\"").type(), JsonType::string);
  EXPECT_EQ(Argument("[]").type(), JsonType::array);
  EXPECT_EQ(Argument("{}").type(), JsonType::object);
}

TEST(Argument, FindsMembers) {
  Argument object(R"({"a":1,"b":{"c":"deep"},"a":2})");
  EXPECT_EQ(object.get<int>("a"), 2) << "the last of equal names, as in JavaScript";
  EXPECT_EQ(object.find("b")->get<std::string>("c"), "deep");
  EXPECT_FALSE(object.find("c"));
  EXPECT_FALSE(object.get<std::string>("a"));
  EXPECT_FALSE(Argument("[1]").find("0"));
}

TEST(Argument, MembersMayBeMissingWhenOptional) {
  Argument object(R"({"a":1})");
  int number = 0;
  std::optional<int> perhaps = 5;
  EXPECT_TRUE(object.member("a", number));
  EXPECT_EQ(number, 1);
  EXPECT_FALSE(object.member("b", number));
  EXPECT_TRUE(object.member("b", perhaps));
  EXPECT_FALSE(perhaps);
}

TEST(Argument, WalksElementsAndMembers) {
  std::string seen;
  EXPECT_TRUE(Argument(R"([1,[2,3],"x"])").for_each_element([&](const Argument& element) {
    seen += std::string(element.text()) + ";";
    return true;
  }));
  EXPECT_EQ(seen, "1;[2,3];\"x\";");
  seen.clear();
  EXPECT_TRUE(
      Argument(R"({"a":1,"\u0062":{}})").for_each_member([&](std::string name, const Argument& value) {
        seen += name + "=" + std::string(value.text()) + ";";
        return true;
      }));
  EXPECT_EQ(seen, "a=1;b={};");
  int visits = 0;
  EXPECT_FALSE(Argument("[1,2,3]").for_each_element([&](const Argument&) { return ++visits < 2; }));
  EXPECT_EQ(visits, 2);
  auto never = [](auto&&...) { return ADD_FAILURE(), true; };
  EXPECT_FALSE(Argument("{}").for_each_element(never));
  EXPECT_FALSE(Argument("[]").for_each_member(never));
}

TEST(Argument, BytesAreWhatThePlaceholderNames) {
  std::vector<Bytes> parts = {Bytes::copy("zero"), Bytes::copy("one")};
  auto bytes = [&](std::string_view text) {
    auto found = Argument(text, parts).bytes();
    return found ? std::string(found->view()) : "none";
  };
  EXPECT_EQ(bytes(R"({"_placeholder":true,"num":1})"), "one");
  EXPECT_EQ(bytes(R"({"_placeholder":true,"num":2})"), "none");
  EXPECT_EQ(bytes(R"({"_placeholder":false,"num":1})"), "none");
  EXPECT_EQ(bytes(R"({"num":1})"), "none");
  EXPECT_EQ(bytes("1"), "none");
  EXPECT_FALSE(Argument(R"({"_placeholder":true,"num":0})").bytes());
}

}  // namespace
}  // namespace naru
