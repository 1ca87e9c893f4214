// The adapter of one process: a room table per loop, and a directory that says which loops a broadcast must
// reach.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapter/adapter.hpp"
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

class Local final : public Adapter, public std::enable_shared_from_this<Local> {
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

 private:
  hub::RoomTable& table_here() { return tables_[hub::LoopGroup::current_loop()]; }
  // The loops where somebody may be selected.
  hub::LoopSet loops_of(const Selection& selection) const;
  bool join_here(Member& member, const hub::RoomKey& room);
  void leave_here(Member& member, const hub::RoomKey& room);
  // Runs `work(RoomTable&, const Selection&)` on each of these loops: here at once, there by
  // post.
  template <class Work>
  std::size_t on_loops(const hub::LoopSet& reached, Selection selection, std::size_t bytes,
                       net::PostKind kind, Work work);

  const std::shared_ptr<const hub::LoopGroup> loops_;
  const LocalLimits limits_;
  std::vector<hub::RoomTable> tables_;  // by loop; each is touched by its loop only
  hub::RoomDirectory directory_;        // of rooms and of ids, which are rooms too
  base::LogLimiter log_{base::system_clock()};
};

}  // namespace naru::adapter
