// Says something in a room: written to its history first, told to those in it when it is on the disk.
//
//   talk.say(room, chat::text_line(id, person, text), [ack](naru::Result<chat::Stored> stored) { … });
//   talk.note(room, chat::system_line("join", person));
//
// From any thread. What one thread says in one room is stored and told in that order.
#pragma once

#include <string>

#include "chat/room_log.hpp"
#include "chat/rooms.hpp"
#include "naru/completion.hpp"

namespace chat {

class Talk {
 public:
  Talk(Rooms& rooms, RoomLogs& logs) : rooms_(rooms), logs_(logs) {}

  // `done` comes once, on any thread. A repeat is not told again.
  void say(const std::string& room, const Message& line, naru::Function<void(naru::Result<Stored>)> done);
  naru::Later<Stored> say(const std::string& room, const Message& line);
  // A system line; when it cannot be stored there is a log line of the program.
  void note(const std::string& room, const Message& line);

 private:
  Rooms& rooms_;
  RoomLogs& logs_;
};

}  // namespace chat
