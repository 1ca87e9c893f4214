// Turns a callable into the handler of an event: its parameters say what the event carries.
//
//   [Socket&,] arguments…, [ArgsView or Args: the rest,] [Ack]      returning void or Task<>
//
//   io.on("join", [](naru::Socket& s, std::string room, std::optional<int> limit, naru::Ack ack) { ... });
//
// Arguments are decoded by Codec<T>. Surplus ones are ignored, missing trailing optionals are empty, an Ack
// without ack id is inert. When an argument does not decode the callable is not called. A Task handler takes
// its arguments by value, since it runs on when the packet is gone; whoever calls a handler keeps it, and the
// Socket, until its Task has ended. What the callable throws comes out of `call`.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "naru/args.hpp"
#include "naru/codec.hpp"
#include "naru/function.hpp"
#include "naru/task.hpp"

namespace naru {
inline namespace v0 {

class Socket;
class Ack;

struct Outcome {
  enum class Kind { done, bad_arguments, pending };
  Kind kind = Kind::done;
  std::size_t argument = 0;  // bad_arguments: the first one that is missing or does not decode, from 0
  Task<> task{};             // pending: to be started
};

// The types of Socket and Ack are parameters so that a test can do without a server.
template <class SocketType, class AckType>
struct BasicEventHandler {
  // The Ack is taken from the pointer; null when the client asked for none.
  Function<Outcome(SocketType&, const ArgsView&, AckType*)> call;
  bool wants_ack = false;
  bool returns_task = false;  // the socket's handle must live until the task has ended
};
using EventHandler = BasicEventHandler<Socket, Ack>;

}  // namespace v0

namespace detail {

template <class... Types>
struct TypeList {
  static constexpr std::size_t kSize = sizeof...(Types);
  template <std::size_t I>
  using At = std::tuple_element_t<I, std::tuple<Types...>>;
};

// The parameters and the return type of a function pointer or of a closure's one operator().
template <class>
struct Signature;
template <class R, class... P>
struct Signature<R (*)(P...)> {
  using Return = R;
  using Parameters = TypeList<P...>;
};
template <class R, class... P>
struct Signature<R (*)(P...) noexcept> : Signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...)> : Signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...) const> : Signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...) noexcept> : Signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct Signature<R (C::*)(P...) const noexcept> : Signature<R (*)(P...)> {};

template <class F>
concept FunctionPointer = std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>;
template <class F>
concept OneCallOperator = requires {
  &F::operator();
};

template <class F>
struct SignatureOf : Signature<void (*)()> {
  static_assert(kAlwaysFalse<F>,
                "an event handler must have one definite signature: a generic lambda (auto parameters) or an "
                "overloaded object does not say what the event carries; write the parameters' types");
};
template <FunctionPointer F>
struct SignatureOf<F> : Signature<F> {};
template <OneCallOperator F>
struct SignatureOf<F> : Signature<decltype(&F::operator())> {};

template <class T>
inline constexpr bool kIsSpan = false;
template <class T, std::size_t N>
inline constexpr bool kIsSpan<std::span<T, N>> = true;
template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <class T>
concept View = std::same_as<T, std::string_view> || std::same_as<T, RawJsonView> ||
    std::same_as<T, Argument> || std::same_as<T, ArgsView> || std::is_pointer_v<T> || kIsSpan<T>;

// What a parameter is decoded into before the call: a view of text needs an owner.
template <class Parameter>
using StoredAs = std::conditional_t<std::same_as<std::remove_cvref_t<Parameter>, std::string_view>,
                                    std::string, std::remove_cvref_t<Parameter>>;

// Where in the parameter list the socket, the decoded arguments, the rest and the ack stand.
template <class F, class SocketType, class AckType>
struct HandlerShape {
  using Return = typename SignatureOf<F>::Return;
  using Parameters = typename SignatureOf<F>::Parameters;
  template <std::size_t I>
  using Parameter = typename Parameters::template At<I>;
  template <std::size_t I, class... Types>
  static constexpr bool is_one_of() {
    if constexpr (I < Parameters::kSize) {
      return (std::same_as<std::remove_cvref_t<Parameter<I>>, Types> || ...);
    } else {
      return false;  // also for one before the first
    }
  }

  static constexpr std::size_t kCount = Parameters::kSize;
  static constexpr bool kReturnsTask = std::same_as<Return, Task<>>;
  static constexpr bool kTakesSocket = is_one_of<0, SocketType>();
  static constexpr bool kTakesAck = is_one_of<kCount - 1, AckType>();
  static constexpr bool kTakesRest = is_one_of<kCount - kTakesAck - 1, ArgsView, Args>();
  static constexpr std::size_t kArguments = kCount - kTakesSocket - kTakesRest - kTakesAck;

