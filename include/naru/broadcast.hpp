// An emit to many: an immutable value that says to whom. Each modifier returns a new one, so that a
// half-built target can be kept and used again, from any thread.
//
//   auto players = io.to("game:7").except("muted");
//   players.emit("score", 3, 1);
//   players.volatile_().emit("position", x, y);
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "naru/emission.hpp"

namespace naru {
namespace app {
class NamespaceCore;
}
inline namespace v0 {

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

  // All whom this selects.
  void sockets_join(std::string room) const;
  void sockets_leave(std::string room) const;
  void disconnect_sockets(bool close_connection = false) const;

 private:
  friend class Socket;
  friend class Namespace;
  explicit Broadcast(std::shared_ptr<app::NamespaceCore> core) : core_(std::move(core)) {}
  void deliver(Emission emission) const;

  std::shared_ptr<app::NamespaceCore> core_;
  std::vector<std::string> rooms_;
  std::vector<std::string> except_;
  EmitFlags flags_;
};

}  // namespace v0
}  // namespace naru
