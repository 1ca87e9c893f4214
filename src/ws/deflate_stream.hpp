// One raw DEFLATE stream being written, message by message (RFC 7692 section 7.2.1).
//
//   DeflateStream stream(memory, 15, 1);
//   stream.compress("hello", payload);
//   stream.restart();                                    // the next one shall not refer to this one
//
// It holds up to 270 KB: four times its window, and 128 KB.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ws/zlib_memory.hpp"

namespace naru::ws {

class DeflateStream {
 public:
  // `window_bits`: 8 to 15; `level`: 1 to 9. Throws std::bad_alloc when the machine has no memory left.
  DeflateStream(ZlibMemory& memory, int window_bits, int level);
  ~DeflateStream();
  DeflateStream(const DeflateStream&) = delete;
  DeflateStream& operator=(const DeflateStream&) = delete;

  void restart() noexcept;
  // Appends the message as a compressed frame carries it. REQUIRES: bytes is not empty.
  void compress(std::string_view bytes, std::string& out);

 private:
  void compress_some(std::string_view bytes, int flush, std::string& out);

  std::unique_ptr<z_stream_s> zlib_;
};

}  // namespace naru::ws
