// Deadlines of very many connections at O(1) each: a hierarchical wheel, time is an argument.
//
// Seven levels of 64 slots; a slot of the lowest level is kResolution (4 ms) wide. A timer never fires early;
// it fires in the first advance() whose time has passed the end of the resolution step that its deadline
// falls in, so at most 4 ms plus the caller's own delay late. Moving a deadline later is one store: the timer
// stays in its slot and is put into the right one when that comes due (design, section 3: one timer per
// connection, set to its earliest deadline, moved with every message).
//
//   struct Ping : Timer { void on_timer() override { … } } ping;
//   wheel.schedule(ping, now + 25s);
//   wheel.advance(now);   // runs on_timer() of everything that is due
//
// One thread. A Timer may be destroyed at any time, also inside any on_timer(); it then never fires.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/clock.hpp"
#include "base/intrusive_list.hpp"
#include "naru/function.hpp"

namespace naru::net {

class TimerWheel;

class Timer : public base::ListHook<TimerWheel> {
 public:
  Timer() = default;
  virtual ~Timer() = default;

  bool is_scheduled() const noexcept { return is_linked(); }
  // kNever when not scheduled.
  base::TimePoint deadline() const noexcept { return is_linked() ? deadline_ : base::kNever; }

 protected:
  // The timer is no longer scheduled when this runs, and may be scheduled again by it.
  virtual void on_timer() = 0;

 private:
  friend class TimerWheel;
  base::TimePoint deadline_ = base::kNever;
  std::uint64_t slot_tick_ = 0;  // where it is linked; at or before the deadline's own tick
};

// A timer that calls one method of its owner: MemberTimer<Session, &Session::on_deadline> timer_{*this};
template <class Owner, void (Owner::*Method)()>
class MemberTimer final : public Timer {
 public:
  explicit MemberTimer(Owner& owner) noexcept : owner_(owner) {}

 private:
  void on_timer() override { (owner_.*Method)(); }
  Owner& owner_;
};

// A timer that calls a closure, for what is rare.
class FunctionTimer final : public Timer {
 public:
  explicit FunctionTimer(Function<void()> on_due) : on_due_(std::move(on_due)) {}

 private:
  void on_timer() override { on_due_(); }
  Function<void()> on_due_;
};

class TimerWheel {
 public:
  static constexpr base::Duration kResolution = std::chrono::milliseconds(4);

  // `start`: no deadline before it is told apart from it.
  explicit TimerWheel(base::TimePoint start) noexcept : start_(start) {}
  // Leaves its timers unscheduled.
  ~TimerWheel() = default;
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  // Fires `timer` once `deadline` has passed, instead of when it would have before. A deadline in the past
  // fires in the next advance() that moves the wheel; kNever cancels. The timer must not be in another wheel.
  void schedule(Timer& timer, base::TimePoint deadline);
  static void cancel(Timer& timer) noexcept { timer.unlink(); }

  // Not later than the first time at which advance() has something to do; kNever when nothing is scheduled.
  // May be earlier than the first deadline (a slot to spread, or a timer that was moved later).
  base::TimePoint next_deadline() noexcept;

  // Runs what is due at `now`, in order of deadline (to the resolution); returns how many fired. A timer that
  // is scheduled from inside fires in a later call. Time that goes backwards does nothing. Not to be called
  // from inside on_timer().
  std::size_t advance(base::TimePoint now);

 private:
  static constexpr unsigned kLevelBits = 6;
  static constexpr unsigned kSlots = 1U << kLevelBits;
  // 64^7 steps of 4 ms are 557 years, more than base::TimePoint can hold: no deadline needs clamping.
  static constexpr unsigned kLevels = 7;

  struct Level {
    std::uint64_t occupied = 0;  // a set bit may be stale (timers unlink themselves), a clear one is exact
    std::array<base::IntrusiveList<Timer, TimerWheel>, kSlots> slots;
  };
  struct Slot {
    unsigned level;
    unsigned index;
    std::uint64_t tick;
  };

  std::uint64_t tick_at_or_before(base::TimePoint time) const noexcept;
  std::uint64_t tick_at_or_after(base::TimePoint time) const noexcept;
  base::TimePoint time_of(std::uint64_t tick) const noexcept;
  void place(Timer& timer, std::uint64_t tick) noexcept;
  bool find_next(Slot& slot) noexcept;
  std::size_t run_slot(const Slot& slot);

  base::TimePoint start_;
  std::uint64_t elapsed_ = 0;   // every slot up to this tick has been run
  std::uint64_t earliest_ = 1;  // the first tick that a timer may be placed at: after the running advance()
  std::array<Level, kLevels> levels_;
};

}  // namespace naru::net
