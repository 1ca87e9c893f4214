#include "hub/wake_table.hpp"

#include <functional>

namespace naru::hub {

WakeTable::Share& WakeTable::share_of(std::string_view name) const noexcept {
  return shares_[std::hash<std::string_view>()(name) % kShares];
}

void WakeTable::add(const WakeFlagRef& flag) {
  Share& share = share_of(flag->name());
  const std::lock_guard lock(share.mutex);
  share.flags[flag->name()].push_back(flag);
  count_.fetch_add(1);
}

void WakeTable::remove(const WakeFlag& flag) noexcept {
  Share& share = share_of(flag.name());
  const std::lock_guard lock(share.mutex);
  const auto found = share.flags.find(flag.name());
  if (found == share.flags.end()) return;
  count_.fetch_sub(std::erase_if(found->second, [&](const WakeFlagRef& one) { return one.get() == &flag; }));
  if (found->second.empty()) share.flags.erase(found);
}

// Posting under the share's lock is short, and a flag that is being removed is then cut by its own loop.
void WakeTable::raise(std::string_view name) const {
  if (count_.load() == 0) return;
  const Share& share = share_of(name);
  const std::lock_guard lock(share.mutex);
  const auto found = share.flags.find(name);
  if (found == share.flags.end()) return;
  for (const WakeFlagRef& flag : found->second) {
    if (flag->raise())
      loops_->post(
          flag->loop(), [flag] { flag->wake(); }, 0, net::PostKind::control);
  }
}

}  // namespace naru::hub
