#include "store/log_store.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace naru::store {

bool is_log_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kMaxLogName && name.find('\0') == name.npos;
}

channel::Epoch new_epoch() {
  std::array<unsigned char, channel::Epoch::kBytes> random{};
  if (getentropy(random.data(), random.size()) != 0) {
    throw std::system_error(errno, std::generic_category(), "the kernel gives no random bytes");
  }
  return channel::Epoch::from_bytes(random);
}

}  // namespace naru::store
