// A coroutine that gives a T: sugar for handlers that wait.
//
//   naru::Task<> greet(naru::Socket& socket) {
//     auto reply = co_await socket.emit_with_ack("who?");
//     if (reply) socket.emit("hello", reply->get<std::string>(0).value_or("stranger"));
//   }
//
// Lazy: it runs when awaited, by another Task, or when start() starts it. An exception comes out at the
// co_await. Awaiting is a jump from frame to frame (symmetric transfer): chains of any length use no stack
// when optimised. A Task belongs to one owner; it goes on where its TaskContext says. A Task that waits is
// never destroyed: what it waits for ends with an error instead (CancelScope), and it runs out.
//
// g++ 12 destroys some temporaries of a co_await expression twice: let no `{` or `[` stand on such a line,
// and give awaitable functions no option structs and no callables by temporary.
#pragma once

#include <cassert>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "naru/function.hpp"

namespace naru {
inline namespace v0 {

class CancelScope;  // naru/completion.hpp

// Where work goes on: a loop, seen as little as possible.
class Executor {
 public:
  virtual ~Executor() = default;
  // Runs `work` soon, on this executor's thread, in the order of the posts; never inside of post(). From any
  // thread. Work that can never run any more is destroyed unrun.
  virtual void post(Function<void()> work) = 0;
};

// What a started Task and all that it awaits have in common.
struct TaskContext {
  std::shared_ptr<Executor> executor;    // where it goes on after a wait; null: where the wait was ended
  std::shared_ptr<CancelScope> scope{};  // ends its waits early; null: nobody does
};

template <class T = void>
class Task;

}  // namespace v0

namespace detail {

class PromiseBase {
 public:
  std::suspend_always initial_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { exception_ = std::current_exception(); }

  const TaskContext& context() const noexcept {
    static const TaskContext kNone{};
    return context_ == nullptr ? kNone : *context_;
  }

 protected:
  struct Return {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
      return ended.promise().continuation_;
    }
    void await_resume() const noexcept {}
  };

  std::coroutine_handle<> continuation_ = std::noop_coroutine();
  const TaskContext* context_ = nullptr;  // stands in the frame that start() made, which outlives all others
  std::exception_ptr exception_;

  template <class T>
  friend class v0::Task;
};

template <class T>
class TaskPromise : public PromiseBase {
 public:
  Task<T> get_return_object() noexcept;
  Return final_suspend() noexcept { return {}; }
  template <class U>
  requires std::is_constructible_v<T, U&&>
  void return_value(U&& value) { value_.emplace(std::forward<U>(value)); }
  T take() {
    if (exception_) std::rethrow_exception(exception_);
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class TaskPromise<void> : public PromiseBase {
 public:
  Task<void> get_return_object() noexcept;
  Return final_suspend() noexcept { return {}; }
  void return_void() noexcept {}
  void take() {
    if (exception_) std::rethrow_exception(exception_);
  }
};

template <class Promise>
concept TaskLike = std::is_base_of_v<PromiseBase, Promise>;

}  // namespace detail

inline namespace v0 {

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task() noexcept = default;
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      destroy();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~Task() { destroy(); }

  // False for a default-made or moved-from one.
  explicit operator bool() const noexcept { return handle_ != nullptr; }

  // REQUIRES: *this holds a coroutine that was not awaited yet. Only inside of a Task.
  auto operator co_await() && noexcept { return Awaiter(handle_); }

 private:
  friend promise_type;
  explicit Task(Handle handle) noexcept : handle_(handle) {}
  void destroy() noexcept {
    if (handle_) handle_.destroy();
  }

  class Awaiter {
   public:
    explicit Awaiter(Handle task) noexcept : task_(task) { assert(task_ && !task_.done()); }
    bool await_ready() const noexcept { return false; }
    template <detail::TaskLike Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> waiting) noexcept {
      detail::PromiseBase& child = task_.promise();
      child.continuation_ = waiting;
      child.context_ = &waiting.promise().context();
      return task_;
    }
    T await_resume() { return task_.promise().take(); }

   private:
    Handle task_;
  };

  Handle handle_;
};

}  // namespace v0

namespace detail {

template <class T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}
inline Task<void> TaskPromise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

// The outermost frame: owns the task and frees itself at the end.
struct Started {
  class promise_type : public PromiseBase {
   public:
    Started get_return_object() noexcept {
      return Started{std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }  // on_done threw
    void adopt(TaskContext context) {
      own_ = std::move(context);
      context_ = &own_;
    }

   private:
    TaskContext own_;
  };
  std::coroutine_handle<promise_type> handle;
};

inline Started run_to_end(Task<> task, Function<void(std::exception_ptr)> on_done) {
  std::exception_ptr failure;
  try {
    co_await std::move(task);
  } catch (...) {
    failure = std::current_exception();
  }
  task = Task<>();  // its frame goes before whoever waits for the end frees what the frame refers to
  if (on_done) on_done(std::move(failure));
}

}  // namespace detail

inline namespace v0 {

// Runs the task now, up to its first wait; `on_done` is called once at its end, with the exception that it
// ended with or null. on_done must not throw. REQUIRES: on the context's executor; a task that was not
// awaited yet.
inline void start(Task<> task, TaskContext context, Function<void(std::exception_ptr)> on_done = {}) {
  detail::Started started = detail::run_to_end(std::move(task), std::move(on_done));
  started.handle.promise().adopt(std::move(context));
  started.handle.resume();
}

}  // namespace v0
}  // namespace naru
