#include "serve/feed_channels.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace naru::serve {
namespace {

std::vector<std::string> channels_of(std::string_view query) {
  std::vector<std::string> channels;
  EXPECT_EQ(channels_of_query(query, 32, channels), std::nullopt) << query;
  return channels;
}
std::string fault_of(std::string_view query, std::size_t most = 32) {
  std::vector<std::string> channels;
  return channels_of_query(query, most, channels).value_or("");
}

using Names = std::vector<std::string>;

TEST(FeedChannels, ACommaPartsAndAnEncodedOneDoesNot) {
  EXPECT_EQ(channels_of("since=first&channels=a,b%2Cc,%C3%A4+x&wait=1"), (Names{"a", "b,c", "\xC3\xA4 x"}));
  EXPECT_EQ(channels_of("channels=a"), (Names{"a"}));
  EXPECT_EQ(channels_of("channels=a%26b%3Dc"), (Names{"a&b=c"}));
}

TEST(FeedChannels, MayComeMoreThanOnce) {
  EXPECT_EQ(channels_of("channels=a&x=y&channels=b%2Cc&chann%65ls=d"), (Names{"a", "b,c", "d"}));
}

TEST(FeedChannels, SaysWhatIsWrong) {
  const std::string kBadName = "a channel's name has 1 to 256 bytes of UTF-8 without control characters";
  EXPECT_EQ(fault_of(""), "channels is missing: a list of names with commas between them");
  EXPECT_EQ(fault_of("channel=a"), "channels is missing: a list of names with commas between them");
  EXPECT_EQ(fault_of("channels="), kBadName);
  EXPECT_EQ(fault_of("channels"), kBadName);
  EXPECT_EQ(fault_of("channels=a,,b"), kBadName);
  EXPECT_EQ(fault_of("channels=a%0Ab"), kBadName);
  EXPECT_EQ(fault_of("channels=%FF"), kBadName);
  EXPECT_EQ(fault_of("channels=a,b&channels=%61"), "channels names a channel twice");
}

TEST(FeedChannels, HasALimit) {
  EXPECT_EQ(fault_of("channels=a,b,c", 3), "");
  EXPECT_EQ(fault_of("channels=a,b,c,d", 3), "channels names more than 3 channels");
  EXPECT_EQ(fault_of("channels=a,b,c&channels=d", 3), "channels names more than 3 channels");
}

}  // namespace
}  // namespace naru::serve
