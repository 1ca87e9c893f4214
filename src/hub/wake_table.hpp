// Which loops are to be woken when a channel grows: an entry for each channel that somebody follows.
//
//   auto flag = std::make_shared<WakeFlag>("news", loop, [this] { read_on(); });
//   table.add(flag);          // before the log is read: what comes from now on raises the flag
//   table.raise("news");      // any thread: each loop that follows is posted to, unless it was already
//   flag->lower();            // the loop, before it reads
//   table.remove(*flag);
//
// Any thread but where it says the loop.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_map.hpp"
#include "hub/loop_group.hpp"
#include "naru/function.hpp"

namespace naru::hub {

// Shared between who follows on a loop and the posts that wake it.
class WakeFlag {
 public:
  WakeFlag(std::string name, LoopIndex loop, Function<void()> on_wake)
      : name_(std::move(name)), loop_(loop), on_wake_(std::move(on_wake)) {}

  const std::string& name() const noexcept { return name_; }
  LoopIndex loop() const noexcept { return loop_; }
  // True once until it is lowered: whoever gets it posts.
  bool raise() noexcept { return !is_raised_.exchange(true); }
  // Before reading the log: what becomes visible after that read wakes again. True when it was raised.
  bool lower() noexcept { return is_raised_.exchange(false); }

  // The loop: nothing happens once it has been cut.
  void wake() {
    if (on_wake_) on_wake_();
  }
  void cut() noexcept { on_wake_ = nullptr; }

 private:
  const std::string name_;
  const LoopIndex loop_;
  std::atomic<bool> is_raised_{false};
  Function<void()> on_wake_;  // the loop's own
};

using WakeFlagRef = std::shared_ptr<WakeFlag>;

class WakeTable {
 public:
  explicit WakeTable(std::shared_ptr<LoopGroup> loops) : loops_(std::move(loops)) {}

  void add(const WakeFlagRef& flag);
  void remove(const WakeFlag& flag) noexcept;
  // Costs one load while nobody follows anything.
  void raise(std::string_view name) const;
  std::size_t size() const noexcept { return count_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kShares = 32;  // so that publishers of different channels seldom meet
  struct Share {
    mutable std::mutex mutex;
    base::TextMap<std::vector<WakeFlagRef>> flags;  // guarded by mutex
  };
  Share& share_of(std::string_view name) const noexcept;

  const std::shared_ptr<LoopGroup> loops_;
  std::atomic<std::size_t> count_{0};
  mutable std::array<Share, kShares> shares_;
};

}  // namespace naru::hub
