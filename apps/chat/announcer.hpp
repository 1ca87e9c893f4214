// Says to the sockets what has changed in the rooms, in the order in which it changed.
//
// Whatever thread changes something only queues it here, under the lock of Rooms; loop 0 emits it. One
// speaker, because two loops that emit to the same room have no order between them.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "chat/rooms.hpp"
#include "naru/function.hpp"
#include "naru/server.hpp"

namespace chat {

// The lobby's sockets are in the room kEverybody and in the room of their person.
inline constexpr const char* kEverybody = "lobby";

class Announcer final : public RoomEvents {
 public:
  // The server must live as long as this.
  Announcer(naru::Server& server, naru::Namespace& lobby, naru::Namespace& room);

  void on_lobby_entered(const std::string& socket, const std::string& person,
                        std::vector<RoomInfo> all) override;
  void on_created(const RoomInfo& room) override;
  void on_changed(const RoomInfo& room, bool people_changed) override;
  void on_deleted(const std::string& room) override;
  void on_entered(const RoomInfo& room, const Presence& who, std::vector<Presence> people) override;
  void on_renamed(const std::string& room, const Presence& who) override;
  void on_left(const std::string& room, const std::string& socket) override;
  void on_removed(const std::string& room, const std::vector<std::string>& sockets) override;
  void on_message(const std::string& room, naru::RawJson message) override;

  // To all tabs of a person that show the lobby.
  void tell_me(const Person& person);

 private:
  struct Queue {
    std::mutex mutex;
    std::deque<naru::Function<void()>> waiting;
    bool is_scheduled = false;
  };
  void say(naru::Function<void()> emit);
  static void drain(naru::Server& server, const std::shared_ptr<Queue>& queue);

  naru::Server& server_;
  naru::Namespace& lobby_;
  naru::Namespace& room_;
  std::shared_ptr<Queue> queue_ = std::make_shared<Queue>();
};

}  // namespace chat
