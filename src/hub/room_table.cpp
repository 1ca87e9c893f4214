#include "hub/room_table.hpp"

#include <algorithm>
#include <cassert>

namespace naru::hub {

void RoomTable::add(Member& member) {
  [[maybe_unused]] const bool is_new = members_.emplace(member.id(), &member).second;
  assert(is_new);
}

void RoomTable::forget(Member& member) {
  assert(member.memberships_.empty());
  members_.erase(member.id());
}

bool RoomTable::join(Member& member, const RoomKey& key) {
  if (contains(member, key)) return false;
  auto [place, is_new] = rooms_.try_emplace(key);
  Room& room = place->second;
  if (is_new) room.key = &place->first;
  member.memberships_.push_back({&room, static_cast<std::uint32_t>(room.members.size())});
  room.members.push_back(&member);
  return true;
}

bool RoomTable::leave(Member& member, const RoomKey& key) {
  auto& joined = member.memberships_;
  auto at = std::find_if(joined.begin(), joined.end(), [&](const auto& m) { return *m.room->key == key; });
  if (at == joined.end()) return false;
  Room& room = *at->room;
  const std::uint32_t index = at->index;
  *at = joined.back();
  joined.pop_back();

  // The room's last member takes the free place.
  Member* last = room.members.back();
  room.members[index] = last;
  room.members.pop_back();
  if (last != &member) {
    for (auto& membership : last->memberships_) {
      if (membership.room == &room) membership.index = index;
    }
  }
  if (room.members.empty()) rooms_.erase(rooms_.find(*room.key));
  return true;
}

Member* RoomTable::find(std::string_view id) const {
  auto found = members_.find(id);
  return found == members_.end() ? nullptr : found->second;
}

bool RoomTable::contains(const Member& member, const RoomKey& key) const {
  return std::any_of(member.memberships_.begin(), member.memberships_.end(),
                     [&](const auto& m) { return *m.room->key == key; });
}

std::vector<std::string> RoomTable::rooms_of(const Member& member) const {
  std::vector<std::string> names;
  names.reserve(member.memberships_.size());
  for (const auto& membership : member.memberships_)
    names.push_back(membership.room->key->name);
  return names;
}

}  // namespace naru::hub
