// The positions of channels that nobody has published to.
//
//   channel::Position now = absences.position_of("news");   // a reader may come back with it
//   absences.renew("news");                                 // a log of this name was lost
//
// Whoever stood there has missed nothing of a log that began later: it stands before its first message. A log
// that came and went in between makes that untrue, so the position changes when one is lost. There is one for
// each of 256 shares of the names: a loss makes others of its share less sure than they need be, never wrong.
// They are drawn at random per process: after a restart an old one is foreign. Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <string_view>

#include "channel/position.hpp"

namespace naru::hub {

class Absences {
 public:
  channel::Position position_of(std::string_view name);
  void renew(std::string_view name);

 private:
  static constexpr std::size_t kShares = 256;
  static std::size_t share_of(std::string_view name) noexcept;

  std::mutex mutex_;
  std::array<channel::Epoch, kShares> epochs_;  // guarded by mutex_; drawn at first use
};

}  // namespace naru::hub
