// What the chat's namespaces and routes share. One per server; made before Server::run(), lives as long as
// the server does, since its handlers keep it.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "chat/announcer.hpp"
#include "chat/chat.hpp"
#include "chat/identity.hpp"
#include "chat/limits.hpp"
#include "chat/people.hpp"
#include "chat/picture_store.hpp"
#include "chat/rate_limits.hpp"
#include "chat/room_archive.hpp"
#include "chat/room_log.hpp"
#include "chat/rooms.hpp"
#include "chat/talk.hpp"
#include "naru/server.hpp"

namespace chat {

struct Service {
  // Reads what is on the disk.
  Service(naru::Server& on, const ChatOptions& options, const std::string& secret);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Deletes what belongs to a room beside its record. On one of the server's loops.
  naru::Task<> delete_traces(std::string room_id);
  void tick();

  static RateLimits::Time now() { return std::chrono::steady_clock::now(); }

  naru::Server& server;
  naru::Namespace& lobby;
  naru::Namespace& room;
  const std::filesystem::path uploads;

  Identities identities;
  RateLimits limits;
  People people;
  PictureStore pictures;
  RoomArchive archive;
  Announcer announcer;
  Rooms rooms;
  RoomLogs logs;
  Talk talk;

 private:
  void restore_rooms();
  int ticks_ = 0;
};

}  // namespace chat
