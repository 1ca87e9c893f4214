#include "chat/announcer.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

#include "chat/json_object.hpp"
#include "naru/log.hpp"

namespace chat {
namespace {

constexpr std::size_t kPerTurn = 256;  // then other work of loop 0 has its turn

naru::RawJson named(std::string_view member, const std::string& name) {
  return json_object([&](naru::ArgumentWriter& out) { out.member(member, name); });
}

}  // namespace

Announcer::Announcer(naru::Server& server, naru::Namespace& lobby, naru::Namespace& room)
    : server_(server), lobby_(lobby), room_(room) {}

void Announcer::say(naru::Function<void()> emit) {
  std::lock_guard lock(queue_->mutex);
  queue_->waiting.push_back(std::move(emit));
  if (std::exchange(queue_->is_scheduled, true)) return;
  server_.defer([&server = server_, queue = queue_] { drain(server, queue); });
}

void Announcer::drain(naru::Server& server, const std::shared_ptr<Queue>& queue) {
  std::vector<naru::Function<void()>> now;
  {
    std::lock_guard lock(queue->mutex);
    const auto count = static_cast<std::ptrdiff_t>(std::min(queue->waiting.size(), kPerTurn));
    now.assign(std::make_move_iterator(queue->waiting.begin()),
               std::make_move_iterator(queue->waiting.begin() + count));
    queue->waiting.erase(queue->waiting.begin(), queue->waiting.begin() + count);
  }
  for (const auto& emit : now) {
    try {
      emit();
    } catch (const std::exception& failure) {
      naru::log(naru::Level::error, "chat", std::string("something could not be told: ") + failure.what());
    }
  }
  std::lock_guard lock(queue->mutex);
  queue->is_scheduled = !queue->waiting.empty();
  if (queue->is_scheduled) server.defer([&server, queue] { drain(server, queue); });
}

// --- the lobby ---

void Announcer::on_lobby_entered(const std::string& socket, const std::string& person,
                                 std::vector<RoomInfo> all) {
  say([&lobby = lobby_, socket, person, all = std::move(all)] {
    // It joins here and not before: what is said to everybody after this list comes after it.
    lobby.in(socket).sockets_join(kEverybody);
    lobby.in(socket).sockets_join(person);
    lobby.to(socket).emit("rooms", all);
  });
}

void Announcer::on_created(const RoomInfo& room) {
  say([&lobby = lobby_, room] { lobby.to(kEverybody).emit("room", room); });
}

void Announcer::on_changed(const RoomInfo& room, bool people_changed) {
  say([this, room, people_changed] {
    lobby_.to(kEverybody).emit("room", room);
    if (people_changed) room_.to(room.record.id).emit("room", room);
  });
}

void Announcer::on_deleted(const std::string& room) {
  say([this, room] {
    room_.to(room).emit("gone", named("reason", "deleted"));
    room_.in(room).disconnect_sockets();
    lobby_.to(kEverybody).emit("room_gone", named("id", room));
  });
}

void Announcer::tell_me(const Person& person) {
  say([&lobby = lobby_, person] { lobby.to(person.id).emit("me", person); });
}

// --- a room ---

void Announcer::on_entered(const RoomInfo& room, const Presence& who, std::vector<Presence> people) {
  say([&nsp = room_, room, who, people = std::move(people)] {
    nsp.to(room.record.id).emit("present", who);
    nsp.in(who.socket).sockets_join(room.record.id);
    nsp.to(who.socket).emit("welcome", json_object([&](naru::ArgumentWriter& out) {
                              out.member("room", room);
                              out.member("you", who);
                              out.member("people", people);
                            }));
  });
}

void Announcer::on_renamed(const std::string& room, const Presence& who) {
  say([&nsp = room_, room, who] { nsp.to(room).emit("present", who); });
}

void Announcer::on_left(const std::string& room, const std::string& socket) {
  say([&nsp = room_, room, socket] { nsp.to(room).emit("absent", named("socket", socket)); });
}

void Announcer::on_removed(const std::string& room, const std::vector<std::string>& sockets) {
  say([&nsp = room_, room, sockets] {
    for (const std::string& socket : sockets) {
      nsp.to(socket).emit("gone", named("reason", "removed"));
      nsp.in(socket).disconnect_sockets();
    }
  });
}

void Announcer::on_message(const std::string& room, naru::RawJson message) {
  say([&nsp = room_, room, message = std::move(message)] { nsp.to(room).emit("message", message); });
}

}  // namespace chat
