// Who is in which room on one loop: room -> members and member -> rooms, kept in step. Rooms vanish when
// empty. A member's id is a virtual room: looked up, never stored. Not thread-safe: belongs to its loop.
//
//   table.add(member);  table.join(member, RoomKey("game:7"));
//   table.each(rooms, except, [&](Member& m) { m.deliver(parcel); });
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hub/member.hpp"
#include "hub/room_key.hpp"

namespace naru::hub {

struct Room {
  const RoomKey* key = nullptr;  // the map's
  std::vector<Member*> members;
};

class RoomTable {
 public:
  void add(Member& member);
  // Leaves every room and forgets the member; `left` is told each room's key.
  template <class Left>
  void remove(Member& member, Left&& left) {
    while (!member.memberships_.empty()) {
      RoomKey key = *member.memberships_.back().room->key;
      leave(member, key);
      left(key);
    }
    forget(member);
  }

  // False when it was in that room already.
  bool join(Member& member, const RoomKey& key);
  // False when it was not in that room.
  bool leave(Member& member, const RoomKey& key);

  Member* find(std::string_view id) const;
  std::size_t member_count() const noexcept { return members_.size(); }
  std::size_t room_count() const noexcept { return rooms_.size(); }
  std::size_t rooms_joined(const Member& member) const noexcept { return member.memberships_.size(); }
  bool contains(const Member& member, const RoomKey& key) const;
  std::vector<std::string> rooms_of(const Member& member) const;

  // Calls `take(name, members)` for each room, ids of members among them.
  template <class Take>
  void each_room(Take&& take) const {
    for (const auto& [key, room] : rooms_)
      take(key.name, room.members.size());
    for (const auto& [id, member] : members_)
      take(member->id(), std::size_t{1});
  }

  // Calls `take(Member&)` once for each member that is in one of `rooms` (all members when empty) and in none
  // of `except`. Names are rooms or ids. `take` must not change the table.
  template <class Take>
  void each(std::span<const RoomKey> rooms, std::span<const RoomKey> except, Take&& take) {
    if (rooms.size() == 1 && except.empty()) return each_in(rooms.front(), take);
    const std::uint64_t visit = ++visits_;
    for (const RoomKey& key : except)
      each_in(key, [&](Member& member) { member.visit_ = visit; });
    auto once = [&](Member& member) {
      if (member.visit_ == visit) return;
      member.visit_ = visit;
      take(member);
    };
    if (rooms.empty()) {
      for (auto& [id, member] : members_)
        once(*member);
    } else {
      for (const RoomKey& key : rooms)
        each_in(key, once);
    }
  }

 private:
  template <class Take>
  void each_in(const RoomKey& key, Take&& take) {
    if (auto found = rooms_.find(key); found != rooms_.end()) {
      for (Member* member : found->second.members)
        take(*member);
    }
    if (Member* member = find(key.name)) take(*member);
  }
  void forget(Member& member);

  std::unordered_map<RoomKey, Room, RoomKeyHash> rooms_;
  std::unordered_map<std::string_view, Member*> members_;  // by id; the text is the member's own
  std::uint64_t visits_ = 0;
};

}  // namespace naru::hub
