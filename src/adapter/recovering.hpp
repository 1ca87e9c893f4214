// The adapter of one process for a namespace whose sockets may come back: Local, with a log.
//
// Events get their numbers in one place, under one short lock, and are put into the lane of every loop that
// they are for under the same lock. A loop runs its lane in order; a caller on a loop runs its own at once.
// What else goes to another loop (a join, a visit) stands in the same lane, so each caller's order holds. To
// come back is: join the rooms, which brings later events into the lane, then take the log's end under the
// lock and read up to it; whoever numbers after that finds the loop among those to be reached.
//
// The lock is never held while anything is encoded, written, or a user is called.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapter/lane.hpp"
#include "adapter/local.hpp"
#include "adapter/log_position.hpp"
#include "adapter/recovery.hpp"
#include "adapter/recovery_log.hpp"
#include "adapter/session_store.hpp"

namespace naru::adapter {

struct RecoveringOptions {
  base::Duration window = std::chrono::minutes(2);
  // An event is kept so much longer than the window: what was sent before that to whoever is cut off now has
  // been confirmed by a heartbeat (ping interval and twice the ping time-out).
  base::Duration confirmation = std::chrono::seconds(65);
  std::size_t max_log_bytes = std::size_t{32} << 20;
  SessionLimits sessions{};
  // How long a numbered event may wait for its loop at most, as far as heartbeats are concerned.
  base::Duration lag = std::chrono::seconds(5);
  // What may wait for a loop; the same as a loop's inbox takes (design, section 3).
  std::size_t max_lane_bytes = std::size_t{64} << 20;
  const base::Clock* clock = &base::system_clock();
  // Called when there is something that expires and expire() has said kNever. Any thread, no lock is held.
  Function<void()> on_kept = {};
};

class Recovering final : public Local, public Recovery {
 public:
  Recovering(std::shared_ptr<const hub::LoopGroup> loops, LocalLimits limits, RecoveringOptions options);

  void add(Member& member) override;
  bool hand_over(hub::LoopIndex loop, Function<void()> work, std::size_t bytes, net::PostKind kind) override;

  bool emit(Event event, Selection selection) override;
  void admit(const std::shared_ptr<Member>& member, std::string pid) override;
  [[nodiscard]] bool resume(const std::shared_ptr<Member>& member, Restored restored) override;
  void save_session(const Member& member, Session session) override;
  void forget_session(std::string_view pid) override;
  void restore_session(std::string pid, std::optional<std::string> offset,
                       Function<void(std::optional<Restored>)> found) override;
  void give_back(Session session) override;
  void forget_identity(std::string_view identity) override;
  base::TimePoint expire() override;
  void close() override;

  const std::string& epoch() const noexcept { return epoch_; }

 private:
  // A socket that is connected, by its pid.
  struct Live {
    std::weak_ptr<Member> member;
    std::uint64_t began = 0;    // where it stood when it was let in
    std::uint64_t through = 0;  // what it had been given by then
    base::TimePoint since{};
  };
  struct Search;

  // With mutex_ held. False: there is no room, or no loop any more.
  bool enqueue(hub::LoopIndex loop, const LoggedEventRef& event);
  void wake(hub::LoopIndex loop);
  std::size_t lane_limit(net::PostKind kind) const;
  std::optional<std::uint64_t> missed_since(const Session& session,
                                            const std::optional<std::string>& offset) const;

  // On a loop.
  void deliver(const LoggedEvent& event);
  void run_lane_if_any();
  void run_lane();
  bool refill();
  bool gather(Replay& missed, const RoomSet& rooms);

  void search(const std::shared_ptr<Search>& search);
  void take_over(const std::shared_ptr<Search>& search, std::shared_ptr<Member> connected);
  std::optional<Restored> prepare(Session session, const std::optional<std::string>& offset);
  void tell_kept();
  void discard_waiting();

  const RecoveringOptions options_;
  const std::string epoch_ = new_epoch();
  std::atomic<bool> is_expiry_expected_{false};

  std::mutex mutex_;
  RecoveryLog events_;
  SessionStore sessions_;
  std::unordered_map<std::string, Live> live_;
  std::vector<Lane> lanes_;  // by loop
  bool is_closed_ = false;

  // What a loop is doing: its own, but for `has_waiting`.
  struct alignas(64) Here {
    std::atomic<bool> has_waiting{false};  // in its lane
    bool is_delivering = false;            // an event: the next one must wait
    std::vector<LaneItem> batch;           // taken out of its lane
    std::size_t next = 0;
  };
  Here& here() { return here_[hub::LoopGroup::current_loop()]; }
  std::deque<Here> here_;  // by loop
};

}  // namespace naru::adapter
