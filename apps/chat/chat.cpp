#include "chat/chat.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <system_error>

#include "chat/lobby_namespace.hpp"
#include "chat/me_routes.hpp"
#include "chat/pages.hpp"
#include "chat/picture_routes.hpp"
#include "chat/room_namespace.hpp"
#include "chat/secret_file.hpp"
#include "chat/service.hpp"

namespace chat {
namespace {

// How soon the lobby sees that a room has changed: what changes in between is told once.
constexpr std::chrono::milliseconds kTick{250};

// Rooms' passwords (hashed), history and secret are nobody else's affair. A folder that was there keeps its
// mode.
void make_private_folder(const std::filesystem::path& folder) {
  std::error_code failure;  // Server::data() says it better
  if (!std::filesystem::create_directories(folder, failure)) return;
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failure);
}

}  // namespace

void add_chat(naru::Server& server, const ChatOptions& options) {
  make_private_folder(options.data);
  server.data(options.data);
  const auto secret = options.secret_file.empty() ? options.data / "secret" : options.secret_file;
  auto service = std::make_shared<Service>(server, options, load_or_make_secret(secret));
  serve_lobby(service);
  serve_rooms(service);
  serve_me(service);
  serve_pictures(service);
  serve_pages(service);
  server.every(kTick, [service] { service->tick(); });
}

}  // namespace chat
