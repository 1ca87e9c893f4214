#include "channel/message.hpp"

#include <gtest/gtest.h>

#include <string>

namespace naru::channel {
namespace {

struct Limit {
  const char* name;
  std::size_t most;
  std::string Message::*text;
};

class MessageLimit : public testing::TestWithParam<Limit> {};

TEST_P(MessageLimit, HoldsAtItAndRefusesOnePast) {
  const Limit& limit = GetParam();
  Message message;
  message.*limit.text = std::string(limit.most, 'x');
  EXPECT_EQ(find_fault(message), std::nullopt);
  message.*limit.text += 'x';
  ASSERT_TRUE(find_fault(message));
  EXPECT_NE(find_fault(message)->find(std::to_string(limit.most)), std::string_view::npos);
}

INSTANTIATE_TEST_SUITE_P(Each, MessageLimit,
                         testing::Values(Limit{"event", kMaxEventSize, &Message::event},
                                         Limit{"key", kMaxKeySize, &Message::key},
                                         Limit{"type", kMaxTypeSize, &Message::type},
                                         Limit{"sender", kMaxSenderSize, &Message::sender}),
                         [](const auto& limit) { return std::string(limit.param.name); });

TEST(Message, DataHasALimit) {
  Message message;
  message.data = base::Frame::copy(std::string(kMaxDataSize, 'x'));
  EXPECT_EQ(find_fault(message), std::nullopt);
  message.data = base::Frame::copy(std::string(kMaxDataSize + 1, 'x'));
  EXPECT_EQ(find_fault(message), "the message is larger than 16 MiB");
}

TEST(Publication, CostsAtLeastItsBytes) {
  Publication publication;
  const std::size_t nothing = publication.cost();
  publication.message.data = base::Frame::of_static("12345");
  publication.message.event = "ev";
  publication.message.key = "k";
  publication.message.type = "type";
  publication.message.sender = "someone";
  EXPECT_EQ(publication.cost(), nothing + 5 + 2 + 1 + 4 + 7);
  EXPECT_GE(nothing, sizeof(Publication));
}

}  // namespace
}  // namespace naru::channel
