#include "ws/inflate_stream.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>

namespace naru::ws {
namespace {

constexpr int kRaw = -MAX_WBITS;  // the largest window reads what was made with any
constexpr std::size_t kChunk = std::size_t{16} << 10;
constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;  // zlib counts in 32 bits
constexpr std::string_view kTail("\x00\x00\xFF\xFF", 4);   // RFC 7692 7.2.2

const Bytef* zlib_bytes(std::string_view text) noexcept {
  return reinterpret_cast<const Bytef*>(text.data());
}

}  // namespace

InflateStream::InflateStream(ZlibMemory& memory) : zlib_(std::make_unique<z_stream>()) {
  memory.lend_to(*zlib_);
  if (inflateInit2(zlib_.get(), kRaw) != Z_OK) throw std::bad_alloc();
}

InflateStream::~InflateStream() {
  inflateEnd(zlib_.get());
}

void InflateStream::restart(std::string_view history) {
  has_ended_ = false;
  inflateReset(zlib_.get());
  if (history.empty()) return;
  const int status =
      inflateSetDictionary(zlib_.get(), zlib_bytes(history), static_cast<uInt>(history.size()));
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
}

InflateStatus InflateStream::feed(std::string_view piece, std::string& out, std::size_t limit) {
  while (!piece.empty()) {
    const std::string_view part = piece.substr(0, kMostAtOnce);
    piece.remove_prefix(part.size());
    const InflateStatus status = feed_some(part, out, limit);
    if (status != InflateStatus::ok) return status;
  }
  return InflateStatus::ok;
}

// What comes out lands in a chunk first: a message of many times its size is refused before it has grown.
InflateStatus InflateStream::feed_some(std::string_view piece, std::string& out, std::size_t limit) {
  char chunk[kChunk];
  zlib_->next_in = const_cast<Bytef*>(zlib_bytes(piece));
  zlib_->avail_in = static_cast<uInt>(piece.size());
  do {
    zlib_->next_out = reinterpret_cast<Bytef*>(chunk);
    zlib_->avail_out = kChunk;
    const int status = inflate(zlib_.get(), Z_SYNC_FLUSH);
    const std::size_t size = kChunk - zlib_->avail_out;
    if (size > limit - out.size()) return InflateStatus::too_large;
    out.append(chunk, size);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status == Z_BUF_ERROR) break;  // it wants more than there is
    has_ended_ = status == Z_STREAM_END;
    // RFC 7692 7.2.1: blocks that call themselves the last are allowed, others follow, and the window stays.
    if (has_ended_) {
      inflateResetKeep(zlib_.get());
    } else if (status != Z_OK) {
      return InflateStatus::broken;
    }
  } while (zlib_->avail_in > 0 || zlib_->avail_out == 0);
  return InflateStatus::ok;
}

InflateStatus InflateStream::finish(std::string& out, std::size_t limit) {
  // Made with a plain "finish": nothing is open that the tail could close.
  if (has_ended_) return InflateStatus::ok;
  const InflateStatus status = feed(kTail, out, limit);
  if (status != InflateStatus::ok) return status;
  return is_between_blocks() ? InflateStatus::ok : InflateStatus::broken;
}

// zlib.h, inflate(): 128 is set right behind a block, and the lowest bits count what of a byte is left.
bool InflateStream::is_between_blocks() const noexcept {
  constexpr int kBehindBlock = 128;
  constexpr int kBitsLeft = 63;
  return (zlib_->data_type & kBehindBlock) != 0 && (zlib_->data_type & kBitsLeft) == 0;
}

}  // namespace naru::ws
