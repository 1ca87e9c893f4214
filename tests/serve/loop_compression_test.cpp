#include "serve/loop_compression.hpp"

#include <gtest/gtest.h>

#include <string>

#include "ws/frame_header.hpp"

namespace naru::serve {
namespace {

TEST(LoopCompression, IsCountedInTheLedger) {
  net::Loop loop;
  {
    LoopCompression compression(loop);
    EXPECT_EQ(loop.ledger().bytes(net::Account::compression), 0U);
    compression.space().compress(ws::encode_frame(ws::Opcode::text, std::string(5000, 'x')), {});
    EXPECT_GT(loop.ledger().bytes(net::Account::compression), 200'000U);
    EXPECT_EQ(loop.ledger().bytes(net::Account::compression), compression.space().memory().bytes());
    loop.poll();
  }
  EXPECT_EQ(loop.ledger().bytes(net::Account::compression), 0U);
}

TEST(LoopCompression, KeepsAFrameForTheTurnOnly) {
  net::Loop loop;
  LoopCompression compression(loop);
  for (int turn = 0; turn < 2; ++turn) {
    const base::Frame plain = ws::encode_frame(ws::Opcode::text, std::string(5000, 'x'));
    compression.space().compress(plain, {});
    EXPECT_EQ(plain.use_count(), 2U);
    loop.poll();
    EXPECT_EQ(plain.use_count(), 1U);
  }
}

}  // namespace
}  // namespace naru::serve
