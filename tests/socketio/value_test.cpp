#include "naru/value.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>

namespace naru {
namespace {

TEST(Value, LooksInside) {
  auto value = Value::parse(R"( {"name":"kim","list":[1,{"x":true}],"none":null} )");
  ASSERT_TRUE(value);
  EXPECT_TRUE(value->is_object());
  EXPECT_EQ(value->get<std::string>("name"), "kim");
  EXPECT_FALSE(value->get<int>("name"));
  EXPECT_FALSE(value->get<std::string>("nobody"));
  EXPECT_EQ(value->find("list").size(), 2U);
  EXPECT_EQ(value->find("list").at(0).get<int>(), 1);
  EXPECT_EQ(value->find("list").at(1).get<bool>("x"), true);
  EXPECT_TRUE(value->find("list").at(2).is_null());
  EXPECT_TRUE(value->find("none").is_null());
  EXPECT_TRUE(value->find("a").find("b").at(3).is_null());
  EXPECT_EQ(value->size(), 0U);
}

TEST(Value, DefaultIsNull) {
  Value value;
  EXPECT_TRUE(value.is_null());
  EXPECT_EQ(value.text(), "null");
  EXPECT_FALSE(value.get<std::string>());
  EXPECT_FALSE(value.get<std::string>("key"));
}

TEST(Value, PartsKeepTheWholeAlive) {
  Value part;
  {
    auto whole = Value::parse(R"({"a":{"b":[1,2,3]}})");
    part = whole->find("a").find("b");
  }
  EXPECT_EQ(part.text(), "[1,2,3]");
  EXPECT_EQ(part.at(2).get<int>(), 3);
}

TEST(Value, HoldsBinaryParts) {
  Value value = Value::of(std::map<std::string, Bytes>{{"picture", Bytes::copy("GIF")}});
  EXPECT_EQ(value.find("picture").get<Bytes>()->view(), "GIF");
  std::string text;
  std::vector<Bytes> parts;
  ArgumentWriter writer(text, parts);
  writer.value(value.find("picture"));
  EXPECT_EQ(text, R"({"_placeholder":true,"num":0})");
  EXPECT_EQ(parts.size(), 1U);
}

TEST(Value, RefusesWhatIsNoJson) {
  for (auto text : {"", "{", "1 2", "1,2", "nul", "\"\xFF\"", "1],[2"})
    EXPECT_FALSE(Value::parse(text)) << text;
}

}  // namespace
}  // namespace naru
