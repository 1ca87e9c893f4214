#include "channel/recovery.hpp"

#include <gtest/gtest.h>

#include <array>

namespace naru::channel {
namespace {

Epoch epoch_of(char fill) {
  std::array<std::byte, Epoch::kBytes> bytes;
  bytes.fill(static_cast<std::byte>(fill));
  return Epoch::from_bytes(bytes);
}

TEST(Resume, AnswersHonestly) {
  const Epoch ours = epoch_of('a');
  const Bounds kept{11, 20};  // ten messages, ten have gone
  const struct {
    const char* name;
    Position since;
    Recovery answer;
  } cases[] = {
      {"at the end", {ours, 20}, {true, 0, 20}},
      {"in the middle", {ours, 15}, {true, 0, 15}},
      {"just before the oldest", {ours, 10}, {true, 0, 10}},
      {"one lost", {ours, 9}, {false, 1, 10}},
      {"all lost", {ours, 0}, {false, 10, 10}},
      {"beyond the end", {ours, 21}, {false, std::nullopt, 10}},
      {"another log", {epoch_of('b'), 15}, {false, std::nullopt, 10}},
      {"no epoch", {Epoch(), 15}, {false, std::nullopt, 10}},
  };
  for (const auto& one : cases)
    EXPECT_EQ(resume(ours, kept, one.since), one.answer) << one.name;
}

TEST(Resume, OfAnEmptyLog) {
  const Epoch ours = epoch_of('a');
  EXPECT_EQ(resume(ours, {}, {ours, 0}), (Recovery{true, 0, 0}));
  EXPECT_EQ(resume(ours, {}, {ours, 1}), (Recovery{false, std::nullopt, 0}));
  EXPECT_EQ(resume(Epoch(), {}, {Epoch(), 0}), (Recovery{false, std::nullopt, 0}));
  const Bounds all_gone{21, 20};
  EXPECT_EQ(resume(ours, all_gone, {ours, 20}), (Recovery{true, 0, 20}));
  EXPECT_EQ(resume(ours, all_gone, {ours, 18}), (Recovery{false, 2, 20}));
}

}  // namespace
}  // namespace naru::channel
