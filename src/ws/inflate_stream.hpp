// One raw DEFLATE stream being read, message by message (RFC 7692 section 7.2.2).
//
//   InflateStream stream(memory);
//   stream.restart(history);                             // the window that the message may refer to
//   stream.feed(piece, text, limit);                     // as often as pieces come
//   stream.finish(text, limit);
//
// It holds about 7 KB, and 32 KB more once it has been fed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ws/zlib_memory.hpp"

namespace naru::ws {

enum class InflateStatus : std::uint8_t {
  ok,
  too_large,  // `out` would have grown over the limit
  broken,     // not DEFLATE, or a message that ends inside a block
};

class InflateStream {
 public:
  // Throws std::bad_alloc when the machine has no memory left; so do the others.
  explicit InflateStream(ZlibMemory& memory);
  ~InflateStream();
  InflateStream(const InflateStream&) = delete;
  InflateStream& operator=(const InflateStream&) = delete;

  // REQUIRES: history.size() <= 32 KiB.
  void restart(std::string_view history = {});
  // Appends to `out` what `piece` stands for, as long as `out` has no more than `limit` bytes. After anything
  // but ok only restart() may follow.
  [[nodiscard]] InflateStatus feed(std::string_view piece, std::string& out, std::size_t limit);
  // The message is whole.
  [[nodiscard]] InflateStatus finish(std::string& out, std::size_t limit);

 private:
  InflateStatus feed_some(std::string_view piece, std::string& out, std::size_t limit);
  bool is_between_blocks() const noexcept;

  std::unique_ptr<z_stream_s> zlib_;
  bool has_ended_ = false;  // by a block that calls itself the last, with nothing behind it
};

}  // namespace naru::ws
