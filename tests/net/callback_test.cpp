#include "net/callback.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <set>
#include <vector>

#include "net/loop.hpp"
#include "support/fake_clock.hpp"

namespace naru::net {
namespace {

using namespace std::chrono_literals;

// Posts, timers and work at the end of the turn: each is a callback, and what it calls stays within it.
TEST(CallbackTest, EachCallbackOfATurnHasItsOwnNumber) {
  test::FakeClock clock;
  Loop loop({.clock = &clock});
  std::vector<std::uint32_t> seen;
  const auto note = [&] {
    seen.push_back(Callback::current());
    EXPECT_EQ(Callback::current(), seen.back());
  };
  FunctionTimer first(note);
  FunctionTimer second(note);
  loop.timers().schedule(first, clock.now() + 1ms);
  loop.timers().schedule(second, clock.now() + 1ms);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(loop.post(note), PostResult::accepted);
    loop.at_end_of_turn(note);
  }
  clock.advance(1s);
  loop.poll();
  EXPECT_EQ(seen.size(), 6U);
  EXPECT_EQ(std::set<std::uint32_t>(seen.begin(), seen.end()).size(), seen.size());
}

TEST(CallbackTest, NoCallbackHasTheNumberOfNothingWritten) {
  EXPECT_NE(Callback::current(), 0U);
}

}  // namespace
}  // namespace naru::net
