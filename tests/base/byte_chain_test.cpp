#include "base/byte_chain.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace naru::base {
namespace {

std::string content(const ByteChain& chain) {
  std::array<iovec, 1024> pieces;
  std::string out;
  const std::size_t count = chain.gather(pieces);
  for (std::size_t i = 0; i < count; ++i)
    out.append(static_cast<char*>(pieces[i].iov_base), pieces[i].iov_len);
  return out;
}
std::size_t piece_count(const ByteChain& chain) {
  std::array<iovec, 1024> pieces;
  return chain.gather(pieces);
}

TEST(ByteChain, IsEmptyByDefault) {
  ByteChain chain;
  EXPECT_TRUE(chain.empty());
  EXPECT_EQ(piece_count(chain), 0U);
  chain.append("");
  chain.append(Frame());
  EXPECT_TRUE(chain.empty());
  EXPECT_LE(sizeof(ByteChain), 2 * sizeof(void*));
}

TEST(ByteChain, GathersSmallPiecesIntoOne) {
  ByteChain chain;
  for (int i = 0; i < 10; ++i)
    chain.append("0123456789");
  EXPECT_EQ(chain.size(), 100U);
  EXPECT_EQ(piece_count(chain), 1U);
}

TEST(ByteChain, RefersToLargeFramesWithoutCopying) {
  const Frame at_limit = Frame::copy(std::string(ByteChain::kCopyBelow, 'a'));
  const Frame above = Frame::copy(std::string(ByteChain::kCopyBelow + 1, 'b'));
  ByteChain chain;
  chain.append(at_limit);
  chain.append(above);
  EXPECT_EQ(at_limit.use_count(), 1U);
  EXPECT_EQ(above.use_count(), 2U);
  chain.consume(chain.size());
  EXPECT_EQ(above.use_count(), 1U);
}

TEST(ByteChain, RefersToLargeStaticFramesWithoutCopying) {
  static const std::string kPage(100'000, 'p');
  ByteChain chain;
  chain.append(Frame::of_static(kPage));
  std::array<iovec, 2> pieces;
  ASSERT_EQ(chain.gather(pieces), 1U);
  EXPECT_EQ(pieces[0].iov_base, kPage.data());
}

TEST(ByteChain, CopiesBorrowedBytesOfAnySize) {
  ByteChain chain;
  std::string text(100'000, 'x');
  const std::string expected = text;
  chain.append(text);
  text.assign(text.size(), 'y');
  EXPECT_EQ(content(chain), expected);
}

TEST(ByteChain, TakesAPartOfAFrame) {
  const Frame frame = Frame::copy(std::string(5000, 'a') + std::string(5000, 'b'));
  ByteChain chain;
  chain.append(Slice(frame, frame.view().substr(4000, 2000)));
  EXPECT_EQ(content(chain), std::string(1000, 'a') + std::string(1000, 'b'));
  EXPECT_EQ(frame.use_count(), 2U);
}

TEST(ByteChain, GathersNoMoreThanThereIsRoomFor) {
  ByteChain chain;
  for (int i = 0; i < 5; ++i)
    chain.append(Frame::copy(std::string(2000, static_cast<char>('a' + i))));
  std::array<iovec, 3> pieces;
  EXPECT_EQ(chain.gather(pieces), 3U);
  EXPECT_EQ(chain.gather(std::span<iovec>()), 0U);
}

TEST(ByteChain, MovesItsBytes) {
  ByteChain chain;
  chain.append("hello");
  ByteChain moved = std::move(chain);
  EXPECT_TRUE(chain.empty());  // NOLINT(bugprone-use-after-move): promised
  ByteChain assigned;
  assigned = std::move(moved);
  EXPECT_EQ(content(assigned), "hello");
  assigned.clear();
  EXPECT_TRUE(assigned.empty());
}

TEST(ByteChain, BehavesLikeAStringUnderRandomUse) {
  std::mt19937 random(7);
  ByteChain chain;
  std::string model;
  char letter = 'a';
  for (int round = 0; round < 5000; ++round) {
    const std::size_t size = random() % (round % 10 == 0 ? 5000 : 200);
    const std::string bytes(size, letter);
    letter = letter == 'z' ? 'a' : static_cast<char>(letter + 1);
    if (random() % 2 == 0) {
      chain.append(bytes);
    } else {
      chain.append(Frame::copy(bytes));
    }
    model += bytes;
    const std::size_t consumed = random() % 3 == 0 ? model.size() : random() % (model.size() + 1) / 2;
    chain.consume(consumed);
    model.erase(0, consumed);
    ASSERT_EQ(chain.size(), model.size());
    ASSERT_EQ(content(chain), model);
  }
}

}  // namespace
}  // namespace naru::base
