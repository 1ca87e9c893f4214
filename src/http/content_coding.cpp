#include "http/content_coding.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string>

namespace naru::http {
namespace {

constexpr int kWindowBits = 15;
constexpr int kGzipWrapping = 16;  // added to the window bits, says zlib's manual
constexpr int kMemoryLevel = 8;

class Compressor {
 public:
  Compressor(ContentCoding coding, int level) {
    const int bits = kWindowBits + (coding == ContentCoding::gzip ? kGzipWrapping : 0);
    is_ready_ = ::deflateInit2(&stream_, level, Z_DEFLATED, bits, kMemoryLevel, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
  ~Compressor() {
    if (is_ready_) ::deflateEnd(&stream_);
  }

  // Into `out`, whose size is the most that it may become; false when it would be more.
  bool run(std::string_view bytes, std::string& out) {
    if (!is_ready_ || ::deflateReset(&stream_) != Z_OK) return false;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    if (::deflate(&stream_, Z_FINISH) != Z_STREAM_END) return false;
    out.resize(out.size() - stream_.avail_out);
    return true;
  }

 private:
  z_stream stream_{};
  bool is_ready_ = false;
};

Compressor& compressor_here(ContentCoding coding, int level) {
  using Levels = std::array<std::unique_ptr<Compressor>, Z_BEST_COMPRESSION + 1>;
  thread_local std::array<Levels, 2> compressors;
  auto& compressor = compressors[static_cast<std::size_t>(coding)][static_cast<std::size_t>(level)];
  if (!compressor) compressor = std::make_unique<Compressor>(coding, level);
  return *compressor;
}

}  // namespace

std::optional<base::Frame> compress(std::string_view bytes, ContentCoding coding, int level) {
  if (bytes.empty() || bytes.size() > std::numeric_limits<uInt>::max()) return std::nullopt;
  std::string smaller(bytes.size() - 1, '\0');
  const int allowed = std::clamp(level, Z_BEST_SPEED, Z_BEST_COMPRESSION);
  if (!compressor_here(coding, allowed).run(bytes, smaller)) return std::nullopt;
  return base::Frame::copy(smaller);
}

}  // namespace naru::http
