// Who has a loop's compression memory: it is told what that costs, and when something can be let go of.
#pragma once

#include <cstddef>

namespace naru::ws {

class CompressionHost {
 public:
  virtual ~CompressionHost() = default;
  // So many bytes more are held for windows; negative: fewer.
  virtual void count(std::ptrdiff_t bytes) = 0;
  // A compressed frame is kept for its next receiver: CompressionSpace::forget_frames() is due when this turn
  // has ended. Not called again before that.
  virtual void frames_are_kept() = 0;
};

}  // namespace naru::ws
