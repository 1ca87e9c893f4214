#include "ws/zlib_memory.hpp"

#include <sys/mman.h>
#include <zlib.h>

#include <cstdlib>
#include <cstring>

namespace naru::ws {
namespace {

// zlib gives back a pointer without its size: that stands in front.
constexpr std::size_t kPrefix = alignof(std::max_align_t);
// Blocks of this size (a compressor's) come from the system by themselves: freed from the middle of the heap
// they would stay with the process, and connections that have fallen silent would cost it what they did at
// their busiest.
constexpr std::size_t kMappedFrom = std::size_t{64} << 10;

void* take(std::size_t bytes) noexcept {
  if (bytes < kMappedFrom) return std::malloc(bytes);
  void* const block = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return block == MAP_FAILED ? nullptr : block;
}

void give_back(void* block, std::size_t bytes) noexcept {
  bytes < kMappedFrom ? std::free(block) : static_cast<void>(::munmap(block, bytes));
}

}  // namespace

void ZlibMemory::lend_to(z_stream_s& stream) noexcept {
  stream.zalloc = allocate;
  stream.zfree = release;
  stream.opaque = this;
}

// Null makes zlib say Z_MEM_ERROR: an exception must not pass through C.
void* ZlibMemory::allocate(void* self, unsigned items, unsigned size) noexcept {
  const std::size_t bytes = kPrefix + std::size_t{items} * size;
  void* const block = take(bytes);
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
  give_back(begin, bytes);
}

void ZlibMemory::count(std::ptrdiff_t bytes) {
  bytes_ += static_cast<std::size_t>(bytes);
  host_.count(bytes);
}

}  // namespace naru::ws
