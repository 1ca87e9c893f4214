#include "base/byte_chain.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <new>

namespace naru::base {

// One allocation: either a reference to a frame's bytes, or storage behind it that gathers small copies.
struct ByteChain::Piece {
  Piece* next = nullptr;
  Frame owner;
  const char* begin = nullptr;
  const char* end = nullptr;
  char* limit = nullptr;  // where the storage ends; null when there is none

  // What fits into the allocator's per-thread bins (glibc: 1032 bytes): one small message is one cheap
  // allocation.
  static constexpr std::size_t kFirstSize = 1024;
  static constexpr std::size_t kGreatestSize = 16 * 1024;

  std::size_t size() const noexcept { return static_cast<std::size_t>(end - begin); }
  std::size_t room() const noexcept { return static_cast<std::size_t>(limit - end); }
  char* storage() noexcept { return reinterpret_cast<char*>(this + 1); }

  static Piece* make(std::size_t storage_size) {
    void* memory = std::malloc(sizeof(Piece) + storage_size);
    if (memory == nullptr) throw std::bad_alloc();
    auto* piece = ::new (memory) Piece;
    if (storage_size > 0) {
      piece->begin = piece->end = piece->storage();
      piece->limit = piece->storage() + storage_size;
    }
    return piece;
  }
  static void destroy(Piece* piece) noexcept {
    piece->~Piece();
    std::free(piece);
  }
  void append(std::string_view bytes) noexcept {
    std::memcpy(limit - room(), bytes.data(), bytes.size());
    end += bytes.size();
  }
};

void ByteChain::append(const Slice& slice) {
  if (slice.bytes.empty()) return;
  if (slice.bytes.size() <= kCopyBelow || slice.owner.empty()) {
    add_copy(slice.bytes);
  } else {
    Piece* piece = Piece::make(0);
    piece->owner = slice.owner;
    piece->begin = slice.bytes.data();
    piece->end = slice.bytes.data() + slice.bytes.size();
    add(piece);
  }
  size_ += slice.bytes.size();
}

void ByteChain::add_copy(std::string_view bytes) {
  std::size_t storage_size = Piece::kFirstSize - sizeof(Piece);
  if (last_ != nullptr && last_->limit != nullptr) {
    if (last_->room() >= bytes.size()) return last_->append(bytes);
    const auto last_storage = static_cast<std::size_t>(last_->limit - last_->storage());
    storage_size = std::min(2 * last_storage, Piece::kGreatestSize - sizeof(Piece));
  }
  Piece* piece = Piece::make(std::max(storage_size, bytes.size()));
  piece->append(bytes);
  add(piece);
}

void ByteChain::add(Piece* piece) noexcept {
  piece->next = last_ == nullptr ? piece : last_->next;
  if (last_ != nullptr) last_->next = piece;
  last_ = piece;
}

void ByteChain::remove_first() noexcept {
  Piece* first = last_->next;
  if (first == last_) {
    last_ = nullptr;
  } else {
    last_->next = first->next;
  }
  Piece::destroy(first);
}

std::size_t ByteChain::gather(std::span<iovec> out) const {
  if (last_ == nullptr) return 0;
  std::size_t count = 0;
  for (Piece* piece = last_->next; count < out.size(); piece = piece->next) {
    out[count++] = {const_cast<char*>(piece->begin), piece->size()};  // writev does not write to it
    if (piece == last_) break;
  }
  return count;
}

void ByteChain::consume(std::size_t count) {
  assert(count <= size_);
  size_ -= count;
  while (last_ != nullptr && count >= last_->next->size()) {
    count -= last_->next->size();
    remove_first();
  }
  if (count > 0) last_->next->begin += count;
}

void ByteChain::clear() noexcept {
  while (last_ != nullptr)
    remove_first();
  size_ = 0;
}

}  // namespace naru::base
