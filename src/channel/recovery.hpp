// May a reader go on where it was? The honest answer to "since this position".
//
//   Recovery answer = resume(epoch, log.bounds(), since);
//   if (!answer.recovered) tell_gap(answer.missing);
//   read_forward(answer.from, ...);
#pragma once

#include <cstdint>
#include <optional>

#include "channel/position.hpp"

namespace naru::channel {

// Which offsets can be read now: oldest..end. An empty log has oldest == end + 1.
struct Bounds {
  std::uint64_t oldest = 1;
  std::uint64_t end = 0;

  bool empty() const noexcept { return oldest > end; }
  friend bool operator==(const Bounds&, const Bounds&) noexcept = default;
};

struct Recovery {
  bool recovered = false;                  // nothing between `since` and what is read from `from` is lost
  std::optional<std::uint64_t> missing{};  // how many are lost; empty: nobody can know
  std::uint64_t from = 0;                  // read forward after this offset

  friend bool operator==(const Recovery&, const Recovery&) noexcept = default;
};

// A foreign epoch, or an offset that this log has not reached, is not recovered and reads from the oldest
// kept.
Recovery resume(const Epoch& epoch, const Bounds& bounds, const Position& since) noexcept;

}  // namespace naru::channel
