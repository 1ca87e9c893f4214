// Work that other threads give to a loop: in order, bounded by the bytes that it refers to, never waiting.
//
//   inbox.post([frame] { deliver(frame); }, frame.size(), PostKind::event);   // any thread
//   inbox.run_all([] {});                                                     // the loop, once a turn
//
// One total order per inbox, so also the order of each producer. What is posted while run_all() runs waits
// for the next one.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "naru/function.hpp"
#include "net/ledger.hpp"
#include "net/wakeup.hpp"

namespace naru::net {

enum class PostKind : std::uint8_t {
  control,    // close, stop, hand over, go on: always passes; their number is bounded by what they are about
  order,      // what users ask for as often as they like, a join for one: refused beyond twice the limit, so
              // that events alone never refuse it
  event,      // refused when the inbox would hold more than its limit
  volatile_,  // what may be lost: refused already beyond half the limit
};

enum class [[nodiscard]] PostResult : std::uint8_t{accepted, refused};

class Inbox {
 public:
  // What one post costs beside the bytes it names: bounds the number of empty ones too.
  static constexpr std::size_t kPostCost = 64;

  Inbox(std::size_t limit, Ledger& ledger, Wakeup& wakeup) noexcept
      : limit_(limit), ledger_(ledger), wakeup_(wakeup) {}

  // Any thread. `bytes`: what the work refers to. Refused work is destroyed before the call returns.
  PostResult post(Function<void()> work, std::size_t bytes, PostKind kind) {
    return try_post(work, bytes, kind);
  }
  // The same; refused work stays with the caller, who may hold a lock that its destruction wants.
  PostResult try_post(Function<void()>& work, std::size_t bytes, PostKind kind);

  // The loop's thread. Runs what was there when called, calling after_each() after each; returns how many.
  template <class AfterEach>
  std::size_t run_all(AfterEach after_each);
  // Destroys what waits without running it; returns whether there was any.
  bool drop_all();

  bool has_work() const noexcept { return has_work_.load(std::memory_order_seq_cst); }
  std::uint64_t refused_events() const noexcept { return refused_events_.load(std::memory_order_relaxed); }
  std::uint64_t refused_volatile() const noexcept {
    return refused_volatile_.load(std::memory_order_relaxed);
  }
  std::uint64_t refused_orders() const noexcept { return refused_orders_.load(std::memory_order_relaxed); }

 private:
  // A burst does not keep its list's memory for ever: above this many entries it is given back.
  static constexpr std::size_t kKeptEntries = 4096;

  struct Entry {
    Function<void()> work;
    std::size_t cost;
  };

  std::size_t limit_of(PostKind kind) const noexcept;
  bool has_room(std::size_t cost, PostKind kind) const noexcept;
  void count_refusal(PostKind kind) noexcept;
  void take_waiting();
  void forget_running();

  const std::size_t limit_;
  Ledger& ledger_;
  Wakeup& wakeup_;
  std::mutex mutex_;
  std::vector<Entry> waiting_;  // guarded by mutex_
  std::atomic<bool> has_work_{false};
  std::atomic<std::uint64_t> refused_events_{0};
  std::atomic<std::uint64_t> refused_volatile_{0};
  std::atomic<std::uint64_t> refused_orders_{0};
  std::vector<Entry> running_;  // the loop's own
};

template <class AfterEach>
std::size_t Inbox::run_all(AfterEach after_each) {
  if (!has_work()) return 0;
  take_waiting();
  const std::size_t count = running_.size();
  for (Entry& entry : running_) {
    // Moved out, so that what the closure owns goes as soon as it has run.
    Function<void()> work = std::move(entry.work);
    work();
    ledger_.add(Account::inbox, -static_cast<std::ptrdiff_t>(entry.cost));
    after_each();
  }
  forget_running();
  return count;
}

}  // namespace naru::net
