// A file descriptor with one owner: closed when the owner goes.
//
//   UniqueDescriptor descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
//   if (!descriptor) return last_error();
//   ::listen(descriptor.get(), 128);
#pragma once

#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace naru::net {

class UniqueDescriptor {
 public:
  UniqueDescriptor() noexcept = default;
  explicit UniqueDescriptor(int descriptor) noexcept : descriptor_(descriptor) {}
  UniqueDescriptor(UniqueDescriptor&& other) noexcept : descriptor_(other.release()) {}
  UniqueDescriptor& operator=(UniqueDescriptor&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  UniqueDescriptor(const UniqueDescriptor&) = delete;
  UniqueDescriptor& operator=(const UniqueDescriptor&) = delete;
  ~UniqueDescriptor() { reset(); }

  int get() const noexcept { return descriptor_; }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  int release() noexcept { return std::exchange(descriptor_, -1); }
  // close() is not repeated on EINTR: on Linux the descriptor is gone by then, and may be somebody else's.
  void reset(int descriptor = -1) noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = descriptor;
  }

 private:
  int descriptor_ = -1;
};

// errno as an error_code.
inline std::error_code last_error() noexcept {
  return {errno, std::system_category()};
}

}  // namespace naru::net
