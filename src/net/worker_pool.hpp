// Threads for work that would hold a loop: files, password hashes, a user's blocking calls.
//
//   WorkerPool workers({.threads = 4});
//   bool taken = workers.submit("hash password", [=, &loop] { …; (void)loop.post(answer); });
//   workers.stop(5s);
//
// Any thread, but stop() not from work itself. Threads start when work first waits for one. Work must not
// throw: what does ends the program.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "base/clock.hpp"
#include "naru/function.hpp"

namespace naru::net {

struct WorkerOptions {
  std::size_t threads = 4;
  // Work that waits for a thread; beyond it submit() refuses, so that overload shows instead of growing.
  std::size_t queue_limit = 1024;
};

class WorkerPool {
 public:
  explicit WorkerPool(WorkerOptions options = {});
  // As stop() without patience.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False: the queue is full or the pool was stopped, and `work` was destroyed unrun. `name` must be a
  // literal: it is what the log calls work that does not end.
  [[nodiscard]] bool submit(std::string_view name, Function<void()> work);
  [[nodiscard]] bool submit(Function<void()> work) { return submit("work", std::move(work)); }

  // Takes no more work, runs what waits, and returns when all is done or after `patience`; then what has not
  // begun is destroyed, and what still runs is logged by name and left to itself. False when something was
  // left.
  bool stop(base::Duration patience);

  // Threads started so far.
  std::size_t thread_count() const;
  std::size_t waiting() const;

 private:
  struct State;
  static void work(const std::shared_ptr<State>& state, std::size_t number);
  static void log_unfinished(const State& state);

  // Shared with the threads: one that does not end outlives the pool.
  std::shared_ptr<State> state_;
};

}  // namespace naru::net
