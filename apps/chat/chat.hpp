// The chat service of docs/protocol/chat.md as a part of any naru server, on the public API only.
//
//   naru::Server server({.loops = naru::all_cores});
//   chat::add_chat(server, {.data = "naru-data"});
//   server.listen({.port = 8005});
//   server.run();
//
// Before Server::run(), on the thread that sets the server up. Throws std::system_error or std::runtime_error
// with a sentence that says what to do.
#pragma once

#include <filesystem>

#include "naru/server.hpp"

namespace chat {

struct ChatOptions {
  std::filesystem::path data = "naru-data";  // history, rooms, pictures; made when missing
  std::filesystem::path secret_file = {};    // signs the cookies; empty: `secret` in the data folder
  double messages_per_second = 10;  // of one session, after a burst of 40; 0: no limit, for load tests
};

void add_chat(naru::Server& server, const ChatOptions& options = {});

}  // namespace chat
