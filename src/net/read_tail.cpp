#include "net/read_tail.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

namespace naru::net {

namespace {
// Small tails differ by a few bytes from read to read: rounding keeps them in few sizes of the allocator.
constexpr std::size_t kGrain = 64;
}  // namespace

ReadTail::BlockPointer ReadTail::allocate(std::size_t capacity) {
  void* const memory = std::malloc(sizeof(Block) + capacity);
  if (memory == nullptr) throw std::bad_alloc();
  return BlockPointer(::new (memory) Block{0, 0, static_cast<std::uint32_t>(capacity)});
}

std::span<char> ReadTail::bytes() noexcept {
  if (block_ == nullptr) return {};
  return {block_->bytes() + block_->begin, size()};
}

void ReadTail::assign(std::span<const char> bytes) {
  block_.reset();
  if (bytes.empty()) return;
  block_ = allocate((bytes.size() + kGrain - 1) / kGrain * kGrain);
  std::memcpy(block_->bytes(), bytes.data(), bytes.size());
  block_->end = static_cast<std::uint32_t>(bytes.size());
}

void ReadTail::consume(std::size_t count) {
  assert(count <= size());
  if (count == size()) return clear();
  block_->begin += static_cast<std::uint32_t>(count);
  if (count > 0 && size() <= capacity() / 4) move_into((size() + kGrain - 1) / kGrain * kGrain);
}

std::span<char> ReadTail::grow(std::size_t count) {
  const std::size_t needed = size() + count;
  // Doubles when it moves, so that moving costs each byte O(1), also when the parser takes little at a time.
  const std::size_t usable = block_ == nullptr ? 0 : capacity() - block_->begin;
  if (needed > usable) move_into(std::max(needed, 2 * size()));
  return {block_->bytes() + block_->end, count};
}

void ReadTail::commit(std::size_t count) noexcept {
  assert(count <= capacity() - block_->end);
  block_->end += static_cast<std::uint32_t>(count);
}

void ReadTail::move_into(std::size_t capacity) {
  BlockPointer next = allocate(capacity);
  const std::span<char> kept = bytes();
  if (!kept.empty()) std::memcpy(next->bytes(), kept.data(), kept.size());
  next->end = static_cast<std::uint32_t>(kept.size());
  block_ = std::move(next);
}

}  // namespace naru::net
