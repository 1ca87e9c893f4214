#include "adapter/room_watch.hpp"

#include <utility>

namespace naru::adapter {

void RoomWatch::add(RoomListener listener) {
  std::lock_guard lock(mutex_);
  listeners_.push_back(std::make_shared<const RoomListener>(std::move(listener)));
  is_on_.store(true, std::memory_order_release);
}

void RoomWatch::count(const std::string& room, std::size_t members) {
  std::lock_guard lock(mutex_);
  members_[room] += members;
}

void RoomWatch::joined(const std::string& room, const std::string& id) {
  std::lock_guard lock(mutex_);
  if (++members_[room] == 1) note(RoomChange::created, room);
  note(RoomChange::joined, room, id);
}

void RoomWatch::left(const std::string& room, const std::string& id) {
  std::lock_guard lock(mutex_);
  note(RoomChange::left, room, id);
  auto found = members_.find(room);
  if (found == members_.end() || --found->second > 0) return;
  members_.erase(found);
  note(RoomChange::deleted, room);
}

void RoomWatch::note(RoomChange change, const std::string& room, const std::string& id) {
  if (untold_.size() < max_untold_) return untold_.push_back({change, room, id});
  log_.log(Level::warning, "socketio",
           "rooms change faster than their listeners take it: changes are not told");
}

void RoomWatch::tell() {
  std::unique_lock lock(mutex_);
  if (is_telling_) return;
  is_telling_ = true;
  while (!untold_.empty()) {
    const Change next = std::move(untold_.front());
    untold_.pop_front();
    const auto listeners = listeners_;
    lock.unlock();
    for (const auto& listener : listeners)
      (*listener)(next.change, next.room, next.id);
    lock.lock();
  }
  is_telling_ = false;
}

}  // namespace naru::adapter
