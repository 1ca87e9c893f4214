#include "ws/zlib_memory.hpp"

#include <zlib.h>

#include <cstdlib>
#include <cstring>

namespace naru::ws {
namespace {

// zlib gives back a pointer without its size: that stands in front.
constexpr std::size_t kPrefix = alignof(std::max_align_t);

}  // namespace

void ZlibMemory::lend_to(z_stream_s& stream) noexcept {
  stream.zalloc = allocate;
  stream.zfree = release;
  stream.opaque = this;
}

// Null makes zlib say Z_MEM_ERROR: an exception must not pass through C.
void* ZlibMemory::allocate(void* self, unsigned items, unsigned size) noexcept {
  const std::size_t bytes = kPrefix + std::size_t{items} * size;
  void* const block = std::malloc(bytes);
  if (block == nullptr) return nullptr;
  std::memcpy(block, &bytes, sizeof bytes);
  static_cast<ZlibMemory*>(self)->count(static_cast<std::ptrdiff_t>(bytes));
  return static_cast<char*>(block) + kPrefix;
}

void ZlibMemory::release(void* self, void* block) noexcept {
  void* const begin = static_cast<char*>(block) - kPrefix;
  std::size_t bytes = 0;
  std::memcpy(&bytes, begin, sizeof bytes);
  static_cast<ZlibMemory*>(self)->count(-static_cast<std::ptrdiff_t>(bytes));
  std::free(begin);
}

void ZlibMemory::count(std::ptrdiff_t bytes) {
  bytes_ += static_cast<std::size_t>(bytes);
  host_.count(bytes);
}

}  // namespace naru::ws
