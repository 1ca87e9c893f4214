// Gates in their different forms as one: a callable that takes a Decision. What a user's gate throws is
// logged and refuses, since its Decision is dropped on the way out.
#pragma once

#include <memory>
#include <utility>

#include "app/context.hpp"
#include "app/user_code.hpp"
#include "naru/function.hpp"
#include "naru/task.hpp"
#include "naru/verdict.hpp"

namespace naru::app {

// `keep` stands in this frame: what the gate's task refers to lives to its end.
template <class Keep>
Task<> decide_when_done(Task<Verdict> asking, [[maybe_unused]] Keep keep, Decision decide) {
  // clang-tidy 14 takes the halves of a co_await for two uses.
  Verdict verdict = co_await std::move(asking);  // NOLINT(bugprone-use-after-move)
  decide(std::move(verdict));
}

// Runs the task on this loop until it ends or `scope` is cancelled.
template <class Keep>
void start_gate(Task<Verdict> asking, Keep keep, std::shared_ptr<CancelScope> scope, Decision decide) {
  TaskContext context{.executor = thread_context().executor, .scope = std::move(scope)};
  auto on_done = [](std::exception_ptr failure) {
    if (failure) guard_user_code("socketio", "a gate", [&] { std::rethrow_exception(failure); });
  };
  start(decide_when_done(std::move(asking), std::move(keep), std::move(decide)), std::move(context), on_done);
}

}  // namespace naru::app
