#include "channel/channel_name.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace naru::channel {
namespace {

using Parts = std::vector<std::string_view>;

TEST(ChannelName, MayBeAnyTextOfSomeLength) {
  for (const std::string& name :
       {std::string("a"), std::string("news/sport, live~@#?%"), std::string(" "),
        std::string("\xC3\xA4\xF0\x9F\x90\x98"), std::string("\xE2\x80\xA8"), std::string("\xC2\xA0"),
        std::string("@"), std::string("@presence-like"), std::string(kMaxChannelNameSize, 'x')}) {
    EXPECT_TRUE(is_channel_name(name)) << name;
    EXPECT_EQ(presence_subject(name), std::nullopt) << name;
    EXPECT_TRUE(is_channel_name(presence_name(name))) << name;
    EXPECT_EQ(presence_subject(presence_name(name)), name);
  }
}

TEST(ChannelName, RefusesTheRest) {
  for (const std::string& name :
       {std::string(), std::string("a\nb"), std::string("a\0b", 3), std::string("\x7F"),
        std::string("\xC2\x85"), std::string("\xC2\x9F"), std::string("\xFF"), std::string("\xC3"),
        std::string("\xED\xA0\x80"), std::string(kMaxChannelNameSize + 1, 'x'),
        std::string(kMaxChannelNameSize + 1, 'x') + "@presence", std::string("@presence"),
        std::string("a@presence@presence")}) {
    EXPECT_FALSE(is_channel_name(name)) << name;
  }
}

TEST(ChannelList, IsCutBeforeItIsDecoded) {
  EXPECT_EQ(split_channel_list("a,b%2Cc"), (Parts{"a", "b%2Cc"}));
  EXPECT_EQ(split_channel_list("a"), (Parts{"a"}));
  EXPECT_EQ(split_channel_list(""), (Parts{""}));
  EXPECT_EQ(split_channel_list(",a,"), (Parts{"", "a", ""}));
}

TEST(ChannelList, GivesOneMoreThanMayBeAtMost) {
  std::string list = "a";
  for (std::size_t i = 1; i < kMaxChannels; ++i)
    list += ",a";
  EXPECT_EQ(split_channel_list(list).size(), kMaxChannels);
  EXPECT_EQ(split_channel_list(list + ",a").size(), kMaxChannels + 1);
  EXPECT_EQ(split_channel_list(list + std::string(100'000, ',')).size(), kMaxChannels + 1);
}

}  // namespace
}  // namespace naru::channel
