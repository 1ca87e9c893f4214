// Which idempotency keys a log has seen, and the number that each got.
//
// A key lives as long as its message and at least `key_age`, but never more than `keys` of them: beyond that
// the oldest go first. forgotten_through() tells whoever has a store behind when to ask it instead. Not
// thread-safe: belongs to its log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/text_map.hpp"

namespace naru::channel {

// A key chosen by a client: a UUID and a prefix for its owner fit well.
inline constexpr std::size_t kMaxIdempotencyKeySize = 200;

class KeyTable {
 public:
  KeyTable(std::size_t max_keys, base::Duration key_age) : max_keys_(max_keys), key_age_(key_age) {}

  std::optional<std::uint64_t> find(std::string_view key) const;
  // REQUIRES: the key is not in the table; offsets come in ascending order.
  void add(std::string_view key, std::uint64_t offset, base::TimePoint at);
  // The messages from `offset` on were not stored: their keys are free again.
  void forget_from(std::uint64_t offset);
  // Drops what need not live on; keys of messages above `visible_end` (not committed yet) always stay.
  void expire(std::uint64_t oldest_kept, std::uint64_t visible_end, base::TimePoint now);

  struct Kept {
    std::string_view key;
    std::uint64_t offset;
    base::TimePoint at;
  };
  // The newest `limit` keys, oldest first; views until the table changes.
  std::vector<Kept> newest(std::size_t limit) const;

  std::size_t size() const noexcept { return order_.size(); }
  // The newest message whose key has left the table by expire(); 0 while none has.
  std::uint64_t forgotten_through() const noexcept { return forgotten_through_; }
  // Bytes of memory, about.
  std::size_t memory() const noexcept { return bytes_; }

 private:
  struct Entry {
    std::uint64_t offset;
    base::TimePoint at;
    const std::string* key;  // the map's own; stays where it is while the key is in the map
  };
  static constexpr std::size_t kEntryOverhead = 128;  // node, bucket, Entry

  void erase(const Entry& entry);

  std::size_t max_keys_;
  base::Duration key_age_;
  base::TextMap<std::uint64_t> offsets_;
  std::deque<Entry> order_;
  std::uint64_t forgotten_through_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace naru::channel
