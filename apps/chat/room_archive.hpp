// Which rooms there are, over restarts: the newest message of the channel `rooms` is the whole list. It also
// names the rooms that are deleted but whose traces are still on the disk.
//
//   archive.load();                                       // once, before Server::run()
//   auto storing = archive.add(record);
//   if (!co_await std::move(storing)) …                   // not stored: there is no such room
//
// From any thread. Changes that come while one list is being written go into the next one together.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "chat/room_record.hpp"
#include "naru/channel.hpp"
#include "naru/completion.hpp"
#include "naru/task.hpp"

namespace chat {

inline constexpr const char* kRoomsChannel = "rooms";

class RoomArchive {
 public:
  explicit RoomArchive(naru::Channel channel) : channel_(std::move(channel)) {}

  // Waits for the disk; throws std::runtime_error with a sentence when the list cannot be read.
  void load();
  std::vector<RoomRecord> rooms() const;
  // Rooms whose deletion was begun before the restart.
  std::vector<std::string> being_deleted() const;

  // True once it is on the disk; false: nothing has changed.
  naru::Task<bool> add(RoomRecord record);
  // The room is deleted from now on; forget() when its traces are gone too.
  naru::Task<bool> remove(std::string room);
  void forget(const std::string& room);

 private:
  using Waiters = std::vector<naru::Completion<bool>>;
  // REQUIRES, both: the lock is held.
  naru::Later<bool> wait_for_save();
  naru::RawJson list() const;
  // Writes the list unless one is being written, or nothing has changed.
  void save(std::unique_lock<std::mutex> lock);
  void saved(bool is_good, Waiters waiters);

  naru::Channel channel_;
  mutable std::mutex mutex_;
  std::map<std::string, RoomRecord> rooms_;  // guarded by mutex_, as all below
  std::set<std::string> being_deleted_;
  Waiters waiters_;  // for the list that is written next
  bool is_saving_ = false;
  bool is_dirty_ = false;
};

}  // namespace chat
