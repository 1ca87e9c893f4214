// How long a log lives and how much of it: chosen per log name by the application.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"
#include "channel/log.hpp"

namespace naru::store {

// What an answered publish survives. The numbers are stored on disk: never change them.
enum class Durability : std::uint8_t {
  memory = 0,   // nothing: the log is gone with the process (a new epoch afterwards)
  process = 1,  // a crash or kill of the process, not of the machine (SQLite synchronous=NORMAL)
  power = 2,    // a loss of power: the disk has confirmed it (synchronous=FULL)
};

// What is kept on disk, beyond the tail in memory. Whichever limit is reached first drops the oldest.
struct HistoryLimits {
  std::uint64_t count = 100'000;
  std::uint64_t bytes = std::uint64_t{256} << 20;
  base::Duration age = base::Duration::max();
  // Keys of messages that are already gone live this long, but at most so many of them.
  base::Duration key_age = std::chrono::minutes(5);
  std::uint64_t keys = 100'000;

  friend bool operator==(const HistoryLimits&, const HistoryLimits&) = default;
};

struct LogOptions {
  Durability durability = Durability::memory;
  channel::LogLimits tail{};  // in memory; for Durability::memory this is all there is
  HistoryLimits history{};    // on disk

  friend bool operator==(const LogOptions&, const LogOptions&) = default;
};

}  // namespace naru::store
