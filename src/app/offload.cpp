#include "naru/offload.hpp"

#include <memory>
#include <stdexcept>
#include <utility>

#include "app/context.hpp"
#include "naru/completion.hpp"

namespace naru::app {

ThreadContext& thread_context() noexcept {
  thread_local ThreadContext context;
  return context;
}

}  // namespace naru::app

namespace naru::detail {

Task<> run_offloaded(Function<void()> work) {
  net::WorkerPool* workers = app::thread_context().workers;
  if (workers == nullptr) throw std::runtime_error("naru::offload is for tasks that run on a server's loop");
  // The caller's frame holds what the work refers to: it may not be woken before the work has ended.
  Completion<bool> completion;
  Later<bool> done = completion.later(Cancelling::forbidden);
  auto job = [work = std::move(work), completion = std::move(completion)]() mutable {
    work();
    completion.complete(true);
  };
  if (!workers->submit("offload", std::move(job))) throw std::runtime_error("the workers' queue is full");
  Result<bool> ran = co_await std::move(done);
  if (!ran) throw std::runtime_error("the workers have stopped");
}

}  // namespace naru::detail
