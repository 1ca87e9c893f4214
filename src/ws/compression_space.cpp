#include "ws/compression_space.hpp"

#include <utility>

#include "ws/frame_header.hpp"

namespace naru::ws {
namespace {

// Working memory that one large message has blown up is not kept.
constexpr std::size_t kMostKept = std::size_t{64} << 10;

}  // namespace

CompressionSpace::CompressionSpace(CompressionHost& host) noexcept : host_(host), memory_(host) {}
CompressionSpace::~CompressionSpace() = default;

base::Frame CompressionSpace::compress(const base::Frame& frame, CompressorKind kind) {
  for (const KeptFrame& kept : kept_) {
    const bool is_same = kept.plain.data() == frame.data() && kept.plain.size() == frame.size();
    if (is_same && kept.kind == kind) return kept.compressed;
  }
  DeflateStream& stream = compressor(kind);
  stream.restart();
  base::Frame compressed = compress_with(stream, frame);
  if (compressed.size() >= frame.size()) compressed = frame;
  keep({.plain = frame, .kind = kind, .compressed = compressed});
  return compressed;
}

void CompressionSpace::keep(KeptFrame frame) {
  if (kept_.empty()) host_.frames_are_kept();
  kept_bytes_ += frame.bytes();
  kept_.push_back(std::move(frame));
  while (kept_.size() > kMostFrames || (kept_.size() > 1 && kept_bytes_ > kMostFrameBytes)) {
    kept_bytes_ -= kept_.front().bytes();
    kept_.erase(kept_.begin());
  }
}

void CompressionSpace::forget_frames() noexcept {
  kept_.clear();
  kept_bytes_ = 0;
}

base::Frame CompressionSpace::compress_with(DeflateStream& stream, const base::Frame& frame) {
  payload_.clear();
  stream.compress(frame_payload(frame.view()), payload_);
  base::Frame compressed = encode_compressed_frame(frame_opcode(frame.view()), payload_);
  if (payload_.capacity() > kMostKept) payload_ = std::string();
  return compressed;
}

DeflateStream& CompressionSpace::compressor(CompressorKind kind) {
  for (Compressor& each : compressors_) {
    if (each.kind == kind) return *each.stream;
  }
  compressors_.push_back({kind, std::make_unique<DeflateStream>(memory_, kind.window_bits, kind.level)});
  return *compressors_.back().stream;
}

std::unique_ptr<InflateStream> CompressionSpace::borrow_inflater() {
  if (spare_inflater_ != nullptr) return std::move(spare_inflater_);
  return std::make_unique<InflateStream>(memory_);
}

void CompressionSpace::give_back(std::unique_ptr<InflateStream> inflater) noexcept {
  if (spare_inflater_ == nullptr) spare_inflater_ = std::move(inflater);
}

}  // namespace naru::ws
