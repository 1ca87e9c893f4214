// The adapter of one process: a room table per loop, and a directory that says which loops a broadcast must
// reach.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "adapter/adapter.hpp"
#include "adapter/room_watch.hpp"
#include "base/clock.hpp"
#include "base/log_limiter.hpp"
#include "hub/loop_group.hpp"
#include "hub/room_directory.hpp"
#include "hub/room_table.hpp"

namespace naru::adapter {

struct LocalLimits {
  std::size_t max_rooms_per_socket =
      1000;  // a room costs its name and two entries; more is refused and logged
};

class Local : public Adapter, public std::enable_shared_from_this<Local> {
 public:
  explicit Local(std::shared_ptr<const hub::LoopGroup> loops, LocalLimits limits = {});

  void add(Member& member) override;
  void remove(Member& member) override;
  void join(const std::shared_ptr<Member>& member, std::vector<std::string> rooms) override;
  void leave(const std::shared_ptr<Member>& member, std::string room) override;
  std::vector<std::string> rooms_of(const Member& member) const override;
  void broadcast(hub::SharedParcel parcel, Selection selection) override;
  void join_selected(Selection selection, std::string room) override;
  void leave_selected(Selection selection, std::string room) override;
  void disconnect_selected(Selection selection, bool close_connection) override;
  std::size_t visit(Selection selection, std::shared_ptr<const Visit> visit) override;
  void all_rooms(Function<void(std::vector<std::string>)> done) override;
  void watch_rooms(RoomListener listener) override;
  void server_side_emit(Args event, ServersAnswered done) override;
  bool hand_over(hub::LoopIndex loop, Function<void()> work, std::size_t bytes, net::PostKind kind) override;

 protected:
  hub::RoomTable& table_here() { return tables_[hub::LoopGroup::current_loop()]; }
  // The loops where somebody may be selected.
  hub::LoopSet loops_of(const Selection& selection) const;
  // For whom an act may change the table: choose first, act afterwards.
  static std::vector<std::shared_ptr<Member>> choose(hub::RoomTable& table, const Selection& whom);

  const std::shared_ptr<const hub::LoopGroup> loops_;
  base::LogLimiter log_{base::system_clock()};

 private:
  // Null: nobody wants to know. Before this loop's table changes.
  RoomWatch* watch_here();
  void tell_watchers() {
    if (watch_.is_on()) [[unlikely]]
      watch_.tell();
  }
  void broadcast_noted(hub::SharedParcel parcel, const hub::LoopSet& reached, Selection selection);
  bool join_here(Member& member, const hub::RoomKey& room);
  void leave_here(Member& member, const hub::RoomKey& room);
  void warn_of_refusal(std::string_view what);
  // Runs `work(RoomTable&, const Selection&)` on each of these loops: here at once, there by post. Returns
  // those that have taken it.
  template <class Work>
  hub::LoopSet on_loops(const hub::LoopSet& reached, Selection selection, std::size_t bytes,
                        net::PostKind kind, Work work);

  const LocalLimits limits_;
  std::vector<hub::RoomTable> tables_;  // by loop; each is touched by its loop only
  hub::RoomDirectory directory_;        // of rooms and of ids, which are rooms too
  RoomWatch watch_;
  std::vector<char> is_counted_;  // by loop: the watch knows what was there before it; each touches its own
  std::atomic<bool> has_warned_{false};
};

}  // namespace naru::adapter
