#include "channel/recovery.hpp"

namespace naru::channel {

Recovery resume(const Epoch& epoch, const Bounds& bounds, const Position& since) noexcept {
  const std::uint64_t before_oldest = bounds.oldest - 1;
  if (epoch.empty() || since.epoch != epoch || since.offset > bounds.end)
    return {false, std::nullopt, before_oldest};
  if (since.offset < before_oldest) return {false, before_oldest - since.offset, before_oldest};
  return {true, 0, since.offset};
}

}  // namespace naru::channel
