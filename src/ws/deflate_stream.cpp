#include "ws/deflate_stream.hpp"

#include <zlib.h>

#include <algorithm>
#include <cassert>
#include <new>

namespace naru::ws {
namespace {

constexpr int kMemoryLevel = 8;  // zlib's own choice: 128 KB for hashes and what is pending
constexpr std::size_t kChunk = std::size_t{16} << 10;
constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;  // zlib counts in 32 bits
constexpr std::size_t kTailSize = 4;                       // 00 00 FF FF, which is not sent

// zlib makes no raw stream of 8 bits. With 9 its matches lie at most 512 - 262 bytes back, so that a window
// of 256 bytes reads them (deflate.h, MAX_DIST); Node relies on that too.
int usable_bits(int window_bits) noexcept {
  return std::max(window_bits, 9);
}

}  // namespace

DeflateStream::DeflateStream(ZlibMemory& memory, int window_bits, int level)
    : zlib_(std::make_unique<z_stream>()) {
  memory.lend_to(*zlib_);
  const int status = deflateInit2(zlib_.get(), level, Z_DEFLATED, -usable_bits(window_bits), kMemoryLevel,
                                  Z_DEFAULT_STRATEGY);
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  assert(status == Z_OK);
}

DeflateStream::~DeflateStream() {
  deflateEnd(zlib_.get());
}

void DeflateStream::restart() noexcept {
  deflateReset(zlib_.get());
}

void DeflateStream::compress(std::string_view bytes, std::string& out) {
  assert(!bytes.empty());
  for (; bytes.size() > kMostAtOnce; bytes.remove_prefix(kMostAtOnce))
    compress_some(bytes.substr(0, kMostAtOnce), Z_NO_FLUSH, out);
  compress_some(bytes, Z_SYNC_FLUSH, out);
  out.resize(out.size() - kTailSize);
}

void DeflateStream::compress_some(std::string_view bytes, int flush, std::string& out) {
  char chunk[kChunk];
  zlib_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  zlib_->avail_in = static_cast<uInt>(bytes.size());
  do {
    zlib_->next_out = reinterpret_cast<Bytef*>(chunk);
    zlib_->avail_out = kChunk;
    deflate(zlib_.get(), flush);
    out.append(chunk, kChunk - zlib_->avail_out);
  } while (zlib_->avail_out == 0);
}

}  // namespace naru::ws
