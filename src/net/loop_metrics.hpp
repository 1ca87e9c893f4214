// Counters of one loop: written by its thread only, read by any.
#pragma once

#include <atomic>
#include <cstdint>

namespace naru::net {

// A plain add for the one writer (no locked instruction), and no torn reads for the others.
class Counter {
 public:
  void add(std::uint64_t count = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct LoopMetrics {
  Counter turns;
  Counter events;  // readiness reports handled
  Counter reads;   // receive system calls
  Counter writes;  // send system calls
  Counter bytes_read;
  Counter bytes_written;
  Counter timers_fired;
  Counter posts_run;
  Counter slow_callbacks;  // callbacks that the watchdog logged
};

}  // namespace naru::net
