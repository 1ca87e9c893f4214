#include "net/wakeup.hpp"

#include <sys/eventfd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace naru::net {

Wakeup::Wakeup() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_) throw std::system_error(last_error(), "cannot create a loop's eventfd (ulimit -n?)");
}

void Wakeup::wake() noexcept {
  const int kept = errno;
  const std::uint64_t one = 1;
  // Only a counter near 2^64 could make it fail, and then the loop is awake already.
  [[maybe_unused]] const auto written = ::write(event_.get(), &one, sizeof one);
  errno = kept;
}

}  // namespace naru::net
