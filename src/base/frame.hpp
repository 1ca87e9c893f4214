// Immutable bytes that any number of queues, on any loop, may refer to.
//
// A Frame is one allocation: a reference count, then the bytes. Copying a Frame copies a pointer; the bytes
// never change once the Frame exists, so it may be shared between threads without locks. Encode once into a
// FrameBuilder, take the Frame, hand it to every receiver:
//
//   FrameBuilder builder(kHeadroom);
//   builder.append("[\"said\",");  builder.append(text);  builder.append("]");
//   Frame frame = std::move(builder).take();
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace naru::base {

class FrameBuilder;

class Frame {
 public:
  Frame() noexcept = default;
  Frame(const Frame& other) noexcept : block_(other.block_), offset_(other.offset_), size_(other.size_) {
    if (block_ != nullptr) block_->references.fetch_add(1, std::memory_order_relaxed);
  }
  Frame(Frame&& other) noexcept
      : block_(std::exchange(other.block_, nullptr)),
        offset_(std::exchange(other.offset_, 0)),
        size_(std::exchange(other.size_, 0)) {}
  Frame& operator=(Frame other) noexcept {
    std::swap(block_, other.block_);
    std::swap(offset_, other.offset_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Frame() { release(); }

  // A frame with its own copy of `bytes`.
  static Frame copy(std::string_view bytes);
  // A frame over bytes that live for the whole program (literals, embedded files); nothing is copied or freed.
  static Frame of_static(std::string_view bytes);

  const char* data() const noexcept { return block_ == nullptr ? "" : block_->bytes() + offset_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  std::string_view view() const noexcept { return {data(), size_}; }
  // How many Frames refer to the bytes now; for the memory ledger and tests.
  std::uint32_t use_count() const noexcept;

  // The same bytes from `offset` on (at most `count` of them), sharing this allocation. Clamped to the frame.
  Frame part(std::size_t offset, std::size_t count = static_cast<std::size_t>(-1)) const noexcept;

 private:
  friend class FrameBuilder;
  struct Block {
    std::atomic<std::uint32_t> references;
    std::uint32_t is_static;  // 1: the bytes stand elsewhere, `foreign` points to them
    std::size_t capacity;
    const char* foreign;
    const char* bytes() const noexcept {
      return is_static != 0 ? foreign : reinterpret_cast<const char*>(this + 1);
    }
    char* own_bytes() noexcept { return reinterpret_cast<char*>(this + 1); }
  };
  Frame(Block* block, std::size_t offset, std::size_t size) noexcept
      : block_(block), offset_(offset), size_(size) {}
  static Block* allocate(std::size_t capacity);
  void release() noexcept;

  Block* block_ = nullptr;
  std::size_t offset_ = 0;
  std::size_t size_ = 0;
};

// Grows one Frame's bytes in place. `headroom` bytes stay free before the first appended byte, so that a
// transport can later write its header in front without copying (prepend). One owner, one thread.
class FrameBuilder {
 public:
  explicit FrameBuilder(std::size_t headroom = 0, std::size_t expected = 64);
  FrameBuilder(FrameBuilder&&) noexcept;
  FrameBuilder& operator=(FrameBuilder&&) noexcept;
  FrameBuilder(const FrameBuilder&) = delete;
  FrameBuilder& operator=(const FrameBuilder&) = delete;
  ~FrameBuilder();

  void append(std::string_view bytes);
  void append(char byte);
  // Makes room for `count` bytes at the end and returns where they go; they count as appended.
  char* grow(std::size_t count);
  // Writes `bytes` before what is there. REQUIRES: bytes.size() <= headroom().
  void prepend(std::string_view bytes);

  std::size_t size() const noexcept { return end_ - begin_; }
  std::size_t headroom() const noexcept { return begin_; }
  std::string_view view() const noexcept;

  // The Frame of everything from the first prepended or appended byte on. The builder is empty afterwards.
  Frame take() &&;

 private:
  void reserve(std::size_t more);
  Frame::Block* block_ = nullptr;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace naru::base
