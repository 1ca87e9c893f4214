// Where zlib takes its memory from: the heap for small blocks, the system for large ones; counted.
//
//   z_stream stream{};
//   memory.lend_to(stream);                              // before inflateInit2 or deflateInit2
#pragma once

#include <cstddef>

#include "ws/compression_host.hpp"

struct z_stream_s;  // zlib.h

namespace naru::ws {

class ZlibMemory {
 public:
  // Both must outlive every stream that has borrowed from it.
  explicit ZlibMemory(CompressionHost& host) noexcept : host_(host) {}
  ZlibMemory(const ZlibMemory&) = delete;
  ZlibMemory& operator=(const ZlibMemory&) = delete;

  void lend_to(z_stream_s& stream) noexcept;
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  static void* allocate(void* self, unsigned items, unsigned size) noexcept;
  static void release(void* self, void* block) noexcept;
  void count(std::ptrdiff_t bytes);

  CompressionHost& host_;
  std::size_t bytes_ = 0;
};

}  // namespace naru::ws
