// One room while the server runs: who is in it, by which tabs; who may not come, who need not give the
// password again.
//
//   if (auto refusal = room.enter({socket, person})) return *refusal;
//   bool writes_join = room.greet(socket);        // false: he was here a moment ago
//   room.leave(socket, now);
//   for (const Person& person : room.gone_for_good(now)) write_leave(person);
//
// Plain data, no lock: Rooms has it. Tells nobody.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "chat/bounded_set.hpp"
#include "chat/failure.hpp"
#include "chat/limits.hpp"
#include "chat/person.hpp"
#include "chat/room_record.hpp"

namespace chat {

class Room {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Room(RoomRecord record) : record_(std::move(record)) {}

  const RoomRecord& record() const { return record_; }
  RoomInfo info() const { return {record_, people_, last_}; }
  bool is_owner(const std::string& person) const { return record_.owner == person; }
  std::size_t people() const { return people_; }  // persons with a tab in it
  bool has(const std::string& person) const;
  std::vector<Presence> presences() const;
  // Null: not in the room, or removed from it.
  const Presence* find(const std::string& socket) const;

  bool needs_password(const std::string& person) const;
  void admit(std::string person) { admitted_.add(std::move(person)); }
  bool is_removed(const std::string& person) const { return removed_.contains(person); }

  // The owner always finds a place.
  std::optional<Failure> enter(Presence presence);
  // After enter(), once he has been shown the room. True: his `join` line is to be written.
  bool greet(const std::string& socket);
  // False: that socket was not in the room.
  bool leave(const std::string& socket, Time now);
  // Persons whose grace has ended: their `leave` lines are to be written.
  std::vector<Person> gone_for_good(Time now);

  // The tabs that this person has here, renamed.
  std::vector<Presence> rename(const Person& person);
  // Nobody with that id is or just was here: none. Else who it was, and his tabs.
  std::optional<std::pair<Person, std::vector<std::string>>> remove(const std::string& person);

  void set_last(std::optional<LastLine> last);

 private:
  struct Here {
    Person person;
    std::size_t tabs = 0;
    bool is_announced = false;         // his `join` line was written
    std::optional<Time> left_at = {};  // the last tab has gone
  };

  RoomRecord record_;
  std::map<std::string, Presence> presences_;   // by socket
  std::unordered_map<std::string, Here> here_;  // by person; also those in their grace
  std::size_t people_ = 0;                      // those of here_ with a tab
  std::size_t leaving_ = 0;                     // those of here_ in their grace
  BoundedSet removed_{kMaxRemoved};
  BoundedSet admitted_{kMaxAdmitted};
  std::optional<LastLine> last_;
};

}  // namespace chat
