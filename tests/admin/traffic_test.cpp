#include "admin/traffic.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "naru/value.hpp"

namespace naru::admin {
namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;

constexpr std::int64_t kStart = 1'700'000'000'000;
const system_clock::time_point start{std::chrono::milliseconds(kStart)};

TEST(Traffic, CountsBySecondAndKind) {
  Traffic traffic;
  traffic.add_packet(TrafficKind::packets_in, TrafficKind::bytes_in, 100, start + 1ms);
  traffic.add_packet(TrafficKind::packets_out, TrafficKind::bytes_out, 7, start + 1ms);
  traffic.add_packet(TrafficKind::packets_in, TrafficKind::bytes_in, 20, start + 999ms);
  traffic.add_packet(TrafficKind::packets_in, TrafficKind::bytes_in, 3, start + 1000ms);
  const std::vector<TrafficCount> expected = {
      {kStart, TrafficKind::packets_in, "", 2},        {kStart, TrafficKind::packets_out, "", 1},
      {kStart, TrafficKind::bytes_in, "", 120},        {kStart, TrafficKind::bytes_out, "", 7},
      {kStart + 1000, TrafficKind::packets_in, "", 1}, {kStart + 1000, TrafficKind::bytes_in, "", 3}};
  EXPECT_EQ(traffic.take(), expected);
  EXPECT_TRUE(traffic.take().empty());
}

TEST(Traffic, DisconnectionsAreCountedByReason) {
  Traffic traffic;
  traffic.add_disconnection("transport close", start);
  traffic.add_disconnection("ping timeout", start);
  traffic.add_disconnection("transport close", start);
  const std::vector<TrafficCount> expected = {{kStart, TrafficKind::raw_disconnection, "ping timeout", 1},
                                              {kStart, TrafficKind::raw_disconnection, "transport close", 2}};
  EXPECT_EQ(traffic.take(), expected);
}

TEST(Traffic, ThreadsAreCountedTogether) {
  Traffic traffic;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j)
        traffic.add_connection(start);
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  const std::vector<TrafficCount> expected = {{kStart, TrafficKind::raw_connection, "", 4000}};
  EXPECT_EQ(traffic.take(), expected);
}

TEST(Traffic, WhatNobodyTakesIsBounded) {
  Traffic traffic;
  for (std::size_t second = 0; second < Traffic::kMaxCounts + 10; ++second)
    traffic.add_connection(start + std::chrono::seconds(second));
  const auto counts = traffic.take();
  ASSERT_EQ(counts.size(), Traffic::kMaxCounts);
  EXPECT_EQ(counts.front().timestamp, kStart);
  traffic.add_connection(start);
  EXPECT_EQ(traffic.take().size(), 1U);
}

TEST(Traffic, IsWrittenAsThePageReadsIt) {
  const std::vector<TrafficCount> counts = {{kStart, TrafficKind::raw_connection, "", 3},
                                            {kStart, TrafficKind::raw_disconnection, "transport close", 1},
                                            {kStart, TrafficKind::bytes_out, "", 5'000'000'000}};
  EXPECT_EQ(Value::of(counts).text(),
            R"([{"timestamp":1700000000000,"type":"rawConnection","count":3},)"
            R"({"timestamp":1700000000000,"type":"rawDisconnection","subType":"transport close","count":1},)"
            R"({"timestamp":1700000000000,"type":"bytesOut","count":5000000000}])");
}

}  // namespace
}  // namespace naru::admin
