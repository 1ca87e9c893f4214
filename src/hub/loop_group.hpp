// The loops of one server, as those see them who may be on any thread, also after the server has gone.
//
//   if (loops.is_here(home)) deliver(); else loops.post(home, [..] { deliver(); }, bytes,
//   net::PostKind::event);
//
// Handles and records keep a shared_ptr to the group, never to a loop: once close() has returned, posts are
// refused and no loop is touched any more.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "naru/function.hpp"
#include "net/loop.hpp"

namespace naru::hub {

using LoopIndex = std::uint8_t;

class LoopGroup {
 public:
  // The loops must live until close().
  explicit LoopGroup(std::vector<net::Loop*> loops) : loops_(std::move(loops)), size_(loops_.size()) {}

  std::size_t size() const noexcept { return size_; }
  // Whether the calling thread is this loop's.
  bool is_here(LoopIndex loop) const noexcept { return current() == this && current_loop() == loop; }
  // Whether the calling thread is one of this group's loops, and which.
  bool is_on_a_loop() const noexcept { return current() == this; }
  static LoopIndex current_loop() noexcept;

  // Runs `work` on that loop after what was posted to it before. `bytes` is what the work keeps alive. False:
  // refused (the inbox is full and the kind may be dropped, or the loops have gone); `work` is destroyed, not
  // run.
  bool post(LoopIndex loop, Function<void()> work, std::size_t bytes, net::PostKind kind) const;

  // Binds the calling thread to a loop of this group; each loop's thread does it before it runs.
  void enter(LoopIndex loop) const noexcept;
  static void leave() noexcept;

  // Refuses posts from now on and waits for those under way.
  void close();

 private:
  static const LoopGroup* current() noexcept;

  mutable std::shared_mutex mutex_;
  std::vector<net::Loop*> loops_;  // emptied by close()
  const std::size_t size_;
};

}  // namespace naru::hub
