// The writing half of one compressed connection.
//
// When the agreement lets our messages refer to earlier ones, it has a compressor of its own from its first
// compressed message until free_window(); after that the next message begins anew, which the client cannot
// tell.
//
//   Deflater deflater(space, agreed, options);
//   stream.write(deflater.encode(frame));
#pragma once

#include <cstddef>
#include <memory>

#include "base/frame.hpp"
#include "naru/compression.hpp"
#include "ws/compression_space.hpp"
#include "ws/deflate_stream.hpp"
#include "ws/extension.hpp"

namespace naru::ws {

class Deflater {
 public:
  // `space` and `options` must outlive it.
  Deflater(CompressionSpace& space, const DeflateParameters& agreed,
           const CompressionOptions& options) noexcept;

  // `frame` is a whole uncompressed data frame (encode_frame). Gives the one to be written in its place:
  // compressed, or as it is when it is below the threshold or would not become smaller.
  base::Frame encode(const base::Frame& frame);
  // Whether a message of so many bytes is large enough for that.
  bool takes(std::size_t payload_size) const noexcept {
    return payload_size > 0 && payload_size >= options_.threshold;
  }

  bool has_window() const noexcept { return own_ != nullptr; }
  void free_window() noexcept { own_.reset(); }

 private:
  CompressionSpace& space_;
  const CompressionOptions& options_;
  const int window_bits_;
  const bool keeps_window_;
  std::unique_ptr<DeflateStream> own_;
};

}  // namespace naru::ws
