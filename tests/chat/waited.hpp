// The end of a task, for tests that run on no loop.
#pragma once

#include <future>
#include <utility>

#include "naru/task.hpp"

namespace chat {

template <class T>
naru::Task<> hand_over(naru::Task<T> task, std::promise<T>* promise) {
  T result = co_await std::move(task);
  promise->set_value(std::move(result));
}

template <class T>
T waited(naru::Task<T> task) {
  std::promise<T> promise;
  auto result = promise.get_future();
  naru::start(hand_over(std::move(task), &promise), {});
  return result.get();
}

}  // namespace chat
