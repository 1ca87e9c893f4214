// One answer that comes later: Completion<T> is given to whoever will have it, Later<T> is awaited.
//
//   naru::Completion<Args> completion;
//   naru::Later<Args> later = completion.later();
//   table.add(id, [completion = std::move(completion)](Result<Args> reply) mutable {
//     completion.complete(std::move(reply));
//   });
//   Result<Args> reply = co_await std::move(later);          // inside of a Task
//
// Completing is allowed from any thread, once; the waiting Task goes on by a post to its executor, never
// inside of complete(). A Completion that is dropped answers errc::abandoned. A CancelScope ends all waits of
// its tasks.
#pragma once

#include <cassert>
#include <coroutine>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "naru/errc.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"
#include "naru/task.hpp"

namespace naru {
namespace detail {

class Wait {
 public:
  virtual ~Wait() = default;
  virtual void fail(std::error_code reason) = 0;
};

// The state between a Completion and its Later. The waiting coroutine is resumed by exactly one post: by
// whoever stores the result while a waiter is there.
template <class T>
class PendingResult final : public Wait {
 public:
  bool complete(Result<T> result) {
    std::unique_lock lock(mutex_);
    if (result_) return false;
    result_.emplace(std::move(result));
    if (!waiter_) return true;
    auto waiter = std::exchange(waiter_, nullptr);
    auto executor = std::move(executor_);
    lock.unlock();
    resume(waiter, executor);
    return true;
  }
  void fail(std::error_code reason) override { complete(Result<T>(Error(reason))); }

  bool is_complete() {
    std::lock_guard lock(mutex_);
    return result_.has_value();
  }
  // False: the result is here, do not wait. After true the waiter may already be running elsewhere.
  bool wait(std::coroutine_handle<> waiter, std::shared_ptr<Executor> executor) {
    std::lock_guard lock(mutex_);
    if (result_) return false;
    waiter_ = waiter;
    executor_ = std::move(executor);
    return true;
  }
  Result<T> take() {
    std::lock_guard lock(mutex_);
    assert(result_);
    return std::move(*result_);
  }

 private:
  static void resume(std::coroutine_handle<> waiter, const std::shared_ptr<Executor>& executor) {
    if (executor == nullptr) return waiter.resume();
    executor->post([waiter] { waiter.resume(); });
  }

  std::mutex mutex_;
  std::optional<Result<T>> result_;
  std::coroutine_handle<> waiter_;
  std::shared_ptr<Executor> executor_;
};

}  // namespace detail

inline namespace v0 {

// Ends waits early: those that are pending when cancel() is called, and every later one at once. One per
// socket; it owns no memory while nobody waits. From any thread.
class CancelScope {
 public:
  // The first reason counts.
  void cancel(std::error_code reason) {
    std::unique_lock lock(mutex_);
    if (reason_) return;
    reason_ = reason;
    auto waits = std::exchange(waits_, {});
    lock.unlock();
    for (const auto& wait : waits)
      wait->fail(reason);
  }
  bool is_cancelled() const {
    std::lock_guard lock(mutex_);
    return static_cast<bool>(reason_);
  }

 private:
  template <class T>
  friend class Later;
  void add(std::shared_ptr<detail::Wait> wait) {
    std::unique_lock lock(mutex_);
    if (!reason_) return waits_.push_back(std::move(wait));
    lock.unlock();
    wait->fail(reason_);
  }
  void remove(const detail::Wait* wait) {
    std::lock_guard lock(mutex_);
    std::erase_if(waits_, [wait](const auto& each) { return each.get() == wait; });
    if (waits_.empty()) waits_ = {};
  }

  mutable std::mutex mutex_;
  std::error_code reason_;
  std::vector<std::shared_ptr<detail::Wait>> waits_;
};

// Whether a CancelScope may end the wait. Not when the answering side still uses what the waiting frame owns.
enum class Cancelling { allowed, forbidden };

// The waiting end: await it once, inside of a Task.
template <class T>
class [[nodiscard]] Later {
 public:
  Later(std::shared_ptr<detail::PendingResult<T>> state, Cancelling cancelling)
      : state_(std::move(state)), cancelling_(cancelling) {}
  Later(Later&&) noexcept = default;
  Later& operator=(Later&&) noexcept = default;

  bool await_ready() const { return state_->is_complete(); }
  template <detail::TaskLike Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiting) {
    const TaskContext& context = waiting.promise().context();
    if (cancelling_ == Cancelling::allowed && context.scope != nullptr) {
      scope_ = context.scope;
      scope_->add(state_);  // before wait(): afterwards this frame may run on, and be gone
    }
    return state_->wait(waiting, context.executor);
  }
  Result<T> await_resume() {
    if (scope_ != nullptr) scope_->remove(state_.get());
    return state_->take();
  }

 private:
  std::shared_ptr<detail::PendingResult<T>> state_;
  std::shared_ptr<CancelScope> scope_;
  Cancelling cancelling_;
};

// The answering end, of one owner.
template <class T>
class Completion {
 public:
  Completion() : state_(std::make_shared<detail::PendingResult<T>>()) {}
  Completion(Completion&&) noexcept = default;
  Completion& operator=(Completion&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
  }
  ~Completion() {
    if (state_ != nullptr) state_->fail(errc::abandoned);
  }

  // REQUIRES: called once.
  Later<T> later(Cancelling cancelling = Cancelling::allowed) const { return Later<T>(state_, cancelling); }
  // False when it was completed or cancelled before; the result is dropped then.
  bool complete(Result<T> result) { return state_->complete(std::move(result)); }

 private:
  std::shared_ptr<detail::PendingResult<T>> state_;
};

}  // namespace v0
}  // namespace naru
