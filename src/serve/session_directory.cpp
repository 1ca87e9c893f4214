#include "serve/session_directory.hpp"

#include <utility>

namespace naru::serve {

bool SessionDirectory::add(std::string id, hub::LoopIndex loop) {
  Shard& home = shard(id);
  std::lock_guard lock(home.mutex);
  if (!home.homes.emplace(std::move(id), loop).second) return false;
  size_.fetch_add(1, std::memory_order_release);
  return true;
}

void SessionDirectory::remove(std::string_view id) {
  Shard& home = shard(id);
  std::lock_guard lock(home.mutex);
  const auto found = home.homes.find(id);
  if (found == home.homes.end()) return;
  home.homes.erase(found);
  size_.fetch_sub(1, std::memory_order_release);
}

std::optional<hub::LoopIndex> SessionDirectory::find(std::string_view id) const {
  if (empty()) return std::nullopt;
  const Shard& home = shard(id);
  std::lock_guard lock(home.mutex);
  const auto found = home.homes.find(id);
  return found == home.homes.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace naru::serve
