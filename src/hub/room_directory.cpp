#include "hub/room_directory.hpp"

#include <algorithm>
#include <cassert>

namespace naru::hub {

void RoomDirectory::raise(const RoomKey& room, std::size_t loop) {
  Shard& home = shard(room);
  std::lock_guard lock(home.mutex);
  auto& counts = home.counts.try_emplace(room, loops_, 0U).first->second;
  ++counts[loop];
}

void RoomDirectory::lower(const RoomKey& room, std::size_t loop) {
  Shard& home = shard(room);
  std::lock_guard lock(home.mutex);
  auto found = home.counts.find(room);
  assert(found != home.counts.end() && found->second[loop] > 0);
  --found->second[loop];
  if (std::all_of(found->second.begin(), found->second.end(), [](auto count) { return count == 0; })) {
    home.counts.erase(found);
  }
}

void RoomDirectory::add_loops(const RoomKey& room, LoopSet& loops) const {
  const Shard& home = shard(room);
  std::lock_guard lock(home.mutex);
  auto found = home.counts.find(room);
  if (found == home.counts.end()) return;
  for (std::size_t loop = 0; loop < found->second.size(); ++loop) {
    if (found->second[loop] > 0) loops.set(loop);
  }
}

std::size_t RoomDirectory::room_count() const {
  std::size_t sum = 0;
  for (const Shard& one : shards_) {
    std::lock_guard lock(one.mutex);
    sum += one.counts.size();
  }
  return sum;
}

}  // namespace naru::hub
