// What a stream still has to write: references to shared frames in order, without copies of large ones.
//
// Small pieces (up to kCopyBelow bytes) that follow each other are gathered into one buffer: copying them
// costs less than one more piece in the system call (design, section 7). An empty chain owns no memory, so an
// idle connection pays one pointer for it. Not thread-safe: belongs to one stream.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "base/frame.hpp"

namespace naru::base {

// Bytes to write: a view and the Frame that keeps it alive. With an empty `owner` the view is the caller's
// and is valid only during the call; whoever keeps it must copy it.
struct Slice {
  Frame owner;
  std::string_view bytes;

  Slice() = default;
  Slice(Frame frame) : owner(std::move(frame)), bytes(owner.view()) {}  // NOLINT: meant as a conversion
  Slice(Frame frame, std::string_view part) : owner(std::move(frame)), bytes(part) {}
  static Slice borrowed(std::string_view bytes) { return Slice(Frame(), bytes); }
};

class ByteChain {
 public:
  static constexpr std::size_t kCopyBelow = 1024;

  ByteChain() noexcept = default;
  ByteChain(ByteChain&& other) noexcept
      : last_(std::exchange(other.last_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  ByteChain& operator=(ByteChain&& other) noexcept {
    std::swap(last_, other.last_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~ByteChain() { clear(); }

  // Adds a piece at the end: small or ownerless bytes are copied, others are kept by reference.
  void append(const Slice& slice);
  void append(std::string_view bytes) { append(Slice::borrowed(bytes)); }

  // Fills `out` with the first pieces, for writev; returns how many. Valid until the chain changes.
  std::size_t gather(std::span<iovec> out) const;
  // Forgets the first `count` bytes. REQUIRES: count <= size().
  void consume(std::size_t count);
  void clear() noexcept;

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

 private:
  struct Piece;
  void add_copy(std::string_view bytes);
  void add(Piece* piece) noexcept;
  void remove_first() noexcept;

  Piece* last_ = nullptr;  // a ring: last_->next is the first piece
  std::size_t size_ = 0;
};

}  // namespace naru::base
