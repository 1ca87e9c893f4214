// Tasks of one loop that no socket ends: the handlers of routes. When the server stops their waits end with
// errc::stopped, so that each runs out and no frame is left behind.
//
//   tasks.start(handler(request, response), executor, on_done);
//   tasks.cancel();              // and turns of the loop, in which they run to their ends
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <unordered_set>
#include <utility>
#include <vector>

#include "naru/completion.hpp"
#include "naru/errc.hpp"
#include "naru/function.hpp"
#include "naru/task.hpp"

namespace naru::app {

// Its loop's thread only. Must outlive the tasks.
class RunningTasks {
 public:
  void start(Task<> task, std::shared_ptr<Executor> executor, Function<void(std::exception_ptr)> on_done) {
    auto scope = std::make_shared<CancelScope>();
    if (is_cancelled_) scope->cancel(errc::stopped);
    scopes_.insert(scope);
    auto end = [this, scope, on_done = std::move(on_done)](std::exception_ptr failure) {
      scopes_.erase(scope);
      if (on_done) on_done(std::move(failure));
    };
    naru::start(std::move(task), {.executor = std::move(executor), .scope = scope}, std::move(end));
  }

  // Ends all waits, now and from now on.
  void cancel() {
    is_cancelled_ = true;
    for (const auto& scope : std::vector(scopes_.begin(), scopes_.end()))
      scope->cancel(errc::stopped);
  }
  std::size_t size() const noexcept { return scopes_.size(); }

 private:
  std::unordered_set<std::shared_ptr<CancelScope>> scopes_;
  bool is_cancelled_ = false;
};

}  // namespace naru::app
