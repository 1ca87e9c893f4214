#include "net/timer_wheel.hpp"

#include <algorithm>
#include <bit>

#include "net/callback.hpp"

namespace naru::net {

std::uint64_t TimerWheel::tick_at_or_before(base::TimePoint time) const noexcept {
  if (time <= start_) return 0;
  return static_cast<std::uint64_t>((time - start_) / kResolution);
}

std::uint64_t TimerWheel::tick_at_or_after(base::TimePoint time) const noexcept {
  const std::uint64_t before = tick_at_or_before(time);
  return time > time_of(before) ? before + 1 : before;
}

base::TimePoint TimerWheel::time_of(std::uint64_t tick) const noexcept {
  return start_ + static_cast<base::Duration::rep>(tick) * kResolution;
}

void TimerWheel::schedule(Timer& timer, base::TimePoint deadline) {
  // Not only kNever itself: the end of its step must be a time too.
  if (deadline > base::kNever - kResolution) return cancel(timer);
  const std::uint64_t tick = std::max(tick_at_or_after(deadline), earliest_);
  timer.deadline_ = deadline;
  if (timer.is_linked() && timer.slot_tick_ <= tick) return;
  timer.unlink();
  place(timer, tick);
}

// The level is that of the highest digit (base 64) in which `tick` differs from the present. So every
// occupied slot lies ahead of its level's present digit, and the first occupied level holds the next slot to
// come.
void TimerWheel::place(Timer& timer, std::uint64_t tick) noexcept {
  const unsigned highest_bit = 63U - static_cast<unsigned>(std::countl_zero(tick ^ elapsed_));
  const unsigned level = highest_bit / kLevelBits;
  const auto index = static_cast<unsigned>(tick >> (level * kLevelBits)) % kSlots;
  levels_[level].slots[index].push_back(timer);
  levels_[level].occupied |= std::uint64_t{1} << index;
  timer.slot_tick_ = tick;
}

bool TimerWheel::find_next(Slot& slot) noexcept {
  for (unsigned level = 0; level < kLevels; ++level) {
    while (levels_[level].occupied != 0) {
      const auto index = static_cast<unsigned>(std::countr_zero(levels_[level].occupied));
      if (levels_[level].slots[index].empty()) {
        levels_[level].occupied &= levels_[level].occupied - 1;
        continue;
      }
      const unsigned shift = level * kLevelBits;
      const std::uint64_t window = elapsed_ >> (shift + kLevelBits) << kLevelBits;
      slot = {level, index, (window | index) << shift};
      return true;
    }
  }
  return false;
}

base::TimePoint TimerWheel::next_deadline() noexcept {
  Slot slot{};
  return find_next(slot) ? time_of(slot.tick) : base::kNever;
}

std::size_t TimerWheel::advance(base::TimePoint now) {
  const std::uint64_t target = tick_at_or_before(now);
  if (target < earliest_) return 0;
  earliest_ = target + 1;
  std::size_t fired = 0;
  Slot slot{};
  while (find_next(slot) && slot.tick <= target) {
    elapsed_ = slot.tick;
    fired += run_slot(slot);
  }
  elapsed_ = target;
  return fired;
}

std::size_t TimerWheel::run_slot(const Slot& slot) {
  // Apart from the slot, so that timers which come back to it are not met again, and those that others cancel
  // or destroy meanwhile leave by themselves.
  base::IntrusiveList<Timer, TimerWheel> due;
  due.take_all(levels_[slot.level].slots[slot.index]);
  levels_[slot.level].occupied &= ~(std::uint64_t{1} << slot.index);
  std::size_t fired = 0;
  while (Timer* const timer = due.pop_front()) {
    // Its slot may be later than its deadline: what was overdue when it was scheduled waits for the next
    // advance().
    const std::uint64_t tick = std::max(tick_at_or_after(timer->deadline_), timer->slot_tick_);
    if (tick > elapsed_) {
      place(*timer, tick);
      continue;
    }
    ++fired;
    timer->on_timer();
    Callback::begin();
  }
  return fired;
}

}  // namespace naru::net
