// permessage-deflate as one connection has it; a connection without the agreement has none of these.
//
//   Session session(std::move(stream), options, events, clock, Compression::of(accepted.deflate, space,
//   options));
#pragma once

#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "naru/compression.hpp"
#include "ws/compression_space.hpp"
#include "ws/deflater.hpp"
#include "ws/extension.hpp"
#include "ws/inflater.hpp"

namespace naru::ws {

struct Compression {
  // `space` and `options` must outlive it.
  Compression(CompressionSpace& space, const DeflateParameters& agreed, const CompressionOptions& options)
      : inflater(space, agreed), deflater(space, agreed, options), window_idle(options.window_idle) {}
  // Null when nothing was agreed on.
  static std::unique_ptr<Compression> of(const std::optional<DeflateParameters>& agreed,
                                         CompressionSpace& space, const CompressionOptions& options) {
    return agreed ? std::make_unique<Compression>(space, *agreed, options) : nullptr;
  }

  Inflater inflater;
  Deflater deflater;
  base::Duration window_idle;
  base::TimePoint last_used{};  // the deflater's own window
};

}  // namespace naru::ws
