#include "hub/loop_channels.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "hub/channels.hpp"
#include "hub/disk_reads.hpp"
#include "hub/station.hpp"

namespace naru::hub {

LoopChannels::LoopChannels(net::Loop& loop, std::shared_ptr<Channels> channels)
    : loop_(loop),
      channels_(std::move(channels)),
      ready_(std::make_unique<base::IntrusiveList<Station, Stations>>()),
      disk_reads_(std::make_unique<DiskReads>(loop, channels_)) {}

LoopChannels::~LoopChannels() {
  let_go();
  loop_.forget(*this);
}

void LoopChannels::follow(Follower& follower, std::string_view channel, const channel::Since& since,
                          const FollowSettings& settings) {
  loop_.assert_here();
  assert(!follower.is_following());
  station_of(channel, settings).add(follower, since);
}

void LoopChannels::unfollow(Follower& follower) noexcept {
  if (follower.station_ != nullptr) follower.station_->leave(follower);
}

void LoopChannels::let_go() noexcept {
  stations_.clear();
}

void LoopChannels::resume(Follower& follower) {
  if (follower.station_ != nullptr) follower.station_->resume(follower);
}

Station& LoopChannels::station_of(std::string_view channel, const FollowSettings& settings) {
  const auto [first, last] = stations_.equal_range(channel);
  for (auto at = first; at != last; ++at) {
    if (at->second->settings() == settings) return *at->second;
  }
  auto station = std::make_unique<Station>(*this, std::string(channel), settings);
  const std::string_view name = station->name();
  return *stations_.emplace(name, std::move(station))->second;
}

void LoopChannels::make_ready(Station& station) {
  if (!station.base::ListHook<Stations>::is_linked()) ready_->push_back(station);
  loop_.run_again(*this);
}

// Round after round while there is budget: a station with much to do does not hold up one with little.
void LoopChannels::on_again() {
  std::size_t budget = kTurnDeliveries;
  base::IntrusiveList<Station, Stations> turn;
  turn.take_all(*ready_);
  while (Station* station = turn.pop_front()) {
    const std::size_t share = std::min(budget, kStationDeliveries);
    std::size_t left = share;
    const bool has_more = share == 0 || station->visit(left);
    const std::size_t used = share - left;
    budget -= used;
    if (station->is_empty()) {
      drop(*station);
    } else if (has_more && !station->base::ListHook<Stations>::is_linked()) {
      (used > 0 ? turn : *ready_).push_back(*station);
    }
  }
  if (!ready_->empty()) loop_.run_again(*this);
}

void LoopChannels::drop(Station& station) {
  const auto [first, last] = stations_.equal_range(station.name());
  const auto is_it = [&](const auto& one) { return one.second.get() == &station; };
  stations_.erase(std::find_if(first, last, is_it));
}

}  // namespace naru::hub
