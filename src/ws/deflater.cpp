#include "ws/deflater.hpp"

#include "ws/frame_header.hpp"

namespace naru::ws {

Deflater::Deflater(CompressionSpace& space, const DeflateParameters& agreed,
                   const CompressionOptions& options) noexcept
    : space_(space),
      options_(options),
      window_bits_(agreed.server_max_window_bits),
      keeps_window_(!agreed.server_no_context_takeover) {}

base::Frame Deflater::encode(const base::Frame& frame) {
  if (!takes(frame_payload(frame.view()).size())) return frame;
  if (!keeps_window_) return space_.compress(frame, {.window_bits = window_bits_, .level = options_.level});
  if (own_ == nullptr) own_ = std::make_unique<DeflateStream>(space_.memory(), window_bits_, options_.level);
  return space_.compress_with(*own_, frame);
}

}  // namespace naru::ws
