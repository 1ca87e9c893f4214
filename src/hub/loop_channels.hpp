// The followers of one loop, by channel. The loop's own thread.
//
//   LoopChannels& channels = server.channels();
//   channels.follow(follower_, "news", Since{Since::Kind::last}, settings.follow);
//   …                                     // on_start, on_message, … come later in this turn or in the next
//   channels.resume(follower_);           // the transport has drained
//   channels.unfollow(follower_);
//
// Each loop keeps one cursor per channel that it has followers for. An append sets a flag and wakes the loop,
// which reads on in order and serves those that stand at the cursor; those that are behind are read for by
// themselves. To follow is to take a position under the log's lock and read from there, so nothing falls in
// between. What one turn delivers is bounded; the rest comes in the next, one channel after the other.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/intrusive_list.hpp"
#include "channel/policies.hpp"
#include "channel/since.hpp"
#include "hub/follower.hpp"
#include "net/loop.hpp"
#include "net/watcher.hpp"

namespace naru::hub {

class Channels;
class DiskReads;
class Station;
struct Stations;

struct FollowSettings {
  channel::SlowFollower policy = channel::SlowFollower::resume;
  base::Duration latest_interval = std::chrono::milliseconds(100);  // policy `latest`: between two deliveries

  friend bool operator==(const FollowSettings&, const FollowSettings&) noexcept = default;
};

class LoopChannels final : private net::Watcher {
 public:
  // Deliveries of one turn, as many as a loop can write in some milliseconds; then others have theirs.
  static constexpr std::size_t kTurnDeliveries = 8192;
  // Of one channel before the next one's.
  static constexpr std::size_t kStationDeliveries = 2048;

  LoopChannels(net::Loop& loop, std::shared_ptr<Channels> channels);
  // Followers that are left follow no more, without an event.
  ~LoopChannels();

  // The channel need not exist: the follower waits for its first message. What it asks for may need the disk;
  // then a worker reads it. REQUIRES: !follower.is_following().
  void follow(Follower& follower, std::string_view channel, const channel::Since& since,
              const FollowSettings& settings);
  // No event comes any more. Nothing happens when it does not follow.
  void unfollow(Follower& follower) noexcept;
  // The same for all, before other threads may destroy what follows: the loop does not run any more.
  void let_go() noexcept;
  // After Taken::full; nothing happens when it is not full.
  void resume(Follower& follower);

  Channels& all() noexcept { return *channels_; }
  std::size_t follower_count() const noexcept { return follower_count_; }
  std::size_t station_count() const noexcept { return stations_.size(); }

 private:
  friend class Station;
  using StationsByName = std::unordered_multimap<std::string_view, std::unique_ptr<Station>>;

  void on_events(std::uint32_t) override {}
  void on_again() override;
  Station& station_of(std::string_view channel, const FollowSettings& settings);
  void make_ready(Station& station);
  void drop(Station& station);

  net::Loop& loop_;
  const std::shared_ptr<Channels> channels_;
  StationsByName stations_;  // by the station's own name
  std::unique_ptr<base::IntrusiveList<Station, Stations>> ready_;
  std::unique_ptr<DiskReads> disk_reads_;
  std::size_t follower_count_ = 0;
};

}  // namespace naru::hub
