// One thread's event loop: edge-triggered epoll, timers, posted work, and what is done once in a turn.
//
// A turn, in this order: wait · inbox · readiness · watchers that asked to be run again · timers ·
// end-of-turn work · flush of what was written · freeing of what was disposed. What a stage adds to itself
// waits for the next turn, which then comes without waiting. So everything that a turn wrote to a stream
// leaves in one system call. The inbox comes before the bytes that arrived: whoever speaks to this loop after
// he has had the answer of another one finds done what that one had posted before it answered.
//
//   Loop loop({.index = 0});
//   std::thread other([&] { (void)loop.post([&] { loop.stop(); }); });
//   loop.run();
//
// Everything is for the loop's own thread but post(), wake(), stop(), is_here(), index(), ledger() and
// metrics(). Before the first and after the last turn "the loop's own thread" is whoever sets it up or takes
// it down. Callbacks must not throw: one that does ends the program (users' exceptions are caught in the room
// `app`). Streams, listeners and timers go before their loop does.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <cassert>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <system_error>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "naru/function.hpp"
#include "net/descriptor.hpp"
#include "net/inbox.hpp"
#include "net/ledger.hpp"
#include "net/loop_metrics.hpp"
#include "net/timer_wheel.hpp"
#include "net/turn_list.hpp"
#include "net/wakeup.hpp"
#include "net/watchdog.hpp"
#include "net/watcher.hpp"

namespace naru::net {

struct LoopOptions {
  unsigned index = 0;
  const base::Clock* clock = &base::system_clock();
  // Bytes that posted work may refer to before events are refused (design, section 3).
  std::size_t inbox_limit = std::size_t{64} << 20;
  // A callback that holds the loop longer is logged.
  base::Duration slow_callback = std::chrono::milliseconds(50);
};

class Loop {
 public:
  // One receive buffer for all streams of the loop. In front of it is room to put a stream's short unread
  // tail, so that parsers always see contiguous bytes.
  static constexpr std::size_t kReceiveSize = std::size_t{64} << 10;
  static constexpr std::size_t kReceiveHeadroom = std::size_t{16} << 10;

  // Throws std::system_error when the machine has no descriptors left.
  explicit Loop(LoopOptions options = {});
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Turns until stop(). A stop() that came before makes it return after one turn.
  void run() noexcept;
  // Any thread, also a signal handler: run() returns at the end of its turn.
  void stop() noexcept;
  // Any thread, also a signal handler: the loop makes a turn soon.
  void wake() noexcept { wakeup_.wake(); }

  // For a loop inside somebody else's: when the descriptor is readable, call poll(); it makes one turn
  // without waiting and returns how many events, timers and posts it handled. Timers make the descriptor
  // readable too.
  int poll_fd();
  int poll() noexcept;

  // The time of this turn: read once, so that everything in it agrees.
  base::TimePoint now() const noexcept { return now_; }
  const base::Clock& clock() const noexcept { return *options_.clock; }
  unsigned index() const noexcept { return options_.index; }
  bool is_here() const noexcept;
  void assert_here() const noexcept { assert(is_here() || !has_thread()); }

  // Any thread. See PostKind for what is refused when; refusals are counted and logged once a second at most.
  PostResult post(Function<void()> work, std::size_t bytes = 0, PostKind kind = PostKind::event) {
    return inbox_.post(std::move(work), bytes, kind);
  }
  // The same; refused work stays with the caller.
  PostResult try_post(Function<void()>& work, std::size_t bytes, PostKind kind) {
    return inbox_.try_post(work, bytes, kind);
  }
  std::uint64_t refused_events() const noexcept { return inbox_.refused_events(); }
  std::uint64_t refused_volatile() const noexcept { return inbox_.refused_volatile(); }
  std::uint64_t refused_orders() const noexcept { return inbox_.refused_orders(); }

  // Runs `work` at the end of this turn, before what was written leaves.
  void at_end_of_turn(Function<void()> work);
  // Frees `object` when no callback of this turn can name it any more.
  template <class T>
  void dispose(std::unique_ptr<T> object) {
    assert_here();
    if (object == nullptr) return;
    disposed_.push_back({nullptr, [](void* at) { delete static_cast<T*>(at); }});
    disposed_.back().object = object.release();
  }

  // Asked for between two polls, it makes a turn come: whoever asks is about to schedule, and only a turn
  // arms the descriptor that wakes the loop around this one.
  TimerWheel& timers() noexcept {
    wakeup_.wake_if_asleep();
    return timers_;
  }
  Ledger& ledger() noexcept { return ledger_; }
  LoopMetrics& metrics() noexcept { return metrics_; }

  // Tells `watcher` when `descriptor` is ready. Add EPOLLET for edges. The descriptor is the caller's.
  [[nodiscard]] std::error_code watch(int descriptor, std::uint32_t epoll_events, Watcher& watcher);
  // Ends watching (before the descriptor is closed) and forgets the watcher: no call comes to it after this.
  void unwatch(int descriptor, Watcher& watcher) noexcept;
  // Takes `watcher` out of this turn's batch and lists; for descriptors that are closed, which leave by
  // themselves.
  void forget(Watcher& watcher) noexcept;

  // Watcher::on_again() in the next turn; Watcher::on_flush() at the end of this one (or of the next, when
  // called between turns or from the flush itself).
  void run_again(Watcher& watcher) {
    again_.add(watcher);
    wakeup_.wake_if_asleep();
  }
  void flush_later(Watcher& watcher) {
    flushes_.add(watcher);
    wakeup_.wake_if_asleep();
  }

  // Where a stream receives into: kReceiveSize bytes, with kReceiveHeadroom writable ones in front. Valid
  // until the callback that the bytes are offered to returns.
  char* receive_buffer() noexcept { return receive_buffer_.get() + kReceiveHeadroom; }

 private:
  // How many readiness reports one turn takes: enough to amortise the call, short enough for timers.
  static constexpr std::size_t kBatch = 256;

  struct Disposed {
    void* object;
    void (*destroy)(void*);
  };

  bool has_thread() const noexcept;
  bool has_waiting_work() const noexcept;
  int wait_time() noexcept;
  int turn(bool may_wait) noexcept;
  void wait(int milliseconds) noexcept;
  void handle_batch();
  void run_end_of_turn();
  void flush_all();
  bool free_disposed();
  void log_refusals();
  void arm_timer_descriptor() noexcept;

  const LoopOptions options_;
  UniqueDescriptor epoll_;
  UniqueDescriptor timer_descriptor_;  // only when embedded
  Wakeup wakeup_;
  Ledger ledger_;
  LoopMetrics metrics_;
  base::TimePoint now_;
  TimerWheel timers_;
  Inbox inbox_;
  Watchdog watchdog_;
  std::atomic<bool> stop_asked_{false};
  std::atomic<std::thread::id> thread_{};

  std::array<epoll_event, kBatch> batch_;
  std::size_t batch_next_ = 0;
  std::size_t batch_end_ = 0;
  TurnList<Watcher, &Watcher::again_place_> again_;
  TurnList<Watcher, &Watcher::flush_place_> flushes_;
  std::vector<Function<void()>> end_of_turn_;
  std::vector<Function<void()>> end_of_turn_running_;
  std::vector<Disposed> disposed_;
  std::unique_ptr<char[]> receive_buffer_;
  std::uint64_t refusals_logged_ = 0;
  base::TimePoint refusals_logged_at_{};
};

}  // namespace naru::net
