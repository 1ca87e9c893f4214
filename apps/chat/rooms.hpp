// All rooms of the server, and the one lock that guards them.
//
//   if (auto refusal = rooms.enter(room, {socket.id(), person})) return chat::refused(*refusal);
//
// From any thread. What changes is told to RoomEvents while the lock is held, so that what is told has the
// order of the changes; whoever listens only queues it.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "chat/failure.hpp"
#include "chat/person.hpp"
#include "chat/room.hpp"
#include "chat/room_record.hpp"
#include "naru/raw_json.hpp"

namespace chat {

// Called with the lock held: queue what is to be sent, call nothing of Rooms.
class RoomEvents {
 public:
  virtual ~RoomEvents() = default;
  virtual void on_lobby_entered(const std::string& socket, const std::string& person,
                                std::vector<RoomInfo> all) = 0;
  virtual void on_created(const RoomInfo& room) = 0;
  // `people_changed`: those in the room want to know too.
  virtual void on_changed(const RoomInfo& room, bool people_changed) = 0;
  virtual void on_deleted(const std::string& room) = 0;

  virtual void on_entered(const RoomInfo& room, const Presence& who, std::vector<Presence> people) = 0;
  virtual void on_renamed(const std::string& room, const Presence& who) = 0;
  virtual void on_left(const std::string& room, const std::string& socket) = 0;
  virtual void on_removed(const std::string& room, const std::vector<std::string>& sockets) = 0;
  virtual void on_message(const std::string& room, naru::RawJson message) = 0;
};

class Rooms {
 public:
  using Time = Room::Time;
  explicit Rooms(RoomEvents& events) : events_(events) {}

  // A room from before the start of the server.
  void restore(RoomRecord record, std::optional<LastLine> last);

  void enter_lobby(const std::string& socket, const std::string& person);

  // A room is made in two steps, since between them its password is hashed and its record stored: plan()
  // holds a place, create() or give_up() ends it.
  std::optional<Failure> plan(const std::string& owner);
  void give_up(const std::string& owner);
  RoomInfo create(RoomRecord record);
  std::optional<Failure> check_owner(const std::string& room, const std::string& person) const;
  void remove(const std::string& room);

  // Whether this person may try to come in, and the hash of the password that he must give for it.
  struct Knock {
    std::optional<Failure> refusal = {};
    std::string password_hash = {};
  };
  Knock knock(const std::string& room, const std::string& person) const;
  void admit(const std::string& room, const std::string& person);
  std::optional<Failure> enter(const std::string& room, Presence presence);
  // The room is shown to him and he to the others. True: his `join` line is to be written. None: meanwhile
  // the room was deleted, or he was removed.
  std::optional<bool> greet(const std::string& room, const std::string& socket);
  void leave(const std::string& room, const std::string& socket, Time now);

  std::optional<Presence> find(const std::string& room, const std::string& socket) const;
  enum class Membership { no_room, absent, present };
  Membership membership(const std::string& room, const std::string& person) const;

  // The rooms where he is.
  std::vector<std::string> rename(const Person& person);
  struct Removal {
    std::optional<Failure> refusal = {};
    Person who = {};
  };
  Removal remove_person(const std::string& room, const std::string& owner, const std::string& person);
  // A line is stored: now everybody may see it.
  void tell(const std::string& room, naru::RawJson message, std::optional<LastLine> last);

  // Now and then: tells of changed rooms, together for what changed meanwhile. Answers who has left for good,
  // and where.
  std::vector<std::pair<std::string, Person>> tick(Time now);

 private:
  struct Entry {
    explicit Entry(RoomRecord record) : room(std::move(record)) {}
    Room room;
    bool is_changed = false;
    bool people_changed = false;
  };
  Entry* find_entry(const std::string& room);
  const Entry* find_entry(const std::string& room) const;
  std::size_t rooms_with(const std::string& person) const;

  RoomEvents& events_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry> rooms_;          // guarded by mutex_, as all below
  std::unordered_map<std::string, std::size_t> planned_;  // by owner
  std::size_t all_planned_ = 0;
};

}  // namespace chat
