#include "channel/message_headers.hpp"

#include <gtest/gtest.h>

#include <string>

#include "channel/message.hpp"

namespace naru::channel {
namespace {

TEST(MessageHeaders, AreOneObjectInTheirOrder) {
  MessageHeaders headers;
  EXPECT_TRUE(headers.empty());
  EXPECT_EQ(headers.add("Trace-Id", "41"), std::nullopt);
  EXPECT_EQ(headers.add("a_1", "say \"hi\" \xC3\xA4"), std::nullopt);
  EXPECT_EQ(headers.add("empty", ""), std::nullopt);
  EXPECT_FALSE(headers.empty());
  EXPECT_EQ(std::move(headers).text(),
            "{\"trace-id\":\"41\",\"a_1\":\"say \\\"hi\\\" \xC3\xA4\",\"empty\":\"\"}");
}

TEST(MessageHeaders, NoneAreNoObject) {
  EXPECT_EQ(MessageHeaders().text(), "");
}

TEST(MessageHeaders, NamesAndValuesHaveLimits) {
  MessageHeaders headers;
  EXPECT_EQ(headers.add(std::string(MessageHeaders::kMaxNameSize, 'n'), ""), std::nullopt);
  EXPECT_NE(headers.add(std::string(MessageHeaders::kMaxNameSize + 1, 'n'), ""), std::nullopt);
  EXPECT_EQ(headers.add("v", std::string(MessageHeaders::kMaxValueSize, 'v')), std::nullopt);
  EXPECT_NE(headers.add("w", std::string(MessageHeaders::kMaxValueSize + 1, 'v')), std::nullopt);
  for (const char* name : {"", "a b", "a:b", "\xC3\xA4", "a\n", "a.b"})
    EXPECT_NE(headers.add(name, ""), std::nullopt) << name;
  for (const char* value : {"a\nb", "a\rb", "\x01", "\x7F", "\xFF", "\xC2\x80"})
    EXPECT_NE(headers.add("x", value), std::nullopt) << value;
  EXPECT_NE(headers.add("V", ""), std::nullopt) << "twice, in other letters";
}

TEST(MessageHeaders, ThirtyTwoOfTheLongestFitIntoAMessage) {
  MessageHeaders headers;
  for (std::size_t i = 0; i < MessageHeaders::kMaxCount; ++i) {
    std::string name = std::to_string(i);
    name.resize(MessageHeaders::kMaxNameSize, 'n');
    EXPECT_EQ(headers.add(name, std::string(MessageHeaders::kMaxValueSize, '"')), std::nullopt);
  }
  EXPECT_NE(headers.add("one-more", ""), std::nullopt);
  Message message;
  message.headers = std::move(headers).text();
  EXPECT_EQ(find_fault(message), std::nullopt);
}

}  // namespace
}  // namespace naru::channel
