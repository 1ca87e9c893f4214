#include "ws/compression_space.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ws/compression_fixture.hpp"
#include "ws/frame_header.hpp"

namespace naru::ws {
namespace {

class CompressionSpaceTest : public ::testing::Test {
 protected:
  base::Frame frame(std::size_t size = 5000) { return encode_frame(Opcode::text, words(size)); }
  CountingHost host;
  CompressionSpace space{host};
};

TEST_F(CompressionSpaceTest, IsEmptyUntilItIsUsed) {
  EXPECT_EQ(host.held, 0);
  EXPECT_EQ(space.memory().bytes(), 0U);
}

TEST_F(CompressionSpaceTest, CompressesABroadcastOnce) {
  const base::Frame plain = frame();
  const base::Frame first = space.compress(plain, {});
  for (int receiver = 0; receiver < 3; ++receiver)
    EXPECT_EQ(space.compress(plain, {}).data(), first.data());
  EXPECT_EQ(host.times_kept, 1) << "one tidying for a turn";
  EXPECT_LT(first.size(), plain.size() / 2);
}

TEST_F(CompressionSpaceTest, AnotherFrameOrAnotherKindIsCompressedByItself) {
  const base::Frame plain = frame();
  const base::Frame first = space.compress(plain, {});
  const base::Frame small = space.compress(plain, {.window_bits = 9});
  EXPECT_NE(small.data(), first.data());
  EXPECT_EQ(ClientInflate(9).message(std::string(frame_payload(small.view()))), words(5000));
  const base::Frame same_bytes = frame();
  EXPECT_NE(space.compress(same_bytes, {.window_bits = 9}).data(), small.data());
}

// A frame of the same place and size is not the same frame once the first has gone.
TEST_F(CompressionSpaceTest, HoldsWhatItRemembersUntilTheTurnEnds) {
  base::Frame plain = frame();
  const base::Frame compressed = space.compress(plain, {});
  EXPECT_EQ(plain.use_count(), 2U);
  EXPECT_EQ(compressed.use_count(), 2U);
  space.forget_frames();
  EXPECT_EQ(plain.use_count(), 1U);
  EXPECT_EQ(compressed.use_count(), 1U);
  space.compress(plain, {});
  EXPECT_EQ(host.times_kept, 2);
}

// An event with attachments is many frames, and each receiver gets them in turn.
TEST_F(CompressionSpaceTest, CompressesEachPartOfABroadcastOnce) {
  std::vector<base::Frame> plain;
  std::vector<base::Frame> compressed;
  for (std::size_t i = 0; i < CompressionSpace::kMostFrames; ++i) {
    plain.push_back(frame(2000 + i));
    compressed.push_back(space.compress(plain.back(), {}));
  }
  for (int receiver = 0; receiver < 3; ++receiver) {
    for (std::size_t i = 0; i < plain.size(); ++i)
      EXPECT_EQ(space.compress(plain[i], {}).data(), compressed[i].data());
  }
  space.compress(frame(), {});
  EXPECT_EQ(plain[0].use_count(), 1U) << "one more lets the oldest go";
  EXPECT_EQ(plain[1].use_count(), 2U);
  EXPECT_EQ(host.times_kept, 1);
}

TEST_F(CompressionSpaceTest, HoldsFewLargeFrames) {
  const base::Frame large = frame(CompressionSpace::kMostFrameBytes);
  space.compress(large, {});
  EXPECT_EQ(large.use_count(), 2U) << "one is kept whatever its size";
  const base::Frame first = frame();
  space.compress(first, {});
  EXPECT_EQ(large.use_count(), 1U);
  const base::Frame second = frame();
  space.compress(second, {});
  EXPECT_EQ(first.use_count(), 2U);
  EXPECT_EQ(second.use_count(), 2U);
}

TEST_F(CompressionSpaceTest, OneCompressorServesAllOfAKind) {
  space.compress(frame(), {});
  const std::ptrdiff_t of_one = host.held;
  for (std::size_t i = 0; i < 50; ++i)
    space.compress(frame(2000 + i), {});
  EXPECT_EQ(host.held, of_one);
  space.compress(frame(), {.window_bits = 10});
  EXPECT_GT(host.held, of_one);
}

TEST_F(CompressionSpaceTest, KeepsOneInflaterForTheNextMessage) {
  auto one = space.borrow_inflater();
  auto two = space.borrow_inflater();
  const InflateStream* const kept = one.get();
  space.give_back(std::move(one));
  const std::ptrdiff_t of_two = host.held;
  space.give_back(std::move(two));
  EXPECT_LT(host.held, of_two);
  EXPECT_EQ(space.borrow_inflater().get(), kept);
}

}  // namespace
}  // namespace naru::ws
