#include "hub/conflation.hpp"

#include <gtest/gtest.h>

#include <string>

namespace naru::hub {
namespace {

std::string kept(const std::string& keys) {
  std::vector<channel::PublicationRef> messages;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto one = std::make_shared<channel::Publication>();
    one->position.offset = i;
    if (keys[i] != '-') one->message.key = keys[i];
    messages.push_back(std::move(one));
  }
  keep_newest_of_each_key(messages);
  std::string left;
  for (const auto& message : messages)
    left += std::to_string(message->position.offset);
  return left;
}

TEST(Conflation, TheNewestOfEachKeyInOrder) {
  EXPECT_EQ(kept(""), "");
  EXPECT_EQ(kept("a"), "0");
  EXPECT_EQ(kept("abc"), "012");
  EXPECT_EQ(kept("aaaa"), "3");
  EXPECT_EQ(kept("abab"), "23");
  EXPECT_EQ(kept("abca"), "123");
  EXPECT_EQ(kept("--a-"), "23") << "no key is a key";
}

}  // namespace
}  // namespace naru::hub
