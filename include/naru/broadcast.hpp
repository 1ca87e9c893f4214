// An emit to many: an immutable value that says to whom. Each modifier returns a new one, so that a
// half-built target can be kept and used again, from any thread.
//
//   auto players = io.to("game:7").except("muted");
//   players.emit("score", 3, 1);
//   players.volatile_().emit("position", x, y);
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "naru/args.hpp"
#include "naru/emission.hpp"
#include "naru/function.hpp"
#include "naru/handshake.hpp"
#include "naru/result.hpp"
#include "naru/task.hpp"
#include "naru/value.hpp"

namespace naru {
namespace adapter {
struct Selection;
}
namespace app {
class NamespaceCore;
}
inline namespace v0 {

class RemoteSocket;

// The answers to one event that went to many. No error: everybody has answered. Else `answers` holds what
// came: errc::timed_out, or errc::disconnected when the last ones missing have gone.
struct BroadcastReply {
  std::vector<Args> answers;
  std::error_code error = {};
};

class Broadcast {
 public:
  // Added to the rooms so far: a socket in several of them gets the event once.
  Broadcast to(std::string room) const;
  Broadcast to(std::vector<std::string> rooms) const;
  Broadcast in(std::string room) const { return to(std::move(room)); }
  Broadcast in(std::vector<std::string> rooms) const { return to(std::move(rooms)); }
  // Nobody who is in one of these (rooms, or ids of sockets).
  Broadcast except(std::string room) const;
  Broadcast except(std::vector<std::string> rooms) const;
  Broadcast volatile_() const;
  Broadcast local() const;
  // Whether transports may compress it, where compression is on. Default: they may.
  Broadcast compress(bool allowed) const;

  template <class... Arguments>
  void emit(std::string_view event, const Arguments&... arguments) const {
    deliver(Emission::of_event(event, arguments...));
  }

  // Asks everybody for an acknowledgement; one number for all. Nobody selected: an empty reply at once.
  template <class... Arguments>
  Task<BroadcastReply> emit_with_ack(std::string_view event, const Arguments&... arguments) const {
    return ask(Emission::of_event(event, arguments...));
  }
  // The same with a callable instead of a task; it runs once, on an unspecified loop of the server, or during
  // the call when nobody is selected. After the server has gone it may not run.
  template <class... Arguments>
  void emit_with_reply(Function<void(BroadcastReply)> reply, std::string_view event,
                       const Arguments&... arguments) const {
    ask(Emission::of_event(event, arguments...), std::move(reply));
  }
  // How long emit_with_ack() waits; 20 s unless said.
  Broadcast timeout(std::chrono::milliseconds limit) const;

  // Who is selected, now; in no order. The callable runs as that of emit_with_reply().
  // Of a parent namespace (see Namespace::of) nobody can be asked: throws std::logic_error, as do the ones
  // above.
  Task<std::vector<RemoteSocket>> fetch_sockets() const;
  void fetch_sockets(Function<void(std::vector<RemoteSocket>)> done) const;

  // All whom this selects.
  void sockets_join(std::string room) const;
  void sockets_join(const std::vector<std::string>& rooms) const;
  void sockets_leave(std::string room) const;
  void sockets_leave(const std::vector<std::string>& rooms) const;
  void disconnect_sockets(bool close_connection = false) const;

 private:
  friend class Socket;
  friend class Namespace;
  friend class RemoteEmitter;
  explicit Broadcast(std::shared_ptr<app::NamespaceCore> core) : core_(std::move(core)) {}
  adapter::Selection selection() const;
  void deliver(Emission emission) const;
  Task<BroadcastReply> ask(Emission emission) const;
  void ask(Emission emission, Function<void(BroadcastReply)> reply) const;

  std::shared_ptr<app::NamespaceCore> core_;
  std::vector<std::string> rooms_;
  std::vector<std::string> except_;
  EmitFlags flags_;
  std::chrono::milliseconds timeout_ = std::chrono::seconds(20);
};

// An emit to one remote socket with its modifiers; used at once.
class RemoteEmitter {
 public:
  RemoteEmitter& timeout(std::chrono::milliseconds limit) { return target_ = target_.timeout(limit), *this; }
  RemoteEmitter& volatile_() { return target_ = target_.volatile_(), *this; }
  RemoteEmitter& compress(bool allowed) { return target_ = target_.compress(allowed), *this; }

  // With a callable that takes Result<Args> as last argument: asks for its one answer, errc::timed_out, or
  // errc::disconnected when nobody has that id any more.
  template <class... Arguments>
  void emit(std::string_view event, Arguments&&... arguments) const {
    if constexpr (ends_with_reply_handler<Arguments...>) {
      auto [emission, reply] = Emission::of_event_and_reply(event, std::forward<Arguments>(arguments)...);
      ask(std::move(emission), std::move(reply));
    } else {
      target_.emit(event, arguments...);
    }
  }
  template <class... Arguments>
  Task<Result<Args>> emit_with_ack(std::string_view event, const Arguments&... arguments) const {
    return ask(Emission::of_event(event, arguments...));
  }

 private:
  friend class RemoteSocket;
  explicit RemoteEmitter(Broadcast target) : target_(std::move(target)) {}
  void ask(Emission emission, Function<void(Result<Args>)> reply) const;
  Task<Result<Args>> ask(Emission emission) const;

  Broadcast target_;
};

// A socket as it was when it was asked for, perhaps one of another server. What it is told to do finds it by
// its id; nothing happens when it has gone.
//
//   for (const naru::RemoteSocket& s : co_await io.in("game").fetch_sockets()) s.emit("hello", s.id);
class RemoteSocket {
 public:
  RemoteSocket(Broadcast target, Handshake shake) : handshake(std::move(shake)), target_(std::move(target)) {}

  std::string id = {};
  Handshake handshake;
  std::vector<std::string> rooms = {};  // its id among them
  Value data = {};                      // Socket::data() as its Codec writes it; null when there is none

  template <class... Arguments>
  void emit(std::string_view event, Arguments&&... arguments) const {
    RemoteEmitter(target_).emit(event, std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  Task<Result<Args>> emit_with_ack(std::string_view event, const Arguments&... arguments) const {
    return RemoteEmitter(target_).emit_with_ack(event, arguments...);
  }
  RemoteEmitter timeout(std::chrono::milliseconds limit) const {
    return RemoteEmitter(target_.timeout(limit));
  }
  RemoteEmitter volatile_() const { return RemoteEmitter(target_.volatile_()); }
  RemoteEmitter compress(bool allowed) const { return RemoteEmitter(target_.compress(allowed)); }

  void join(std::string room) const { target_.sockets_join(std::move(room)); }
  void leave(std::string room) const { target_.sockets_leave(std::move(room)); }
  void disconnect(bool close_connection = false) const { target_.disconnect_sockets(close_connection); }

 private:
  Broadcast target_;
};

}  // namespace v0
}  // namespace naru
