#include "chat/talk.hpp"

#include <memory>
#include <system_error>
#include <utility>

#include "naru/log.hpp"

namespace chat {

void Talk::say(const std::string& room, const Message& line,
               naru::Function<void(naru::Result<Stored>)> done) {
  const std::shared_ptr<RoomLog> log = logs_.find(room);
  if (!log)
    return done(naru::Error(std::make_error_code(std::errc::no_such_file_or_directory), "the room has gone"));
  auto tell = [&rooms = rooms_, room, last = last_line_of(line),
               done = std::move(done)](naru::Result<Stored> stored) mutable {
    if (stored && !stored->repeated) rooms.tell(room, stored->message, std::move(last));
    done(std::move(stored));
  };
  log->publish(line, line.from.id, std::move(tell));
}

naru::Later<Stored> Talk::say(const std::string& room, const Message& line) {
  naru::Completion<Stored> completion;
  naru::Later<Stored> stored = completion.later();
  say(room, line, [completion = std::move(completion)](naru::Result<Stored> result) mutable {
    completion.complete(std::move(result));
  });
  return stored;
}

void Talk::note(const std::string& room, const Message& line) {
  say(room, line, [room, what = line.what](const naru::Result<Stored>& stored) {
    if (stored) return;
    naru::log(naru::Level::warning, "chat",
              "the line \"" + what + "\" of " + room + ": " + stored.error().message());
  });
}

}  // namespace chat
