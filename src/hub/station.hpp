// The followers of one channel on one loop that have the same settings, and where they stand.
//
//   Station station(loop_channels, "news", settings);
//   station.add(follower, since);
//   while (station.visit(budget)) {}      // serves them; true: there is more to do at once
//
// Most stand together at the cursor: the log is read once for all of them, and its lock is not held while
// they are served. A follower that is behind is read for by itself until it meets the others. One that is
// full is left alone and nothing is kept for it. When the channel is removed, or begins again, whoever's
// position is none of it is told of the gap and goes on from its oldest message.
//
// The loop's own thread. Events of followers may call add, leave and resume; visit and take come from the
// loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/intrusive_list.hpp"
#include "channel/message.hpp"
#include "channel/since.hpp"
#include "hub/disk_reads.hpp"
#include "hub/follower.hpp"
#include "hub/loop_channels.hpp"
#include "hub/wake_table.hpp"
#include "net/timer_wheel.hpp"
#include "store/durable_log.hpp"

namespace naru::hub {

struct Stations;  // the tags of the lists of stations: to be visited,
struct DiskLine;  // waiting for a worker

class Station : public base::ListHook<Stations>, public base::ListHook<DiskLine> {
 public:
  // Messages read in one piece, for those who stand together and for one who is behind. Policy `latest` reads
  // more, because it gives out less; from the disk less than from memory, because that is copied.
  static constexpr std::size_t kPiece = channel::Log::kMaxRead;
  static constexpr std::size_t kConflated = 65'536;
  static constexpr std::chrono::hours kLongestInterval{1};  // what was meant as "never" is not
  static constexpr std::size_t kConflatedFromDisk = store::DurableLog::kMaxPage;

  Station(LoopChannels& owner, std::string name, const FollowSettings& settings);
  // Those who are left follow no more.
  ~Station();

  const std::string& name() const noexcept { return flag_->name(); }
  const FollowSettings& settings() const noexcept { return settings_; }
  bool is_empty() const noexcept { return count_ == 0; }

  void add(Follower& follower, const channel::Since& since);
  void leave(Follower& follower) noexcept;
  void resume(Follower& follower);

  // Takes what was delivered off `budget`. True: go on as soon as others have had their turn.
  bool visit(std::size_t& budget);

  // What is to be read for this station next; nothing when it needs nothing any more.
  std::optional<DiskRead> next_disk_read();
  // The answer. `follower` is null when the one it was read for has left.
  void take(const DiskRead& read, Follower* follower, DiskAnswer answer);

 private:
  using List = base::IntrusiveList<Follower, Followers>;
  // What was read, and the gap in front of it.
  struct Batch {
    std::optional<channel::Standing> gap{};
    std::vector<channel::PublicationRef> messages{};
  };
  enum class Reading : std::uint8_t { some, none, on_disk };

  // station.cpp: where the log comes from.
  void wake();
  bool find_log();
  void settle(store::DurableLogRef log, const channel::Position& absence);
  void part();
  void take_for_all(const DiskRead& read, ReadMessages read_messages);
  void take_for_one(const DiskRead& read, Follower& follower, ReadMessages read_messages);
  Batch batch_of(const channel::Position& after, ReadMessages read_messages) const;
  void end_all(FollowEnd reason);
  void end(Follower& follower, FollowEnd reason);

  // station_serving.cpp.
  void start_all(std::size_t& budget);
  void start(Follower& follower);
  void move_cursor_alone();
  void meet_those_ahead();
  void end_the_slow();
  bool serve_group(std::size_t& budget);
  Reading read_for_group();
  void serve_behind(std::size_t& budget);
  void serve_alone(Follower& follower, std::size_t& budget);
  bool meet_log(Follower& follower);
  bool drop_oldest(Follower& follower);
  Reading read(const channel::Position& after, std::uint64_t upto, std::size_t most, Batch& batch);
  std::size_t give(Follower& follower, const Batch& batch);
  void place(Follower& follower, Taken taken);
  bool has_more() const;
  bool is_held(const Follower& follower) const noexcept;
  bool is_conflating() const noexcept { return settings_.policy == channel::SlowFollower::latest; }
  bool is_due() const;
  void begin_interval();

  LoopChannels& owner_;
  const FollowSettings settings_;
  const WakeFlagRef flag_;
  store::DurableLogRef log_;       // null: nobody has published, as far as we know
  channel::Position absence_{};    // as it was when the log was looked for
  channel::Position cursor_{};     // where those of caught_up_ stand, and those of serving_ will
  std::uint64_t end_ = 0;          // of the log, when last seen
  bool is_settled_ = false;        // the log was looked for
  bool is_stale_ = false;          // woken since the log was last looked for
  bool is_looking_ = false;        // a worker looks for the log, or will
  bool wants_log_ = false;         // … will
  bool is_group_on_disk_ = false;  // a worker reads for caught_up_, or will
  bool wants_group_ = false;       // … will
  std::uint32_t count_ = 0;

  List starting_;   // on_start is to come
  List caught_up_;  // at the cursor
  List serving_;    // take batch_ and are then at the cursor
  List behind_;     // before the cursor
  List round_;      // of those behind who are still to be served in this round
  List ahead_;      // past the cursor: they came while the others lagged
  List on_disk_;    // wait for a worker
  List full_;

  Batch batch_;            // what serving_ is given
  base::TimePoint due_{};  // policy `latest`: not before
  net::MemberTimer<Station, &Station::wake> timer_{*this};
};

}  // namespace naru::hub
