// An event on its way out: its arguments as JSON text, and the binary parts that the text refers to.
// You do not use it directly; emit() and Ack make it, once, however many sockets receive it.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "naru/args.hpp"
#include "naru/bytes.hpp"
#include "naru/codec.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"

namespace naru {
inline namespace v0 {

// What became of a send. `sent`: handed to the connection on this, its own, loop. `buffered`: accepted, it
// leaves later (another loop's, or a slow reader's queue). `dropped`: nobody will get it (gone, or volatile
// and busy).
enum class SendStatus { sent, buffered, dropped };

struct EmitFlags {
  bool is_volatile = false;  // dropped rather than queued when the receiver cannot take it now
  bool local = false;        // this server only, when it is one of a cluster
  bool compress = true;      // where the transport has agreed on compression and the packet is large enough
};

// The last of the arguments is a callable that takes the answer.
template <class... Arguments>
inline constexpr bool ends_with_reply_handler = false;
template <class First, class... Rest>
inline constexpr bool ends_with_reply_handler<First, Rest...> = [] {
  if constexpr (sizeof...(Rest) == 0) {
    return std::is_invocable_v<std::decay_t<First>&, Result<Args>>;
  } else {
    return ends_with_reply_handler<Rest...>;
  }
}();

class Emission {
 public:
  std::string text;                // `"name",1,{"_placeholder":true,"num":0}`, or an answer's `1,2`
  std::vector<Bytes> attachments;  // in the order of their numbers

  // REQUIRES: `event` is no reserved name (connect, connect_error, disconnect, disconnecting, newListener,
  // removeListener); throws std::logic_error otherwise, as the reference does.
  template <class... Arguments>
  static Emission of_event(std::string_view event, const Arguments&... arguments) {
    Emission emission = named(event);
    emission.append(arguments...);
    return emission;
  }
  template <class... Arguments>
  static Emission of_arguments(const Arguments&... arguments) {
    Emission emission;
    emission.append(arguments...);
    return emission;
  }
  template <class... Arguments>
  static std::pair<Emission, Function<void(Result<Args>)>> of_event_and_reply(std::string_view event,
                                                                              Arguments&&... arguments) {
    constexpr std::size_t count = sizeof...(Arguments) - 1;
    auto all = std::forward_as_tuple(std::forward<Arguments>(arguments)...);
    Emission emission = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return of_event(event, std::get<I>(all)...);
    }
    (std::make_index_sequence<count>{});
    return {std::move(emission), Function<void(Result<Args>)>(std::get<count>(std::move(all)))};
  }

 private:
  static Emission named(std::string_view event);  // `["name"`
  template <class... Arguments>
  void append(const Arguments&... arguments) {
    if constexpr (sizeof...(Arguments) > 0) {
      ArgumentWriter writer(text, attachments);
      encode_arguments(writer, arguments...);
    }
  }
};

}  // namespace v0
}  // namespace naru
