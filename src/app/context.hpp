// What everything of one server shares and may outlive it by: handles keep it, it keeps no loop alive.
#pragma once

#include <memory>

#include "hub/loop_group.hpp"
#include "naru/task.hpp"
#include "net/worker_pool.hpp"

namespace naru::app {

// Where a task goes on: one loop of a server, by number.
class LoopExecutor final : public Executor {
 public:
  LoopExecutor(std::shared_ptr<const hub::LoopGroup> loops, hub::LoopIndex loop)
      : loops_(std::move(loops)), loop_(loop) {}
  void post(Function<void()> work) override {
    loops_->post(loop_, std::move(work), 0, net::PostKind::control);
  }

 private:
  std::shared_ptr<const hub::LoopGroup> loops_;
  hub::LoopIndex loop_;
};

// The workers and the executor of the loop that the calling thread runs; for offload() and tasks that are
// started. Null members on other threads.
struct ThreadContext {
  net::WorkerPool* workers = nullptr;
  std::shared_ptr<Executor> executor;
};
ThreadContext& thread_context() noexcept;

}  // namespace naru::app
