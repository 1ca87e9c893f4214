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
  const bool is_last = last_.plain.data() == frame.data() && last_.plain.size() == frame.size();
  if (is_last && last_.kind == kind) return last_.compressed;
  DeflateStream& stream = compressor(kind);
  stream.restart();
  base::Frame compressed = compress_with(stream, frame);
  if (compressed.size() >= frame.size()) compressed = frame;
  if (last_.plain.empty()) host_.frame_is_kept();
  last_ = {.plain = frame, .kind = kind, .compressed = compressed};
  return compressed;
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
