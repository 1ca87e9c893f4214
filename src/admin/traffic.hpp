// What has passed, counted by second, until the next report takes it: the page draws its histograms from
// that.
//
//   traffic.add_packet(TrafficKind::packets_in, TrafficKind::bytes_in, 120, now);
//   for (const TrafficCount& count : traffic.take()) report(count);
//
// Any thread. Threads count apart, so that loops do not wait for each other.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "naru/argument.hpp"

namespace naru::admin {

enum class TrafficKind : std::uint8_t {
  raw_connection,
  raw_disconnection,
  packets_in,
  packets_out,
  bytes_in,
  bytes_out
};

struct TrafficCount {
  std::int64_t timestamp = 0;  // milliseconds since 1970, of a whole second
  TrafficKind kind = TrafficKind::raw_connection;
  std::string reason = {};  // of a disconnection
  std::uint64_t count = 0;

  friend bool operator==(const TrafficCount&, const TrafficCount&) = default;
};

class Traffic {
 public:
  using Time = std::chrono::system_clock::time_point;
  // Of one thread. Reports come every two seconds, seconds have six kinds and a few reasons: more means that
  // nobody takes them.
  static constexpr std::size_t kMaxCounts = 1000;

  void add_connection(Time now);
  void add_disconnection(std::string_view reason, Time now);
  // packets_in and bytes_in, or those that went out.
  void add_packet(TrafficKind packets, TrafficKind bytes, std::uint64_t size, Time now);
  // All since the last call, by time.
  std::vector<TrafficCount> take();

 private:
  struct alignas(64) Share {
    std::mutex mutex;
    std::vector<TrafficCount> counts;  // guarded by mutex

    void add(TrafficKind kind, std::string_view reason, std::uint64_t count, Time now);
  };
  static constexpr std::size_t kShares = 16;

  Share& share_of_this_thread();

  std::array<Share, kShares> shares_;
};

}  // namespace naru::admin

template <>
struct naru::Codec<naru::admin::TrafficCount> {
  static void encode(ArgumentWriter& out, const admin::TrafficCount& count);
};
