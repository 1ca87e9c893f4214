// Received bytes that a parser has not taken yet. Empty, it owns nothing; one pointer in its stream.
//
//   tail.assign(rest);              // a copy
//   tail.consume(parser.feed(tail.bytes()));
//   std::span<char> room = tail.grow(8192); tail.commit(receive(room));
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

namespace naru::net {

class ReadTail {
 public:
  std::size_t size() const noexcept { return block_ == nullptr ? 0 : block_->end - block_->begin; }
  bool empty() const noexcept { return size() == 0; }
  // What it takes from the machine, for the ledger.
  std::size_t capacity() const noexcept { return block_ == nullptr ? 0 : block_->capacity; }
  std::span<char> bytes() noexcept;

  // Replaces what is there by a copy of `bytes`, which must not be its own.
  void assign(std::span<const char> bytes);
  // Forgets the first `count` bytes; gives memory back when little is left. REQUIRES: count <= size().
  void consume(std::size_t count);
  // Space for `count` more bytes behind those that are there; commit() says how many of them were filled.
  std::span<char> grow(std::size_t count);
  void commit(std::size_t count) noexcept;
  void clear() noexcept { block_.reset(); }

 private:
  struct Block {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t capacity;
    char* bytes() noexcept { return reinterpret_cast<char*>(this + 1); }
  };
  struct Free {
    void operator()(Block* block) const noexcept { std::free(block); }
  };
  using BlockPointer = std::unique_ptr<Block, Free>;

  static BlockPointer allocate(std::size_t capacity);
  void move_into(std::size_t capacity);

  BlockPointer block_;
};

}  // namespace naru::net
