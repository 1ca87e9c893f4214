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
#include "naru/handshake.hpp"
#include "naru/task.hpp"

namespace naru {
namespace app {
class NamespaceCore;
}
inline namespace v0 {

// A socket as it was when it was asked for, perhaps one of another server: reach it by its id, which is a
// room.
struct SocketInfo {
  std::string id;
  Handshake handshake;
  std::vector<std::string> rooms;  // its id among them
};

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
  Task<std::vector<SocketInfo>> fetch_sockets() const;
  void fetch_sockets(Function<void(std::vector<SocketInfo>)> done) const;

  // All whom this selects.
  void sockets_join(std::string room) const;
  void sockets_leave(std::string room) const;
  void disconnect_sockets(bool close_connection = false) const;

 private:
  friend class Socket;
  friend class Namespace;
  explicit Broadcast(std::shared_ptr<app::NamespaceCore> core) : core_(std::move(core)) {}
  void deliver(Emission emission) const;
  Task<BroadcastReply> ask(Emission emission) const;
  void ask(Emission emission, Function<void(BroadcastReply)> reply) const;

  std::shared_ptr<app::NamespaceCore> core_;
  std::vector<std::string> rooms_;
  std::vector<std::string> except_;
  EmitFlags flags_;
  std::chrono::milliseconds timeout_ = std::chrono::seconds(20);
};

}  // namespace v0
}  // namespace naru
