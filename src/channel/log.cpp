#include "channel/log.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace naru::channel {

Log::Log(const Epoch& epoch, const LogLimits& limits, std::uint64_t end)
    : epoch_(epoch),
      limits_(limits),
      first_(end + 1),
      visible_end_(end),
      // A key lives as long as its message, so there is room for one per message at least.
      keys_(std::max(limits.keys, limits.count), limits.key_age) {}

Log::Appended Log::append(Message message, std::string_view idempotency_key, base::TimePoint now,
                          std::chrono::system_clock::time_point wall) {
  if (!idempotency_key.empty()) {
    if (const auto seen = keys_.find(idempotency_key)) return {*seen, true, nullptr};
  }
  const std::uint64_t offset = reserved_end() + 1;
  auto publication = std::make_shared<const Publication>(Publication{
      .position = {epoch_, offset}, .message = std::move(message), .appended = now, .wall = wall});
  pending_bytes_ += publication->cost();
  ring_.push_back(publication);
  if (!idempotency_key.empty()) keys_.add(idempotency_key, offset, now);
  return {offset, false, std::move(publication)};
}

void Log::commit_through(std::uint64_t offset, base::TimePoint now) {
  assert(offset <= reserved_end());
  while (visible_end_ < offset) {
    const std::size_t cost = ring_[visible_count()]->cost();
    pending_bytes_ -= cost;
    visible_bytes_ += cost;
    ++visible_end_;
  }
  expire(now);
}

void Log::fail_from(std::uint64_t offset) {
  assert(offset > visible_end_);
  while (reserved_end() >= offset) {
    pending_bytes_ -= ring_.back()->cost();
    ring_.pop_back();
  }
  keys_.forget_from(offset);
}

void Log::restore(PublicationRef publication) {
  assert(!has_pending());
  const std::uint64_t offset = publication->position.offset;
  if (ring_.empty()) {
    first_ = offset;
  }
  assert(offset == reserved_end() + 1);
  visible_bytes_ += publication->cost();
  visible_end_ = offset;
  ring_.push_back(std::move(publication));
}

bool Log::is_over_limits(base::TimePoint now) const {
  return visible_count() > limits_.count || visible_bytes_ > limits_.bytes ||
         now - ring_.front()->appended >= limits_.age;
}

void Log::expire(base::TimePoint now) {
  while (first_ <= visible_end_ && is_over_limits(now)) {
    visible_bytes_ -= ring_.front()->cost();
    ring_.pop_front();
    ++first_;
  }
  keys_.expire(first_, visible_end_, now);
}

std::size_t Log::read_forward(std::uint64_t after, std::span<PublicationRef> out) const {
  const std::uint64_t from = std::max(after + 1, first_);
  if (after >= visible_end_) return 0;
  const std::size_t count =
      std::min({out.size(), kMaxRead, static_cast<std::size_t>(visible_end_ - from + 1)});
  std::copy_n(ring_.begin() + static_cast<std::ptrdiff_t>(from - first_), count, out.begin());
  return count;
}

std::size_t Log::read_backward(std::uint64_t before, std::span<PublicationRef> out) const {
  const std::uint64_t last = before > visible_end_ ? visible_end_ : before - 1;
  if (before == 0 || last < first_) return 0;
  const std::size_t count = std::min({out.size(), kMaxRead, static_cast<std::size_t>(last - first_ + 1)});
  const std::uint64_t from = last + 1 - count;
  std::copy_n(ring_.begin() + static_cast<std::ptrdiff_t>(from - first_), count, out.begin());
  return count;
}

}  // namespace naru::channel
