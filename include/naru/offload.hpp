// Work that blocks, done off the loop.
//
//   auto work = [&] { return db.pay(order); };
//   auto receipt = co_await naru::offload(work);
//
// In a Task that runs on a server's loop: the task goes on there when the work is done, on one of the
// server's worker threads. An exception of the work is thrown at the co_await.
#pragma once

#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "naru/function.hpp"
#include "naru/task.hpp"

namespace naru {
namespace detail {
// Runs `work` on a worker of the server whose loop this is, and completes there. Throws std::runtime_error
// when the caller is on no server's loop, or the workers' queue is full.
Task<> run_offloaded(Function<void()> work);
}  // namespace detail

inline namespace v0 {

template <class Work>
Task<std::invoke_result_t<Work&>> offload(Work work) {
  using T = std::invoke_result_t<Work&>;
  std::exception_ptr failure;
  if constexpr (std::is_void_v<T>) {
    Function<void()> job = [&] {
      try {
        work();
      } catch (...) {
        failure = std::current_exception();
      }
    };
    co_await detail::run_offloaded(std::move(job));
    if (failure) std::rethrow_exception(failure);
  } else {
    std::optional<T> result;
    Function<void()> job = [&] {
      try {
        result.emplace(work());
      } catch (...) {
        failure = std::current_exception();
      }
    };
    co_await detail::run_offloaded(std::move(job));
    if (failure) std::rethrow_exception(failure);
    co_return std::move(*result);
  }
}

}  // namespace v0
}  // namespace naru
