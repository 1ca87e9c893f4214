// Who may: a callable that answers one kind of question at once, later, or from any thread.
//
//   Gate<Handshake> one = [](const Handshake&) -> Verdict { return allow; };
//   Gate<Handshake> two = [](const Handshake& client) -> Task<Verdict> { co_return co_await ask(client); };
//   Gate<Handshake> three = [](const Handshake&, Decision decide) { queue.push(std::move(decide)); };
//
// Called on the loop that has the question, with several loops on all of them at once; it must not block.
// What it throws is logged and refuses, as does a dropped Decision. The question lives until the task ends;
// for a Decision, until the call ends.
#pragma once

#include <type_traits>
#include <utility>

#include "naru/function.hpp"
#include "naru/task.hpp"
#include "naru/verdict.hpp"

namespace naru {
inline namespace v0 {

template <class Question>
class Gate {
 public:
  using AtOnce = Function<Verdict(const Question&)>;
  using Awaiting = Function<Task<Verdict>(const Question&)>;
  using Deciding = Function<void(const Question&, Decision)>;

  Gate() = default;
  template <class Callable>
  requires(!std::is_same_v<std::decay_t<Callable>, Gate>) Gate(Callable&& callable) {  // NOLINT: a conversion
    using Stored = std::decay_t<Callable>&;
    if constexpr (std::is_invocable_r_v<Verdict, Stored, const Question&>) {
      at_once = std::forward<Callable>(callable);
    } else if constexpr (std::is_invocable_r_v<Task<Verdict>, Stored, const Question&>) {
      awaiting = std::forward<Callable>(callable);
    } else {
      static_assert(
          std::is_invocable_v<Stored, const Question&, Decision>,
          "a gate is (const Question&) -> Verdict or Task<Verdict>, or (const Question&, Decision): "
          "naru::Handshake is a WebSocket's question, naru::Access a feed's");
      deciding = std::forward<Callable>(callable);
    }
  }
  explicit operator bool() const noexcept { return at_once || awaiting || deciding; }

  // At most one of them is set.
  AtOnce at_once = {};
  Awaiting awaiting = {};
  Deciding deciding = {};
};

}  // namespace v0
}  // namespace naru
