#include "serve/census.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace naru::serve {
namespace {

TEST(Census, LimitPerAddressFromBothSides) {
  Census census({.per_address = 2, .total = 100});
  EXPECT_FALSE(census.enter("192.0.2.1"));
  EXPECT_FALSE(census.enter("192.0.2.1"));
  EXPECT_EQ(census.enter("192.0.2.1"), "max_connections_per_address is reached");
  EXPECT_FALSE(census.enter("192.0.2.2"));
  EXPECT_EQ(census.total(), 3U);
  census.leave("192.0.2.1");
  EXPECT_FALSE(census.enter("192.0.2.1"));
  EXPECT_TRUE(census.enter("192.0.2.1"));
}

TEST(Census, TotalFromBothSides) {
  Census census({.per_address = 0, .total = 2});
  EXPECT_FALSE(census.enter("192.0.2.1"));
  EXPECT_FALSE(census.enter("127.0.0.1"));
  EXPECT_EQ(census.enter("192.0.2.2"), "max_connections is reached");
  EXPECT_EQ(census.enter("127.0.0.1"), "max_connections is reached");
  census.leave("127.0.0.1");
  EXPECT_FALSE(census.enter("192.0.2.2"));
}

TEST(Census, LoopbackAndUnixSocketsAreExempt) {
  Census census({.per_address = 1, .total = 100});
  for (const std::string address : {"127.0.0.1", "127.1.2.3", "::1", ""}) {
    EXPECT_FALSE(census.enter(address));
    EXPECT_FALSE(census.enter(address)) << address;
  }
  EXPECT_FALSE(census.enter("2001:db8::2"));
  EXPECT_TRUE(census.enter("2001:db8::2"));
  EXPECT_FALSE(census.enter("1.127.0.0"));
  EXPECT_TRUE(census.enter("1.127.0.0"));
}

TEST(Census, AnIpv6NetworkOf64BitsIsOneAddress) {
  Census census({.per_address = 2, .total = 100});
  EXPECT_FALSE(census.enter("2001:db8:1:2::1"));
  EXPECT_FALSE(census.enter("2001:db8:1:2:ffff::1"));
  EXPECT_EQ(census.enter("2001:db8:1:2:3:4:5:6"), "max_connections_per_address is reached");
  EXPECT_FALSE(census.enter("2001:db8:1:3::1")) << "the next network";
  census.leave("2001:db8:1:2::1");
  EXPECT_FALSE(census.enter("2001:db8:1:2::2")) << "any of its addresses makes room";
  EXPECT_TRUE(census.enter("2001:db8:1:2::1"));
}

TEST(Census, NoLimitPerAddress) {
  Census census({.per_address = 0, .total = 1000});
  for (int i = 0; i < 1000; ++i)
    EXPECT_FALSE(census.enter("192.0.2.1"));
}

TEST(Census, AllLoopsCountTogether) {
  Census census({.per_address = 3, .total = 1000});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 1000; ++turn) {
        if (!census.enter("192.0.2.1")) census.leave("192.0.2.1");
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(census.total(), 0U);
  for (int i = 0; i < 3; ++i)
    EXPECT_FALSE(census.enter("192.0.2.1"));
  EXPECT_TRUE(census.enter("192.0.2.1"));
}

}  // namespace
}  // namespace naru::serve
