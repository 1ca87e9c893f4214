#include "chat/rooms.hpp"

#include <algorithm>

#include "chat/limits.hpp"

namespace chat {

Rooms::Entry* Rooms::find_entry(const std::string& room) {
  auto found = rooms_.find(room);
  return found == rooms_.end() ? nullptr : &found->second;
}

const Rooms::Entry* Rooms::find_entry(const std::string& room) const {
  auto found = rooms_.find(room);
  return found == rooms_.end() ? nullptr : &found->second;
}

void Rooms::restore(RoomRecord record, std::optional<LastLine> last) {
  std::lock_guard lock(mutex_);
  std::string id = record.id;
  auto [entry, is_new] = rooms_.try_emplace(std::move(id), std::move(record));
  if (is_new) entry->second.room.set_last(std::move(last));
}

void Rooms::enter_lobby(const std::string& socket, const std::string& person) {
  std::lock_guard lock(mutex_);
  std::vector<RoomInfo> all;
  all.reserve(rooms_.size());
  for (const auto& [id, entry] : rooms_)
    all.push_back(entry.room.info());
  std::sort(all.begin(), all.end(), [](const RoomInfo& a, const RoomInfo& b) {
    return a.record.created != b.record.created ? a.record.created < b.record.created
                                                : a.record.id < b.record.id;
  });
  events_.on_lobby_entered(socket, person, std::move(all));
}

// --- made and deleted ---

std::optional<Failure> Rooms::plan(const std::string& owner) {
  std::lock_guard lock(mutex_);
  const auto owned = std::count_if(rooms_.begin(), rooms_.end(),
                                   [&](const auto& entry) { return entry.second.room.is_owner(owner); });
  auto planned = planned_.find(owner);
  const std::size_t his = static_cast<std::size_t>(owned) + (planned == planned_.end() ? 0 : planned->second);
  if (his >= kMaxRoomsOfOwner)
    return Failure{"too_many_rooms", "you have as many rooms as one person may have"};
  if (rooms_.size() + all_planned_ >= kMaxRooms) return Failure{"too_many_rooms", "there are too many rooms"};
  ++planned_[owner];
  ++all_planned_;
  return std::nullopt;
}

void Rooms::give_up(const std::string& owner) {
  std::lock_guard lock(mutex_);
  auto planned = planned_.find(owner);
  if (planned == planned_.end()) return;
  --all_planned_;
  if (--planned->second == 0) planned_.erase(planned);
}

RoomInfo Rooms::create(RoomRecord record) {
  give_up(record.owner);
  std::lock_guard lock(mutex_);
  std::string id = record.id;
  auto [entry, is_new] = rooms_.try_emplace(std::move(id), std::move(record));
  RoomInfo info = entry->second.room.info();
  if (is_new) events_.on_created(info);
  return info;
}

std::optional<Failure> Rooms::check_owner(const std::string& room, const std::string& person) const {
  std::lock_guard lock(mutex_);
  const Entry* entry = find_entry(room);
  if (entry == nullptr) return no_room();
  return entry->room.is_owner(person) ? std::nullopt : std::optional(not_owner());
}

void Rooms::remove(const std::string& room) {
  std::lock_guard lock(mutex_);
  if (rooms_.erase(room) > 0) events_.on_deleted(room);
}

// --- coming and going ---

Rooms::Knock Rooms::knock(const std::string& room, const std::string& person) const {
  std::lock_guard lock(mutex_);
  const Entry* entry = find_entry(room);
  if (entry == nullptr) return {.refusal = no_room()};
  if (entry->room.is_removed(person))
    return {.refusal = Failure{"removed", "you were removed from this room"}};
  if (!entry->room.needs_password(person)) return {};
  return {.password_hash = entry->room.record().password_hash};
}

void Rooms::admit(const std::string& room, const std::string& person) {
  std::lock_guard lock(mutex_);
  if (Entry* entry = find_entry(room)) entry->room.admit(person);
}

std::size_t Rooms::rooms_with(const std::string& person) const {
  return static_cast<std::size_t>(std::count_if(
      rooms_.begin(), rooms_.end(), [&](const auto& entry) { return entry.second.room.has(person); }));
}

std::optional<Failure> Rooms::enter(const std::string& room, Presence presence) {
  std::lock_guard lock(mutex_);
  Entry* entry = find_entry(room);
  if (entry == nullptr) return no_room();
  const std::string& person = presence.person.id;
  if (!entry->room.has(person) && rooms_with(person) >= kMaxRoomsEntered) {
    return Failure{"full", "you are in as many rooms as one person may be in"};
  }
  return entry->room.enter(std::move(presence));
}

std::optional<bool> Rooms::greet(const std::string& room, const std::string& socket) {
  std::lock_guard lock(mutex_);
  Entry* entry = find_entry(room);
  const Presence* presence = entry == nullptr ? nullptr : entry->room.find(socket);
  if (presence == nullptr) return std::nullopt;
  entry->is_changed = entry->people_changed = true;
  events_.on_entered(entry->room.info(), *presence, entry->room.presences());
  return entry->room.greet(socket);
}

void Rooms::leave(const std::string& room, const std::string& socket, Time now) {
  std::lock_guard lock(mutex_);
  Entry* entry = find_entry(room);
  if (entry == nullptr || !entry->room.leave(socket, now)) return;
  entry->is_changed = entry->people_changed = true;
  events_.on_left(room, socket);
}

// --- in a room ---

std::optional<Presence> Rooms::find(const std::string& room, const std::string& socket) const {
  std::lock_guard lock(mutex_);
  const Entry* entry = find_entry(room);
  const Presence* presence = entry == nullptr ? nullptr : entry->room.find(socket);
  return presence == nullptr ? std::nullopt : std::optional(*presence);
}

Rooms::Membership Rooms::membership(const std::string& room, const std::string& person) const {
  std::lock_guard lock(mutex_);
  const Entry* entry = find_entry(room);
  if (entry == nullptr) return Membership::no_room;
  const bool is_in = entry->room.has(person) && !entry->room.is_removed(person);
  return is_in ? Membership::present : Membership::absent;
}

std::vector<std::string> Rooms::rename(const Person& person) {
  std::lock_guard lock(mutex_);
  std::vector<std::string> where;
  for (auto& [id, entry] : rooms_) {
    const std::vector<Presence> renamed = entry.room.rename(person);
    for (const Presence& presence : renamed)
      events_.on_renamed(id, presence);
    if (!renamed.empty()) where.push_back(id);
  }
  return where;
}

Rooms::Removal Rooms::remove_person(const std::string& room, const std::string& owner,
                                    const std::string& person) {
  std::lock_guard lock(mutex_);
  Entry* entry = find_entry(room);
  if (entry == nullptr) return {.refusal = no_room()};
  if (!entry->room.is_owner(owner)) return {.refusal = not_owner()};
  if (owner == person) return {.refusal = bad_request("person: the owner cannot remove himself")};
  auto removed = entry->room.remove(person);
  if (!removed) return {.refusal = Failure{"not_here", "that person is not in this room"}};
  events_.on_removed(room, removed->second);
  return {.who = std::move(removed->first)};
}

void Rooms::tell(const std::string& room, naru::RawJson message, std::optional<LastLine> last) {
  std::lock_guard lock(mutex_);
  Entry* entry = find_entry(room);
  if (entry == nullptr) return;
  events_.on_message(room, std::move(message));
  if (!last || entry->room.record().is_locked()) return;
  entry->room.set_last(std::move(last));
  entry->is_changed = true;
}

std::vector<std::pair<std::string, Person>> Rooms::tick(Time now) {
  std::lock_guard lock(mutex_);
  std::vector<std::pair<std::string, Person>> gone;
  for (auto& [id, entry] : rooms_) {
    for (Person& person : entry.room.gone_for_good(now))
      gone.emplace_back(id, std::move(person));
    if (!std::exchange(entry.is_changed, false)) continue;
    events_.on_changed(entry.room.info(), std::exchange(entry.people_changed, false));
  }
  return gone;
}

}  // namespace chat
