#include "hub/loop_group.hpp"

namespace naru::hub {
namespace {
thread_local const LoopGroup* current_group = nullptr;
thread_local LoopIndex current_index = 0;
}  // namespace

LoopIndex LoopGroup::current_loop() noexcept {
  return current_index;
}

const LoopGroup* LoopGroup::current() noexcept {
  return current_group;
}

void LoopGroup::enter(LoopIndex loop) const noexcept {
  current_group = this;
  current_index = loop;
}

void LoopGroup::leave() noexcept {
  current_group = nullptr;
}

bool LoopGroup::post(LoopIndex loop, Function<void()> work, std::size_t bytes, net::PostKind kind) const {
  // What is refused is destroyed with the parameter, after the lock: it may own what posts again when it
  // goes.
  std::shared_lock lock(mutex_);
  if (loop >= loops_.size()) return false;
  return loops_[loop]->try_post(work, bytes, kind) == net::PostResult::accepted;
}

void LoopGroup::close() {
  std::unique_lock lock(mutex_);
  loops_.clear();
}

}  // namespace naru::hub
