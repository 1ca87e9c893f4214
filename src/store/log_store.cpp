#include "store/log_store.hpp"

#include <array>
#include <cstddef>

#include "base/ids.hpp"

namespace naru::store {

bool is_log_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kMaxLogName && name.find('\0') == name.npos;
}

channel::Epoch new_epoch() {
  std::array<std::byte, channel::Epoch::kBytes> random{};
  base::random_bytes(random);
  return channel::Epoch::from_bytes(random);
}

}  // namespace naru::store
