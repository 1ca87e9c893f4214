// What the compressed connections of one loop share, so that each costs next to nothing while it is silent:
// compressors for those who keep no window, inflaters for the messages that are being read, and the frames
// that were compressed in this turn, because a broadcast writes the same ones to many.
//
//   CompressionSpace space(host);
//   base::Frame small = space.compress(frame, {.window_bits = 15, .level = 1});
//
// For one thread; it outlives the connections that use it. Empty until first used.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/frame.hpp"
#include "ws/compression_host.hpp"
#include "ws/deflate_stream.hpp"
#include "ws/inflate_stream.hpp"
#include "ws/zlib_memory.hpp"

namespace naru::ws {

struct CompressorKind {
  int window_bits = 15;
  int level = 1;
  bool operator==(const CompressorKind&) const = default;
};

class CompressionSpace {
 public:
  explicit CompressionSpace(CompressionHost& host) noexcept;
  ~CompressionSpace();
  CompressionSpace(const CompressionSpace&) = delete;
  CompressionSpace& operator=(const CompressionSpace&) = delete;

  // As many as a Socket.IO event with the most attachments has, and some more; a broadcast of them goes
  // round.
  static constexpr std::size_t kMostFrames = 16;
  // Beyond this the oldest is let go, so that a turn with large messages holds few of them.
  static constexpr std::size_t kMostFrameBytes = std::size_t{8} << 20;

  // `frame` is a whole uncompressed data frame (encode_frame). Gives it compressed, by itself; or as it is,
  // when it would not become smaller. Asked again for the same frame within a turn, it only looks it up.
  base::Frame compress(const base::Frame& frame, CompressorKind kind);
  // The same with the caller's stream, whose window goes on: never as it is.
  base::Frame compress_with(DeflateStream& stream, const base::Frame& frame);
  // What compress() has kept.
  void forget_frames() noexcept;

  // For one message; to be given back. One is kept for the next message, whoever sends it.
  std::unique_ptr<InflateStream> borrow_inflater();
  void give_back(std::unique_ptr<InflateStream> inflater) noexcept;

  ZlibMemory& memory() noexcept { return memory_; }
  CompressionHost& host() noexcept { return host_; }

 private:
  struct Compressor {
    CompressorKind kind;
    std::unique_ptr<DeflateStream> stream;
  };
  struct KeptFrame {
    base::Frame plain{};
    CompressorKind kind{};
    base::Frame compressed{};

    std::size_t bytes() const noexcept { return plain.size() + compressed.size(); }
  };
  DeflateStream& compressor(CompressorKind kind);
  void keep(KeptFrame frame);

  CompressionHost& host_;
  ZlibMemory memory_;
  std::vector<Compressor> compressors_;  // at most one for each window size and level that is in use
  std::unique_ptr<InflateStream> spare_inflater_;
  std::vector<KeptFrame> kept_;  // the oldest first
  std::size_t kept_bytes_ = 0;
  std::string payload_;  // working memory
};

}  // namespace naru::ws
