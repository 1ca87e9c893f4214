// A Socket.IO namespace: who may connect, what happens on events, and emits to all of it.
//
//   auto& io = server.io();
//   io.use([](naru::Socket& s) -> naru::Verdict { return allowed(s) ? naru::allow : naru::refuse("who are
//   you?"); }); io.on("say", [](naru::Socket& s, std::string text) { s.broadcast().emit("said", text); });
//
// A Namespace is a handle, valid as long as its Server. Emitting is allowed from any thread. Registering too;
// what is registered while clients are connected holds for their later events.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "naru/broadcast.hpp"
#include "naru/handler.hpp"
#include "naru/socket.hpp"
#include "naru/verdict.hpp"

namespace naru {
inline namespace v0 {

// What went wrong in a handler, for on_error.
struct HandlerError {
  std::string event;
  std::string message;  // "argument 2 does not decode", or what() of the exception
};

class Namespace {
 public:
  explicit Namespace(std::shared_ptr<app::NamespaceCore> core);
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;
  ~Namespace();

  std::string_view name() const;  // "/" or "/chat"

  // Gates run in order before a client is let in; the first refusal is what it gets as connect_error. They
  // may answer at once (Verdict), later (a Task<Verdict>), or from any thread (take a Decision).
  void use(Function<Verdict(Socket&)> gate);
  void use(Function<Task<Verdict>(Socket&)> gate);
  void use(Function<void(Socket&, Decision)> gate);

  // The handler's parameters say what the event carries: [Socket&,] arguments… [, Ack]. Arguments that do not
  // decode: the handler is not called, on_error sees it, and the ack, if any, gets {"error":"bad arguments"}.
  template <class Handler>
  void on(std::string event, Handler&& handler) {
    refuse_reserved(event);
    add_handler(std::move(event), make_event_handler(std::forward<Handler>(handler)));
  }
  void on_any(Function<void(Socket&, std::string_view event, const ArgsView&)> handler);
  // (Socket&), returning nothing or a Task<>. Runs before any event of that socket.
  template <class Handler>
  void on_connection(Handler&& handler) {
    add_connection_handler(make_event_handler(std::forward<Handler>(handler)));
  }
  void on_disconnecting(Function<void(Socket&, std::string_view reason)> handler);  // rooms are still joined
  void on_disconnect(Function<void(Socket&, std::string_view reason)> handler);
  void on_error(Function<void(Socket&, const HandlerError&)> handler);
  void on_drain(Function<void(Socket&)> handler);  // see Socket::on_drain

  template <class... Arguments>
  void emit(std::string_view event, const Arguments&... arguments) const {
    everybody().emit(event, arguments...);
  }
  template <class... Arguments>
  void send(const Arguments&... arguments) const {
    emit("message", arguments...);
  }
  Broadcast to(std::string room) const { return everybody().to(std::move(room)); }
  Broadcast to(std::vector<std::string> rooms) const { return everybody().to(std::move(rooms)); }
  Broadcast in(std::string room) const { return everybody().to(std::move(room)); }
  Broadcast in(std::vector<std::string> rooms) const { return everybody().to(std::move(rooms)); }
  Broadcast except(std::string room) const { return everybody().except(std::move(room)); }
  Broadcast except(std::vector<std::string> rooms) const { return everybody().except(std::move(rooms)); }
  Broadcast volatile_() const { return everybody().volatile_(); }
  Broadcast local() const { return everybody().local(); }
  Broadcast timeout(std::chrono::milliseconds limit) const { return everybody().timeout(limit); }
  Task<std::vector<SocketInfo>> fetch_sockets() const { return everybody().fetch_sockets(); }
  void fetch_sockets(Function<void(std::vector<SocketInfo>)> done) const {
    everybody().fetch_sockets(std::move(done));
  }
  void sockets_join(std::string room) const { everybody().sockets_join(std::move(room)); }
  void sockets_leave(std::string room) const { everybody().sockets_leave(std::move(room)); }
  void disconnect_sockets(bool close_connection = false) const {
    everybody().disconnect_sockets(close_connection);
  }

  // Another namespace of the same server, made when first asked for: io.of("/admin").
  Namespace& of(std::string name);

 private:
  Broadcast everybody() const { return Broadcast(core_); }
  void add_handler(std::string event, EventHandler handler);
  void add_connection_handler(EventHandler handler);
  static void refuse_reserved(std::string_view event);

  std::shared_ptr<app::NamespaceCore> core_;
};

}  // namespace v0
}  // namespace naru