  static constexpr bool is_socket(std::size_t at) { return kTakesSocket && at == 0; }
  static constexpr bool is_ack(std::size_t at) { return kTakesAck && at + 1 == kCount; }
  static constexpr bool is_rest(std::size_t at) { return kTakesRest && at == kTakesSocket + kArguments; }

  static_assert(std::is_void_v<Return> || kReturnsTask, "an event handler returns void or naru::Task<>");

  template <class P>
  static constexpr bool is_good_parameter() {
    using Plain = std::remove_cvref_t<P>;
    static_assert(std::same_as<P, SocketType&> || !std::same_as<Plain, SocketType>,
                  "an event handler takes its socket as naru::Socket&");
    static_assert(std::same_as<P, SocketType&> || !std::is_lvalue_reference_v<P> ||
                      std::is_const_v<std::remove_reference_t<P>>,
                  "an event handler takes its arguments by value or by const reference");
    static_assert(!std::is_pointer_v<Plain>,
                  "an event handler takes text as std::string or std::string_view");
    if constexpr (kReturnsTask && !std::same_as<Plain, SocketType>) {
      static_assert(
          !std::is_reference_v<P> && !View<Plain>,
          "a handler that returns a Task runs on when the packet is gone: it takes its arguments by value, "
          "and none that is a view (std::string, RawJson, Args instead of std::string_view, RawJsonView, "
          "ArgsView)");
    }
    return true;
  }
  template <class... P>
  static constexpr bool are_good_parameters(TypeList<P...>) {
    return (is_good_parameter<P>() && ...);
  }
  static_assert(are_good_parameters(Parameters{}));

  template <class>
  struct Decoding;
  template <std::size_t... I>
  struct Decoding<std::index_sequence<I...>> {
    using Type = std::tuple<StoredAs<Parameter<kTakesSocket + I>>...>;
  };
  using Decoded = typename Decoding<std::make_index_sequence<kArguments>>::Type;
};

template <class F, class SocketType, class AckType>
class HandlerCall {
 public:
  explicit HandlerCall(F callable) : callable_(std::move(callable)) {}

  Outcome operator()(SocketType& socket, const ArgsView& args, AckType* ack) {
    Decoded decoded{};
    std::size_t good = decode(args, decoded, std::make_index_sequence<Shape::kArguments>{});
    if (good < Shape::kArguments) return {.kind = Outcome::Kind::bad_arguments, .argument = good};
    return run(socket, decoded, args, ack, std::make_index_sequence<Shape::kCount>{});
  }

 private:
  using Shape = HandlerShape<F, SocketType, AckType>;
  using Decoded = typename Shape::Decoded;

  // How many arguments at the front decode.
  template <std::size_t... I>
  static std::size_t decode([[maybe_unused]] const ArgsView& args, Decoded& decoded,
                            std::index_sequence<I...>) {
    std::size_t good = 0;
    static_cast<void>(((decode_one(args, I, std::get<I>(decoded)) && ++good > 0) && ...));
    return good;
  }
  template <class T>
  static bool decode_one(const ArgsView& args, std::size_t index, T& value) {
    return index < args.size() ? args[index].read(value) : kIsOptional<T>;
  }

  // What parameter I gets.
  template <std::size_t I>
  static decltype(auto) give(SocketType& socket, Decoded& decoded, const ArgsView& args, AckType* ack) {
    if constexpr (Shape::is_socket(I)) {
      return (socket);
    } else if constexpr (Shape::is_ack(I)) {
      return ack == nullptr ? AckType() : AckType(std::move(*ack));
    } else if constexpr (Shape::is_rest(I)) {
      return std::remove_cvref_t<typename Shape::template Parameter<I>>(args.rest(Shape::kArguments));
    } else {
      return std::move(std::get<I - Shape::kTakesSocket>(decoded));
    }
  }

  template <std::size_t... I>
  Outcome run([[maybe_unused]] SocketType& socket, [[maybe_unused]] Decoded& decoded,
              [[maybe_unused]] const ArgsView& args, [[maybe_unused]] AckType* ack,
              std::index_sequence<I...>) {
    if constexpr (Shape::kReturnsTask) {
      return {.kind = Outcome::Kind::pending, .task = callable_(give<I>(socket, decoded, args, ack)...)};
    } else {
      callable_(give<I>(socket, decoded, args, ack)...);
      return {};
    }
  }

  F callable_;
};

}  // namespace detail

inline namespace v0 {

template <class SocketType = Socket, class AckType = Ack, class F>
BasicEventHandler<SocketType, AckType> make_event_handler(F&& callable) {
  using Callable = std::decay_t<F>;
  return {.call = detail::HandlerCall<Callable, SocketType, AckType>(std::forward<F>(callable)),
          .wants_ack = detail::HandlerShape<Callable, SocketType, AckType>::kTakesAck,
          .returns_task = detail::HandlerShape<Callable, SocketType, AckType>::kReturnsTask};
}

}  // namespace v0
}  // namespace naru
