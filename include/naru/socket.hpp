// A Socket.IO client in one namespace, seen from the server.
//
//   io.on("say", [](naru::Socket& socket, std::string room, std::string text) {
//     socket.to(room).emit("said", socket.id(), text);
//   });
//
// A Socket is a handle: cheap to copy, safe to keep. It keeps the record (id, handshake, data), never the
// connection: after the client has gone, or the server, those still answer and sends return `dropped`.
// From any thread: emit, join, leave, disconnect, id, handshake, identity, connected, recovered, nsp. On the
// socket's own loop only, that is in its handlers (asserted in debug builds): data, rooms, conn, buffered,
// and everything that registers or removes handlers.
#pragma once

#include <any>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "naru/ack.hpp"
#include "naru/args.hpp"
#include "naru/data_type.hpp"
#include "naru/emission.hpp"
#include "naru/function.hpp"
#include "naru/handler.hpp"
#include "naru/handler_error.hpp"
#include "naru/handler_id.hpp"
#include "naru/handshake.hpp"
#include "naru/result.hpp"
#include "naru/socket_emitter.hpp"
#include "naru/task.hpp"
#include "naru/verdict.hpp"

namespace naru {
namespace app {
struct SocketRecord;
}
inline namespace v0 {

class Broadcast;
class EngineSocket;
class Namespace;

class Socket {
 public:
  explicit Socket(std::shared_ptr<app::SocketRecord> record) : record_(std::move(record)) {}

  // Twenty characters of [A-Za-z0-9_-]; not the Engine.IO session's id, which is a secret of its client.
  const std::string& id() const;
  const Handshake& handshake() const;
  Namespace nsp() const;  // one of its own: a child made by a pattern, not its parent
  std::string_view namespace_name() const;
  // Who a gate's verdict says it is (naru::allow.as); empty when none did. Not to be read while gates decide.
  const std::string& identity() const;
  // False while gates decide, and after the end.
  bool connected() const;
  bool disconnected() const { return !connected(); }
  // Whether this is an earlier socket whose connection was lost: its id, its rooms, the events that it has
  // missed are restored, and data() of a type that asks for it. See IoOptions::recovery_window.
  bool recovered() const;
  // The Engine.IO session that carries it. Once that has ended: a closed one.
  EngineSocket conn() const;

  // What you keep for this socket: made when first asked for. One type per namespace, fixed by first use;
  // asking for another throws std::logic_error. With a Codec, fetch_sockets() shows it. A recovery brings it
  // back when the type asks for that (naru/kept_data.hpp).
  template <class T>
  T& data() {
    std::any& slot = data_slot(detail::kDataType<T>);
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
  SocketEmitter compress(bool allowed) const { return emitter().compress(allowed); }

  // Everybody in these rooms, or everybody (broadcast), but this socket. A socket's id is a room of its own.
  Broadcast to(std::string room) const;
  Broadcast to(std::vector<std::string> rooms) const;
  Broadcast in(std::string room) const;
  Broadcast in(std::vector<std::string> rooms) const;
  Broadcast except(std::string room) const;
  Broadcast except(std::vector<std::string> rooms) const;
  Broadcast broadcast() const;
  Broadcast local() const;

  // In a gate: done when it has let the socket in. After the end: nothing.
  void join(std::string room);
  void join(std::vector<std::string> rooms);
  void leave(std::string room);
  // The rooms it is in, its own id among them.
  std::vector<std::string> rooms() const;

  // Leaves this namespace; with `close_connection` all namespaces, and ends the connection. Ignored unless
  // connected: a gate refuses instead.
  void disconnect(bool close_connection = false);

  // A handler of this socket alone, beside the namespace's (which run first). Only until the end.
  template <class Handler>
  HandlerId on(std::string event, Handler&& handler) {
    refuse_reserved(event);
    return add_handler(std::move(event), make_event_handler(std::forward<Handler>(handler)), false);
  }
  // For the first such event that comes, whether or not its arguments decode.
  template <class Handler>
  HandlerId once(std::string event, Handler&& handler) {
    refuse_reserved(event);
    return add_handler(std::move(event), make_event_handler(std::forward<Handler>(handler)), true);
  }
  // Removes one of this socket's handlers, of whatever kind; false when it has none of that name (any more).
  bool off(HandlerId handler);
  // All of this socket's handlers of that event.
  void off(std::string_view event);

  // Decides on each event of this socket before its handlers see it, in order of registration. Refused: the
  // handlers are not called, on_error is, the socket stays. May answer at once, by a Task or by a Decision;
  // later events wait meanwhile, and name and arguments stay valid until the answer.
  HandlerId use(Function<Verdict(Socket&, std::string_view event, const ArgsView&)> gate);
  HandlerId use(Function<Task<Verdict>(Socket&, std::string_view event, const ArgsView&)> gate);
  HandlerId use(Function<void(Socket&, std::string_view event, const ArgsView&, Decision)> gate);

  // Called for every event that comes, before use() and its handlers; prepended ones first. What goes out is
  // told on this socket's loop for emits and broadcasts that reach it, volatile ones that are dropped
  // included, not for acknowledgements.
  using AnyHandler = Function<void(Socket&, std::string_view event, const ArgsView&)>;
  HandlerId on_any(AnyHandler handler);
  HandlerId prepend_any(AnyHandler handler);
  bool off_any(HandlerId handler) { return off(handler); }
  void off_any();  // all
  HandlerId on_any_outgoing(AnyHandler handler);
  HandlerId prepend_any_outgoing(AnyHandler handler);
  bool off_any_outgoing(HandlerId handler) { return off(handler); }
  void off_any_outgoing();  // all

  // `reason` is one of the texts of the reference: "client namespace disconnect", "transport close", …
  using ReasonHandler = Function<void(Socket&, std::string_view reason)>;
  HandlerId on_disconnecting(ReasonHandler handler);  // rooms are still joined
  HandlerId on_disconnect(ReasonHandler handler);
  // In these two and after them: more about the reason, for logs ("too slow: max_queued is reached"); often
  // empty.
  const std::string& disconnect_description() const;
  HandlerId on_error(Function<void(Socket&, const HandlerError&)> handler);
  // Everything has left that sends to this socket called `buffered`: the moment to send on.
  HandlerId on_drain(Function<void(Socket&)> handler);
  // Bytes that wait for this client, in all its namespaces.
  std::size_t buffered() const;

  friend bool operator==(const Socket& a, const Socket& b) { return a.record_ == b.record_; }
  const std::shared_ptr<app::SocketRecord>& record() const { return record_; }

 private:
  SocketEmitter emitter() const { return SocketEmitter(record_); }
  std::any& data_slot(const detail::DataType& type);
  HandlerId add_handler(std::string event, EventHandler handler, bool once);
  static void refuse_reserved(std::string_view event);
  friend class Namespace;

  std::shared_ptr<app::SocketRecord> record_;
};

}  // namespace v0
}  // namespace naru
