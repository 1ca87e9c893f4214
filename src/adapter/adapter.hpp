// Socket.IO's seam between a namespace and where its sockets are: this process now, a cluster later.
//
// A namespace speaks to its adapter only. Everything that selects sockets may be called from any thread; what
// asks others for an answer takes a callback, with one loop too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "adapter/room_watch.hpp"
#include "hub/loop_group.hpp"
#include "hub/member.hpp"
#include "hub/parcel.hpp"
#include "hub/room_key.hpp"
#include "naru/args.hpp"
#include "naru/function.hpp"

namespace naru::adapter {

struct Selection {
  std::vector<hub::RoomKey> rooms = {};   // none: everybody
  std::vector<hub::RoomKey> except = {};  // rooms, or ids of sockets
  bool local = false;                     // not the other servers of a cluster
};

class Recovery;  // adapter/recovery.hpp

// Where a socket stands in the log of a namespace with recovery.
struct PlaceInLog {
  std::uint64_t had_through = 0;    // events up to this number are not for it: it has had them, or came later
  std::uint64_t heard_through = 0;  // the last one that was handed to it
};

// A socket as the adapter knows it.
class Member : public hub::Member, public std::enable_shared_from_this<Member> {
 public:
  explicit Member(hub::LoopIndex home) : home_(home) {}
  hub::LoopIndex home() const noexcept { return home_; }
  // On the home loop: ends it, when somebody else asked for that.
  virtual void disconnect(bool close_connection) = 0;
  // On the home loop: its client has come back on another connection, so this one is lost, and ends as such.
  virtual void abandon() = 0;

  PlaceInLog place;  // its adapter's, on the home loop

 private:
  const hub::LoopIndex home_;
};

struct Visit {
  Function<void(Member&)> each;
  Function<void(std::size_t)> end = {};  // how many sockets were visited on this loop
  Function<void()> refused = {};  // during the call: some loop has too much waiting, and is not visited
  std::size_t bytes = 0;          // what the visit keeps alive
};

class Adapter {
 public:
  virtual ~Adapter() = default;

  // A socket is there, or has gone and left all rooms. On the member's loop.
  virtual void add(Member& member) = 0;
  virtual void remove(Member& member) = 0;

  // One socket's rooms. From any thread; a member that has gone meanwhile joins nothing. What comes for
  // another loop that has too much waiting is refused, counted and logged.
  virtual void join(const std::shared_ptr<Member>& member, std::vector<std::string> rooms) = 0;
  virtual void leave(const std::shared_ptr<Member>& member, std::string room) = 0;
  // On the member's loop.
  virtual std::vector<std::string> rooms_of(const Member& member) const = 0;

  virtual void broadcast(hub::SharedParcel parcel, Selection selection) = 0;
  virtual void join_selected(Selection selection, std::string room) = 0;
  virtual void leave_selected(Selection selection, std::string room) = 0;
  virtual void disconnect_selected(Selection selection, bool close_connection) = 0;

  // Runs `visit.each` for each selected socket on its loop, and then `visit.end` once for each loop that was
  // reached, there. Returns how many loops that are: so often `end` comes, also before this returns. What
  // `each` does to rooms is done after all were selected.
  virtual std::size_t visit(Selection selection, std::shared_ptr<const Visit> visit) = 0;

  // The rooms that somebody is in, ids among them, each once. `done` is called on one of the loops, or during
  // the call.
  virtual void all_rooms(Function<void(std::vector<std::string>)> done) = 0;
  // Rooms that change from now on. Any thread.
  virtual void watch_rooms(RoomListener listener) = 0;

  // An event (its name is the first argument) for the other servers' namespaces of this name. With `done`:
  // they answer, and it gets what they said, and why somebody has not.
  using ServersAnswered = Function<void(std::vector<Args>, std::error_code)>;
  virtual void server_side_emit(Args event, ServersAnswered done) = 0;

  // Gives work to a loop, behind everything that this caller has asked of it before. Any thread. False: it
  // was refused; see LoopGroup::post().
  virtual bool hand_over(hub::LoopIndex loop, Function<void()> work, std::size_t bytes,
                         net::PostKind kind) = 0;
};

}  // namespace naru::adapter
