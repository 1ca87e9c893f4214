#include "hub/absences.hpp"

#include <functional>

#include "store/log_store.hpp"

namespace naru::hub {

std::size_t Absences::share_of(std::string_view name) noexcept {
  return std::hash<std::string_view>()(name) % kShares;
}

channel::Position Absences::position_of(std::string_view name) {
  const std::lock_guard lock(mutex_);
  channel::Epoch& epoch = epochs_[share_of(name)];
  if (epoch.empty()) epoch = store::new_epoch();
  return {epoch, 0};
}

void Absences::renew(std::string_view name) {
  const std::lock_guard lock(mutex_);
  epochs_[share_of(name)] = {};
}

}  // namespace naru::hub
