// A question asked at once, its answer awaited later: what public functions that return a Task are made of.
// Not coroutines themselves: a lazy one would ask when awaited, and through a `this` that may have gone by
// then.
//
//   Completion<Args> completion;
//   Later<Args> later = completion.later();
//   ask(…, completing(std::move(completion)));
//   return wait_for(std::move(later));
#pragma once

#include <utility>

#include "naru/completion.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"
#include "naru/task.hpp"

namespace naru::app {

template <class T>
Task<Result<T>> wait_for(Later<T> later) {
  co_return co_await std::move(later);
}

// For answers that cannot fail: nothing when the server has gone.
template <class T>
Task<T> wait_for_value(Later<T> later) {
  Result<T> result = co_await std::move(later);
  if (!result) co_return T();
  co_return std::move(*result);
}

// A completion as a callback, for a Result or a plain value.
template <class T>
auto completing(Completion<T> completion) {
  return [completion = std::move(completion)](auto result) mutable {
    completion.complete(Result<T>(std::move(result)));
  };
}

}  // namespace naru::app
