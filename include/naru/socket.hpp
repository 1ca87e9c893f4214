// A Socket.IO client in one namespace, seen from the server.
//
//   io.on("say", [](naru::Socket& socket, std::string room, std::string text) {
//     socket.to(room).emit("said", socket.id(), text);
//   });
//
// A Socket is a handle: cheap to copy, safe to keep. It keeps the record (id, handshake, data), never the
// connection: after the client has gone, or the server, those still answer and sends return `dropped`.
// From any thread: emit, join, leave, disconnect, id, handshake, identity, connected. On the socket's own
// loop only, that is in its handlers (asserted in debug builds): data, rooms, on, buffered.
#pragma once

#include <any>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include "naru/args.hpp"
#include "naru/codec.hpp"
#include "naru/emission.hpp"
#include "naru/function.hpp"
#include "naru/handler.hpp"
#include "naru/handshake.hpp"
#include "naru/result.hpp"
#include "naru/task.hpp"

namespace naru {
namespace app {
struct SocketRecord;
class NamespaceCore;
}  // namespace app
inline namespace v0 {

class Broadcast;

// One acknowledgement, to be given once, from any thread. Dropping it answers nothing.
class Ack {
 public:
  Ack() = default;
  Ack(std::shared_ptr<app::SocketRecord> socket, std::uint64_t id);
  Ack(Ack&&) noexcept = default;
  Ack& operator=(Ack&&) noexcept = default;
  ~Ack();

  // Answers with these arguments. Inert when the client asked for no answer; a second call is ignored.
  template <class... Arguments>
  SendStatus operator()(const Arguments&... arguments) {
    return answer(Emission::of_arguments(arguments...));
  }
  // Whether the client waits for it.
  explicit operator bool() const noexcept { return socket_ != nullptr; }

 private:
  SendStatus answer(Emission emission);
  std::shared_ptr<app::SocketRecord> socket_;
  std::uint64_t id_ = 0;
};

// An emit to one socket with its modifiers; made by Socket::timeout() and Socket::volatile_(), used at once.
class SocketEmitter {
 public:
  SocketEmitter& timeout(std::chrono::milliseconds limit) { return timeout_ = limit, *this; }
  SocketEmitter& volatile_() { return flags_.is_volatile = true, *this; }

  // With a callable that takes Result<Args> as last argument: asks for an acknowledgement. The callable runs
  // on the socket's loop, once: with the answer, or with errc::timed_out, disconnected or too_many_pending,
  // and then perhaps during the call. From another thread, when this returns `dropped`, it is not called.
  template <class... Arguments>
  SendStatus emit(std::string_view event, Arguments&&... arguments);

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

class Socket {
 public:
  explicit Socket(std::shared_ptr<app::SocketRecord> record) : record_(std::move(record)) {}

  // Twenty characters of [A-Za-z0-9_-]; not the Engine.IO session's id, which is a secret of its client.
  const std::string& id() const;
  const Handshake& handshake() const;
  std::string_view namespace_name() const;
  // Who a gate's verdict says it is (naru::allow.as); empty when none did. Not to be read while gates decide.
  const std::string& identity() const;
  bool connected() const;

  // What you keep for this socket: made when first asked for. One type per namespace, fixed by first use;
  // asking for another throws std::logic_error.
  template <class T>
  T& data() {
    std::any& slot = data_slot(typeid(T));
    if (!slot.has_value()) slot.emplace<T>();
    return *std::any_cast<T>(&slot);
  }

  // See SocketEmitter::emit. An acknowledgement asked for without timeout() waits 20 s.
  template <class... Arguments>
  SendStatus emit(std::string_view event, Arguments&&... arguments) {
    return emitter().emit(event, std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  SendStatus send(Arguments&&... arguments) {
    return emit("message", std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  Task<Result<Args>> emit_with_ack(std::string_view event, const Arguments&... arguments) {
    return emitter().emit_with_ack(event, arguments...);
  }
  SocketEmitter timeout(std::chrono::milliseconds limit) const { return emitter().timeout(limit); }
  SocketEmitter volatile_() const { return emitter().volatile_(); }

  // Everybody in these rooms, or everybody (broadcast), but this socket. A socket's id is a room of its own.
  Broadcast to(std::string room) const;
  Broadcast to(std::vector<std::string> rooms) const;
  Broadcast in(std::string room) const;
  Broadcast except(std::string room) const;
  Broadcast except(std::vector<std::string> rooms) const;
  Broadcast broadcast() const;
  Broadcast local() const;

  void join(std::string room);
  void join(std::vector<std::string> rooms);
  void leave(std::string room);
  // The rooms it is in, its own id among them.
  std::vector<std::string> rooms() const;

  // Leaves this namespace; with `close_connection` all namespaces, and ends the connection.
  void disconnect(bool close_connection = false);

  // A handler of this socket alone, beside the namespace's (which run first). Only while connected.
  template <class Handler>
  void on(std::string event, Handler&& handler) {
    refuse_reserved(event);
    add_handler(std::move(event), make_event_handler(std::forward<Handler>(handler)));
  }
  // Runs for every event of this socket, before its handlers: (Socket&, std::string_view name, const
  // ArgsView&).
  void on_any(Function<void(Socket&, std::string_view, const ArgsView&)> handler);
  // `reason` is one of the texts of the reference: "client namespace disconnect", "transport close", …
  void on_disconnecting(Function<void(Socket&, std::string_view reason)> handler);  // rooms are still joined
  void on_disconnect(Function<void(Socket&, std::string_view reason)> handler);
  // Everything has left that sends to this socket called `buffered`: the moment to send on.
  void on_drain(Function<void(Socket&)> handler);
  // Bytes that wait for this client, in all its namespaces.
  std::size_t buffered() const;

  friend bool operator==(const Socket& a, const Socket& b) { return a.record_ == b.record_; }
  const std::shared_ptr<app::SocketRecord>& record() const { return record_; }

 private:
  SocketEmitter emitter() const { return SocketEmitter(record_); }
  std::any& data_slot(const std::type_info& type);
  void add_handler(std::string event, EventHandler handler);
  static void refuse_reserved(std::string_view event);
  friend class Namespace;

  std::shared_ptr<app::SocketRecord> record_;
};

}  // namespace v0

namespace detail {
SendStatus emit_to(const std::shared_ptr<app::SocketRecord>& record, Emission emission, EmitFlags flags);
SendStatus emit_asking(const std::shared_ptr<app::SocketRecord>& record, Emission emission, EmitFlags flags,
                       std::optional<std::chrono::milliseconds> timeout, Function<void(Result<Args>)> reply);
}  // namespace detail

inline namespace v0 {
template <class... Arguments>
SendStatus SocketEmitter::emit(std::string_view event, Arguments&&... arguments) {
  if constexpr (ends_with_reply_handler<Arguments...>) {
    auto [emission, reply] = Emission::of_event_and_reply(event, std::forward<Arguments>(arguments)...);
    return detail::emit_asking(record_, std::move(emission), flags_, timeout_, std::move(reply));
  } else {
    return detail::emit_to(record_, Emission::of_event(event, arguments...), flags_);
  }
}

}  // namespace v0
}  // namespace naru
