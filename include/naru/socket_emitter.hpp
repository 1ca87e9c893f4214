// An emit to one socket with its modifiers; made by Socket::timeout(), volatile_() and compress(), used at
// once.
//
//   socket.timeout(2s).compress(false).emit("version?", [](naru::Result<naru::Args> reply) { ... });
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "naru/args.hpp"
#include "naru/emission.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"
#include "naru/task.hpp"

namespace naru {
namespace app {
struct SocketRecord;
}

namespace detail {
SendStatus emit_to(const std::shared_ptr<app::SocketRecord>& record, Emission emission, EmitFlags flags);
SendStatus emit_asking(const std::shared_ptr<app::SocketRecord>& record, Emission emission, EmitFlags flags,
                       std::optional<std::chrono::milliseconds> timeout, Function<void(Result<Args>)> reply);
}  // namespace detail

inline namespace v0 {

class SocketEmitter {
 public:
  SocketEmitter& timeout(std::chrono::milliseconds limit) { return timeout_ = limit, *this; }
  SocketEmitter& volatile_() { return flags_.is_volatile = true, *this; }
  // Whether the transport may compress it, where compression is on. Default: it may.
  SocketEmitter& compress(bool allowed) { return flags_.compress = allowed, *this; }

  // With a callable that takes Result<Args> as last argument: asks for an acknowledgement. The callable runs
  // on the socket's loop, once, never during the call: with the answer, or with errc::timed_out, disconnected
  // or too_many_pending. From another thread, when this returns `dropped`, it is not called.
  template <class... Arguments>
  SendStatus emit(std::string_view event, Arguments&&... arguments) {
    if constexpr (ends_with_reply_handler<Arguments...>) {
      auto [emission, reply] = Emission::of_event_and_reply(event, std::forward<Arguments>(arguments)...);
      return detail::emit_asking(record_, std::move(emission), flags_, timeout_, std::move(reply));
    } else {
      return detail::emit_to(record_, Emission::of_event(event, arguments...), flags_);
    }
  }

  // The answer, awaited: `auto reply = co_await socket.timeout(5s).emit_with_ack("sure?", text);`
  template <class... Arguments>
  Task<Result<Args>> emit_with_ack(std::string_view event, const Arguments&... arguments) {
    return ask(Emission::of_event(event, arguments...));
  }

 private:
  friend class Socket;
  explicit SocketEmitter(std::shared_ptr<app::SocketRecord> record) : record_(std::move(record)) {}
  Task<Result<Args>> ask(Emission emission);

  std::shared_ptr<app::SocketRecord> record_;
  EmitFlags flags_;
  std::optional<std::chrono::milliseconds> timeout_;
};

}  // namespace v0
}  // namespace naru
