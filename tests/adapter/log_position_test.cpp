#include "adapter/log_position.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace naru::adapter {
namespace {

constexpr std::string_view kEpoch = "q3fZ0a_k";

TEST(LogPosition, ReadsWhatItWrites) {
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{35}, std::uint64_t{36},
                                     std::uint64_t{1'000'000}, std::numeric_limits<std::uint64_t>::max()}) {
    const std::string text = position_text(kEpoch, number);
    const auto position = parse_position(text);
    ASSERT_TRUE(position) << text;
    EXPECT_EQ(position->epoch, kEpoch);
    EXPECT_EQ(position->number, number);
  }
  EXPECT_EQ(position_text(kEpoch, 1'000'000), "q3fZ0a_k.lfls");
}

TEST(LogPosition, RefusesWhatItHasNotWritten) {
  for (const std::string_view text :
       {"", ".", "q3fZ0a_k", "q3fZ0a_k.", "q3fZ0a_.1", "q3fZ0a_k1", "q3fZ0a_k.01", "q3fZ0a_k.A",
        "q3fZ0a_k.-1", "q3fZ0a_k.+1", "q3fZ0a_k. 1", "q3fZ0a_k.1 ", "q3fZ0a_k.1.1", "q3fZ0a k.1",
        "q3fZ0a\"k.1",
        "q3fZ0a_k.3w5e11264sgsg",  // 2^64
        "q3fZ0a_k.zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"}) {
    EXPECT_FALSE(parse_position(text)) << text;
  }
}

TEST(LogPosition, AnEpochIsEightLettersThatAreNeverTheSame) {
  const std::string one = new_epoch();
  EXPECT_EQ(one.size(), kEpochSize);
  EXPECT_TRUE(parse_position(position_text(one, 1))) << one;
  EXPECT_NE(one, new_epoch());
}

}  // namespace
}  // namespace naru::adapter
