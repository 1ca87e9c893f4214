// A Socket.IO namespace: who may connect, what happens on events, and emits to all of it.
//
//   auto& io = server.io();
//   io.use([](naru::Socket& s) -> naru::Verdict { return known(s) ? naru::allow : naru::refuse("who is it?");
//   }); io.on("say", [](naru::Socket& s, std::string text) { s.broadcast().emit("said", text); });
//
// A Namespace is a handle, cheap to copy. What of() returns is valid as long as its Server; a copy may be
// kept longer and does nothing then. Emitting is allowed from any thread. Registering too; what is registered
// while clients are connected holds for their later events.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "naru/broadcast.hpp"
#include "naru/handler.hpp"
#include "naru/options.hpp"
#include "naru/pattern.hpp"
#include "naru/socket.hpp"
#include "naru/value.hpp"
#include "naru/verdict.hpp"

namespace naru {
namespace app {
class NamespaceCore;
}
inline namespace v0 {

class Engine;
class Server;
struct InstrumentOptions;

class Namespace {
 public:
  explicit Namespace(std::shared_ptr<app::NamespaceCore> core);
  Namespace(const Namespace&);
  Namespace& operator=(const Namespace&);
  ~Namespace();

  std::string_view name() const;  // "/" or "/chat"

  // Gates run in order before a client is let in; the first refusal is what it gets as connect_error. They
  // may answer at once (Verdict), later (a Task<Verdict>), or from any thread (take a Decision).
  HandlerId use(Function<Verdict(Socket&)> gate);
  HandlerId use(Function<Task<Verdict>(Socket&)> gate);
  HandlerId use(Function<void(Socket&, Decision)> gate);

  // The handler's parameters say what the event carries: [Socket&,] arguments… [, Ack]. Arguments that do not
  // decode: the handler is not called, on_error sees it, and the ack, if any, gets {"error":"bad arguments"}.
  // Of several handlers of one event the first answer counts.
  template <class Handler>
  HandlerId on(std::string event, Handler&& handler) {
    refuse_reserved(event);
    return add_handler(std::move(event), make_event_handler(std::forward<Handler>(handler)), false);
  }
  // For the first such event that comes from any socket, whether or not its arguments decode.
  template <class Handler>
  HandlerId once(std::string event, Handler&& handler) {
    refuse_reserved(event);
    return add_handler(std::move(event), make_event_handler(std::forward<Handler>(handler)), true);
  }
  // Removes a handler or gate of this namespace, of whatever kind; false when it has none of that name.
  bool off(HandlerId handler);
  void off(std::string_view event);  // all of that event
  // See Socket::on_any and on_any_outgoing; for all sockets of the namespace.
  HandlerId on_any(Socket::AnyHandler handler);
  HandlerId prepend_any(Socket::AnyHandler handler);
  bool off_any(HandlerId handler) { return off(handler); }
  HandlerId on_any_outgoing(Socket::AnyHandler handler);
  HandlerId prepend_any_outgoing(Socket::AnyHandler handler);
  bool off_any_outgoing(HandlerId handler) { return off(handler); }
  // (Socket&), returning nothing or a Task<>. Runs before any event of that socket.
  template <class Handler>
  HandlerId on_connection(Handler&& handler) {
    return add_connection_handler(make_event_handler(std::forward<Handler>(handler)), false);
  }
  // Before those that are registered already.
  template <class Handler>
  HandlerId prepend_connection(Handler&& handler) {
    return add_connection_handler(make_event_handler(std::forward<Handler>(handler)), true);
  }
  HandlerId on_disconnecting(Socket::ReasonHandler handler);  // rooms are still joined
  HandlerId on_disconnect(Socket::ReasonHandler handler);
  HandlerId on_error(Function<void(Socket&, const HandlerError&)> handler);
  HandlerId on_drain(Function<void(Socket&)> handler);  // see Socket::on_drain

  template <class... Arguments>
  void emit(std::string_view event, const Arguments&... arguments) const {
    everybody().emit(event, arguments...);
  }
  template <class... Arguments>
  void send(const Arguments&... arguments) const {
    emit("message", arguments...);
  }
  template <class... Arguments>
  Task<BroadcastReply> emit_with_ack(std::string_view event, const Arguments&... arguments) const {
    return everybody().emit_with_ack(event, arguments...);
  }
  // Everybody.
  Broadcast everybody() const { return Broadcast(core_); }
  Broadcast to(std::string room) const { return everybody().to(std::move(room)); }
  Broadcast to(std::vector<std::string> rooms) const { return everybody().to(std::move(rooms)); }
  Broadcast in(std::string room) const { return everybody().to(std::move(room)); }
  Broadcast in(std::vector<std::string> rooms) const { return everybody().to(std::move(rooms)); }
  Broadcast except(std::string room) const { return everybody().except(std::move(room)); }
  Broadcast except(std::vector<std::string> rooms) const { return everybody().except(std::move(rooms)); }
  Broadcast volatile_() const { return everybody().volatile_(); }
  Broadcast local() const { return everybody().local(); }
  Broadcast compress(bool allowed) const { return everybody().compress(allowed); }
  Broadcast timeout(std::chrono::milliseconds limit) const { return everybody().timeout(limit); }
  Task<std::vector<RemoteSocket>> fetch_sockets() const { return everybody().fetch_sockets(); }
  void fetch_sockets(Function<void(std::vector<RemoteSocket>)> done) const {
    everybody().fetch_sockets(std::move(done));
  }
  void sockets_join(std::string room) const { everybody().sockets_join(std::move(room)); }
  void sockets_join(const std::vector<std::string>& rooms) const { everybody().sockets_join(rooms); }
  void sockets_leave(std::string room) const { everybody().sockets_leave(std::move(room)); }
  void sockets_leave(const std::vector<std::string>& rooms) const { everybody().sockets_leave(rooms); }
  void disconnect_sockets(bool close_connection = false) const {
    everybody().disconnect_sockets(close_connection);
  }
  // Sockets connected to this server's part of the namespace, now.
  std::size_t sockets_count() const;
  // The rooms that somebody is in, ids of sockets among them, each once; in no order.
  Task<std::vector<std::string>> all_rooms() const;
  void all_rooms(Function<void(std::vector<std::string>)> done) const;

  // To the handlers of the other servers of a cluster, not to clients. Alone there is nobody: the first call
  // is logged, an answer asked for is empty.
  template <class... Arguments>
  void server_side_emit(std::string_view event, const Arguments&... arguments) const {
    tell_servers(Emission::of_event(event, arguments...));
  }
  template <class... Arguments>
  Task<BroadcastReply> server_side_emit_with_ack(std::string_view event,
                                                 const Arguments&... arguments) const {
    return ask_servers(Emission::of_event(event, arguments...));
  }

  // Rooms come with their first member and go with their last; the id of a socket is a room of its own. Told
  // one after the other, in the order in which it happened, on whichever loop it did; never two at a time.
  // Register before clients connect: rooms that are there already are not told.
  void on_create_room(Function<void(std::string_view room)> handler);
  void on_delete_room(Function<void(std::string_view room)> handler);
  void on_join_room(Function<void(std::string_view room, std::string_view id)> handler);
  void on_leave_room(Function<void(std::string_view room, std::string_view id)> handler);

  // The Engine.IO server below (naru/engine.hpp): who may connect at all, headers, the connections
  // themselves.
  Engine& engine();

  // Another namespace of the same server, made when first asked for: io.of("/admin").
  Namespace& of(std::string name);
  // A parent: when a client asks for a namespace that is not there, the parents are asked in order whether
  // they make it, by a pattern on the name or by a gate. A child begins with the gates and handlers that its
  // parent has then. An emit on a parent reaches all children. See IoOptions::max_child_namespaces and
  // cleanup_empty_child_namespaces; children that of(name) has returned stay.
  Namespace& of(Pattern pattern);
  Namespace& of(Function<Verdict(std::string_view name, const Value& auth)> gate);
  Namespace& of(Function<Task<Verdict>(std::string_view name, const Value& auth)> gate);
  Namespace& of(Function<void(std::string_view name, const Value& auth, Decision)> gate);
  // Told of every namespace that is made from now on, before its first client enters; keep a copy if needed.
  void on_new_namespace(Function<void(Namespace&)> handler);
  // All of this server, parents left out.
  std::vector<Namespace> namespaces() const;

  // Ends the Socket.IO server, as Node's io.close(): every socket of every namespace is told "server shutting
  // down", connections close after what was sent, and new ones are refused (503). Everything else of the
  // server goes on. From any thread; soon.
  void close() const;

  // The server that it belongs to, and what its Socket.IO server was made with.
  Server& server() const;
  const IoOptions& options() const;
  // Shows the Socket.IO server in its Admin UI: include naru/instrument.hpp, which says what that takes.
  void instrument(InstrumentOptions options);

  // Ends all Socket.IO connections of whoever a gate has called so (naru::allow.as), in all namespaces.
  void disconnect_identity(std::string identity) const;

  friend bool operator==(const Namespace& a, const Namespace& b) { return a.core_ == b.core_; }

 private:
  HandlerId add_handler(std::string event, EventHandler handler, bool once);
  HandlerId add_connection_handler(EventHandler handler, bool first);
  void tell_servers(Emission emission) const;
  Task<BroadcastReply> ask_servers(Emission emission) const;
  static void refuse_reserved(std::string_view event);

  std::shared_ptr<app::NamespaceCore> core_;
};

}  // namespace v0
}  // namespace naru
