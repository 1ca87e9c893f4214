#include "chat/room_archive.hpp"

#include <future>
#include <stdexcept>
#include <utility>

#include "chat/json_object.hpp"
#include "naru/log.hpp"
#include "naru/value.hpp"

namespace chat {

void RoomArchive::load() {
  std::promise<naru::Result<naru::HistoryPage>> promise;
  auto answer = promise.get_future();
  naru::HistoryQuery newest;
  newest.limit = 1;
  channel_.history(newest,
                   [&promise](naru::Result<naru::HistoryPage> page) { promise.set_value(std::move(page)); });
  const naru::Result<naru::HistoryPage> page = answer.get();
  if (!page) throw std::runtime_error("the list of rooms cannot be read: " + page.error().message());
  if (page->messages.empty()) return;
  const naru::Value& list = page->messages.back().data;
  const auto rooms = list.get<std::vector<RoomRecord>>("rooms");
  const auto deleted = list.get<std::vector<std::string>>("being_deleted");
  if (!rooms || !deleted) throw std::runtime_error("the list of rooms is not what this version wrote");
  std::lock_guard lock(mutex_);
  for (const RoomRecord& room : *rooms)
    rooms_.emplace(room.id, room);
  being_deleted_.insert(deleted->begin(), deleted->end());
}

std::vector<RoomRecord> RoomArchive::rooms() const {
  std::lock_guard lock(mutex_);
  std::vector<RoomRecord> all;
  for (const auto& [id, room] : rooms_)
    all.push_back(room);
  return all;
}

std::vector<std::string> RoomArchive::being_deleted() const {
  std::lock_guard lock(mutex_);
  return {being_deleted_.begin(), being_deleted_.end()};
}

naru::Task<bool> RoomArchive::add(RoomRecord record) {
  std::string id = record.id;
  std::unique_lock lock(mutex_);
  rooms_.insert_or_assign(id, std::move(record));
  naru::Later<bool> saving = wait_for_save();
  save(std::move(lock));
  const naru::Result<bool> is_saved = co_await std::move(saving);
  if (is_saved && *is_saved) co_return true;
  std::unique_lock again(mutex_);
  rooms_.erase(id);
  is_dirty_ = true;  // a later list may have taken it along
  save(std::move(again));
  co_return false;
}

naru::Task<bool> RoomArchive::remove(std::string room) {
  std::unique_lock lock(mutex_);
  auto found = rooms_.find(room);
  if (found == rooms_.end()) co_return false;
  RoomRecord record = std::move(found->second);
  rooms_.erase(found);
  being_deleted_.insert(room);
  naru::Later<bool> saving = wait_for_save();
  save(std::move(lock));
  const naru::Result<bool> is_saved = co_await std::move(saving);
  if (is_saved && *is_saved) co_return true;
  std::unique_lock again(mutex_);
  being_deleted_.erase(room);
  rooms_.insert_or_assign(room, std::move(record));
  is_dirty_ = true;
  save(std::move(again));
  co_return false;
}

void RoomArchive::forget(const std::string& room) {
  std::unique_lock lock(mutex_);
  if (being_deleted_.erase(room) == 0) return;
  is_dirty_ = true;
  save(std::move(lock));
}

// Not cancelled when nobody listens any more: whether a room exists is decided by the disk.
naru::Later<bool> RoomArchive::wait_for_save() {
  naru::Completion<bool> completion;
  naru::Later<bool> saving = completion.later(naru::Cancelling::forbidden);
  waiters_.push_back(std::move(completion));
  is_dirty_ = true;
  return saving;
}

naru::RawJson RoomArchive::list() const {
  return json_object([&](naru::ArgumentWriter& out) {
    out.key("rooms");
    out.begin_array();
    for (const auto& [id, room] : rooms_)
      out.value(room);
    out.end_array();
    out.member("being_deleted", std::vector<std::string>(being_deleted_.begin(), being_deleted_.end()));
  });
}

void RoomArchive::save(std::unique_lock<std::mutex> lock) {
  if (is_saving_ || !is_dirty_) return;
  is_saving_ = true;
  is_dirty_ = false;
  const naru::RawJson now = list();
  auto on_stored = [this,
                    waiters = std::exchange(waiters_, {})](naru::Result<naru::Published> stored) mutable {
    if (!stored) naru::log(naru::Level::error, "chat", "the list of rooms: " + stored.error().message());
    saved(stored.has_value(), std::move(waiters));
  };
  lock.unlock();  // the answer may come before publish() returns
  channel_.publish(now, {}, std::move(on_stored));
}

void RoomArchive::saved(bool is_good, Waiters waiters) {
  std::unique_lock lock(mutex_);
  is_saving_ = false;
  save(std::move(lock));
  // Last: whoever waited may be the one who ends this.
  for (auto& waiter : waiters)
    waiter.complete(is_good);
}

}  // namespace chat
