// Which loop has the session of an id that was not made by us: such an id carries no tag that tells.
//
//   if (!directory.add(id, here)) return refuse("this id is taken");
//   … directory.remove(id);
//   if (auto home = directory.find(sid)) hand_over(*home);
//
// Any thread; sharded, since every request of such a session asks. Holds one entry for each of them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/text_map.hpp"
#include "hub/loop_group.hpp"

namespace naru::serve {

class SessionDirectory {
 public:
  // False: the id is there already.
  bool add(std::string id, hub::LoopIndex loop);
  void remove(std::string_view id);
  std::optional<hub::LoopIndex> find(std::string_view id) const;
  // Costs one load: servers whose ids are our own never ask further.
  bool empty() const noexcept { return size_.load(std::memory_order_acquire) == 0; }

 private:
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    base::TextMap<hub::LoopIndex> homes;
  };
  static constexpr std::size_t kShards = 16;

  // Not the bits by which the shard's own table chooses.
  Shard& shard(std::string_view id) { return shards_[(base::TextHash()(id) >> 7) % kShards]; }
  const Shard& shard(std::string_view id) const { return shards_[(base::TextHash()(id) >> 7) % kShards]; }

  std::array<Shard, kShards> shards_;
  std::atomic<std::size_t> size_{0};
};

}  // namespace naru::serve
