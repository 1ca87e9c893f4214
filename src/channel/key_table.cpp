#include "channel/key_table.hpp"

#include <algorithm>
#include <cassert>

namespace naru::channel {

std::optional<std::uint64_t> KeyTable::find(std::string_view key) const {
  const auto found = offsets_.find(key);
  if (found == offsets_.end()) return std::nullopt;
  return found->second;
}

void KeyTable::add(std::string_view key, std::uint64_t offset, base::TimePoint at) {
  assert(order_.empty() || order_.back().offset < offset);
  const auto [place, is_new] = offsets_.emplace(std::string(key), offset);
  assert(is_new);
  if (!is_new) return;
  order_.push_back({offset, at, &place->first});
  bytes_ += kEntryOverhead + key.size();
}

void KeyTable::forget_from(std::uint64_t offset) {
  while (!order_.empty() && order_.back().offset >= offset) {
    erase(order_.back());
    order_.pop_back();
  }
}

void KeyTable::expire(std::uint64_t oldest_kept, std::uint64_t visible_end, base::TimePoint now) {
  while (!order_.empty() && order_.front().offset <= visible_end) {
    const Entry& oldest = order_.front();
    const bool has_lived = oldest.offset < oldest_kept && now - oldest.at >= key_age_;
    if (!has_lived && order_.size() <= max_keys_) return;
    forgotten_through_ = oldest.offset;
    erase(oldest);
    order_.pop_front();
  }
}

std::vector<KeyTable::Kept> KeyTable::newest(std::size_t limit) const {
  std::vector<Kept> kept;
  for (std::size_t i = order_.size() - std::min(limit, order_.size()); i < order_.size(); ++i) {
    kept.push_back({*order_[i].key, order_[i].offset, order_[i].at});
  }
  return kept;
}

void KeyTable::erase(const Entry& entry) {
  bytes_ -= kEntryOverhead + entry.key->size();
  offsets_.erase(offsets_.find(*entry.key));
}

}  // namespace naru::channel
