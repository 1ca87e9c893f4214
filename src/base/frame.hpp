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
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace naru::base {

class FrameBuilder;

class Frame {
 public:
  Frame() noexcept = default;
  Frame(const Frame& other) noexcept : block_(other.block_), data_(other.data_), size_(other.size_) {
    if (block_ != nullptr) block_->references.fetch_add(1, std::memory_order_relaxed);
  }
  Frame(Frame&& other) noexcept
      : block_(std::exchange(other.block_, nullptr)),
        data_(std::exchange(other.data_, "")),
        size_(std::exchange(other.size_, 0)) {}
  Frame& operator=(Frame other) noexcept {
    std::swap(block_, other.block_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Frame() {
    if (block_ != nullptr) release();
  }

  // A frame with its own copy of `bytes`.
  static Frame copy(std::string_view bytes);
  // A frame over bytes that live for the whole program (literals, embedded files); nothing is copied, counted
  // or freed.
  static Frame of_static(std::string_view bytes) noexcept {
    return Frame(nullptr, bytes.data(), bytes.size());
  }

  const char* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  std::string_view view() const noexcept { return {data_, size_}; }
  // How many Frames refer to the bytes now, for the memory ledger and tests; 0 when nothing is counted
  // (empty, static).
  std::uint32_t use_count() const noexcept {
    return block_ == nullptr ? 0 : block_->references.load(std::memory_order_relaxed);
  }

  // The same bytes from `offset` on (at most `count` of them), sharing this allocation. Clamped to the frame.
  Frame part(std::size_t offset, std::size_t count = static_cast<std::size_t>(-1)) const noexcept;

 private:
  friend class FrameBuilder;
  struct Block {
    std::atomic<std::uint32_t> references;
  };
  Frame(Block* block, const char* data, std::size_t size) noexcept
      : block_(block), data_(data), size_(size) {}
  void release() noexcept;

  Block* block_ = nullptr;  // null: the bytes are static
  const char* data_ = "";
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

  // `bytes` must not be a view into this builder.
  void append(std::string_view bytes) {
    if (!bytes.empty()) std::memcpy(grow(bytes.size()), bytes.data(), bytes.size());
  }
  void append(char byte) { *grow(1) = byte; }
  // Makes room for `count` bytes at the end and returns where they go; they count as appended.
  char* grow(std::size_t count) {
    reserve(count);
    char* place = bytes() + end_;
    end_ += count;
    return place;
  }
  // Writes `bytes` before what is there. REQUIRES: bytes.size() <= headroom().
  void prepend(std::string_view bytes);

  std::size_t size() const noexcept { return end_ - begin_; }
  std::size_t headroom() const noexcept { return begin_; }
  std::string_view view() const noexcept {
    return memory_ == nullptr ? std::string_view() : std::string_view(bytes() + begin_, size());
  }

  // The Frame of everything from the first prepended or appended byte on. The builder is empty afterwards.
  Frame take() &&;

 private:
  // The bytes stand behind room for the Frame's block, so that take() copies nothing.
  static constexpr std::size_t kBlockSize = sizeof(Frame::Block);
  char* bytes() noexcept { return memory_ + kBlockSize; }
  const char* bytes() const noexcept { return memory_ + kBlockSize; }
  void reserve(std::size_t more) {
    if (more >= capacity_ - end_) enlarge(more);  // also when there is no memory yet and `more` is 0
  }
  void enlarge(std::size_t more);

  char* memory_ = nullptr;
  std::size_t capacity_ = 0;  // of bytes()
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace naru::base
