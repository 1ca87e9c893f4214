// The history of one room: the naru channel `chat:ROOM_ID`.
//
//   std::shared_ptr<RoomLog> log = logs.find(room);
//   log->publish(line, person_id, [](naru::Result<chat::Stored> stored) { … });
//   auto reading = log->page(query);
//   naru::Result<HistoryAnswer> page = co_await std::move(reading);
//
// From any thread. Who publishes keeps the log until it is stored; a deleted room's channel is removed when
// the last of them has let go, so that nothing is written to a channel that is gone.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "chat/message.hpp"
#include "naru/channel.hpp"
#include "naru/function.hpp"
#include "naru/raw_json.hpp"
#include "naru/result.hpp"
#include "naru/server.hpp"
#include "naru/task.hpp"

namespace chat {

inline constexpr const char* kChannelPrefix = "chat:";

struct Stored {
  naru::RawJson message;  // with its position; of a repeat this is what was sent now, not what is stored
  naru::Position position;
  bool repeated = false;
};

struct HistoryAnswer {
  std::vector<naru::RawJson> messages;  // oldest first
  bool more = false;
  bool recovered = true;
};

class RoomLog : public std::enable_shared_from_this<RoomLog> {
 public:
  explicit RoomLog(naru::Channel channel) : channel_(std::move(channel)) {}
  ~RoomLog();
  RoomLog(const RoomLog&) = delete;
  RoomLog& operator=(const RoomLog&) = delete;

  // Numbered now, in the order of the calls. `done` comes when it is on the disk, or has failed, on any
  // thread. The id is the sender's own affair: two persons may use the same one.
  void publish(const Message& line, const std::string& sender,
               naru::Function<void(naru::Result<Stored>)> done);
  // A page before or after a position; one that is unknown, and none: the newest.
  naru::Task<naru::Result<HistoryAnswer>> page(naru::HistoryQuery query);
  // What this sender has stored under this id, among the newest `depth` messages.
  naru::Task<std::optional<naru::RawJson>> find(std::string sender, std::string id, std::size_t depth);

  // The room is deleted; `done` comes when nothing of it is on the disk any more.
  void remove_at_end(naru::Function<void()> done);

 private:
  naru::Channel channel_;
  naru::Function<void()> on_removed_;  // set: the channel is to be removed
};

// The logs of all rooms by the room's id.
class RoomLogs {
 public:
  explicit RoomLogs(naru::Server& server) : server_(server) {}

  std::shared_ptr<RoomLog> open(const std::string& room);
  // Null: no such room.
  std::shared_ptr<RoomLog> find(const std::string& room) const;
  void remove(const std::string& room, naru::Function<void()> done);

 private:
  naru::Server& server_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<RoomLog>> logs_;  // guarded by mutex_
};

}  // namespace chat

template <>
struct naru::Codec<chat::HistoryAnswer> {
  static void encode(ArgumentWriter& out, const chat::HistoryAnswer& page) {
    out.begin_object();
    out.member("ok", true);
    out.member("messages", page.messages);
    out.member("more", page.more);
    out.member("recovered", page.recovered);
    out.end_object();
  }
};
