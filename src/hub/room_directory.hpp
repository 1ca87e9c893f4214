// room -> how many members it has on each loop, so that a broadcast goes only to loops that have receivers.
//
// A join raises the count where it is called, before it is posted to the member's loop; a leave lowers it
// where it is applied. So whoever joins a member and then broadcasts always reaches it. Any thread; sharded
// locks.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "hub/room_key.hpp"

namespace naru::hub {

inline constexpr std::size_t kMaxLoops = 255;
using LoopSet = std::bitset<kMaxLoops + 1>;

class RoomDirectory {
 public:
  explicit RoomDirectory(std::size_t loops) : loops_(loops) {}

  void raise(const RoomKey& room, std::size_t loop);
  void lower(const RoomKey& room, std::size_t loop);
  // The loops that have, or are about to have, members of this room.
  void add_loops(const RoomKey& room, LoopSet& loops) const;
  std::size_t room_count() const;

 private:
  static constexpr std::size_t kShards = 16;  // joins of different rooms seldom meet on a lock
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<RoomKey, std::vector<std::uint32_t>, RoomKeyHash> counts;
  };
  Shard& shard(const RoomKey& room) { return shards_[(room.hash >> 7) % kShards]; }
  const Shard& shard(const RoomKey& room) const { return shards_[(room.hash >> 7) % kShards]; }

  std::size_t loops_;
  std::array<Shard, kShards> shards_;
};

}  // namespace naru::hub
