// How other threads, and signal handlers, end a loop's wait: an eventfd in its epoll set.
#pragma once

#include <atomic>

#include "net/descriptor.hpp"

namespace naru::net {

class Wakeup {
 public:
  // Throws std::system_error when there are no descriptors left.
  Wakeup();
  int descriptor() const noexcept { return event_.get(); }

  // Any thread; async-signal-safe (one write, errno kept).
  void wake() noexcept;
  // Saves the system call while the loop is awake, because it looks for work before it waits again, and while
  // another wake is on its way.
  void wake_if_asleep() noexcept {
    if (asleep_.load(std::memory_order_seq_cst) && asleep_.exchange(false, std::memory_order_seq_cst)) wake();
  }

  // The loop, before it looks for work a last time and waits. With the order "asleep, then look" here and
  // "work, then look whether asleep" at the others, no work is overslept.
  void fall_asleep() noexcept { asleep_.store(true, std::memory_order_seq_cst); }
  void rise() noexcept { asleep_.store(false, std::memory_order_relaxed); }

 private:
  UniqueDescriptor event_;
  // True before the first turn and between polls: whoever polls for the loop waits outside.
  std::atomic<bool> asleep_{true};
};

}  // namespace naru::net
