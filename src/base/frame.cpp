#include "base/frame.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <limits>
#include <new>

namespace naru::base {

Frame Frame::copy(std::string_view bytes) {
  if (bytes.empty()) return {};
  FrameBuilder builder(0, bytes.size() + 1);
  builder.append(bytes);
  return std::move(builder).take();
}

Frame Frame::part(std::size_t offset, std::size_t count) const noexcept {
  if (offset >= size_) return {};
  Frame part(*this);
  part.data_ += offset;
  part.size_ = std::min(count, size_ - offset);
  return part;
}

void Frame::release() noexcept {
  // Whoever drops the last reference must see all that the others did with the bytes before it frees them.
  if (block_->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  std::free(block_);
}

FrameBuilder::FrameBuilder(std::size_t headroom, std::size_t expected) : begin_(headroom), end_(headroom) {
  enlarge(expected);
}

FrameBuilder::FrameBuilder(FrameBuilder&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)),
      capacity_(std::exchange(other.capacity_, 0)),
      begin_(std::exchange(other.begin_, 0)),
      end_(std::exchange(other.end_, 0)) {}

FrameBuilder& FrameBuilder::operator=(FrameBuilder&& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(capacity_, other.capacity_);
  std::swap(begin_, other.begin_);
  std::swap(end_, other.end_);
  return *this;
}

FrameBuilder::~FrameBuilder() {
  std::free(memory_);
}

void FrameBuilder::prepend(std::string_view bytes) {
  assert(bytes.size() <= begin_);
  if (bytes.empty()) return;
  begin_ -= bytes.size();
  std::memcpy(this->bytes() + begin_, bytes.data(), bytes.size());
}

void FrameBuilder::enlarge(std::size_t more) {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max() / 4;
  if (more > kMost || end_ > kMost) throw std::bad_alloc();
  const std::size_t capacity = std::max(end_ + more + 1, 2 * capacity_);
  void* memory = std::realloc(memory_, kBlockSize + capacity);
  if (memory == nullptr) throw std::bad_alloc();
  memory_ = static_cast<char*>(memory);
  capacity_ = capacity;
}

Frame FrameBuilder::take() && {
  // Frames live long in queues and logs: what doubling left over is given back when it is much.
  constexpr std::size_t kWorthShrinking = 512;
  if (memory_ != nullptr && capacity_ - end_ > kWorthShrinking + end_ / 4) {
    if (void* memory = std::realloc(memory_, kBlockSize + end_)) memory_ = static_cast<char*>(memory);
  }
  if (size() == 0) {
    std::free(std::exchange(memory_, nullptr));
    capacity_ = begin_ = end_ = 0;
    return {};
  }
  const char* data = bytes() + begin_;
  auto* block = ::new (static_cast<void*>(memory_)) Frame::Block{1};
  Frame frame(block, data, size());
  memory_ = nullptr;
  capacity_ = begin_ = end_ = 0;
  return frame;
}

}  // namespace naru::base
