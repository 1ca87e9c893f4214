#include "adapter/local.hpp"

#include <cassert>
#include <utility>

namespace naru::adapter {

Local::Local(std::shared_ptr<const hub::LoopGroup> loops, LocalLimits limits)
    : loops_(std::move(loops)), limits_(limits), tables_(loops_->size()), directory_(loops_->size()) {}

void Local::add(Member& member) {
  assert(loops_->is_here(member.home()));
  table_here().add(member);
  if (loops_->size() > 1) directory_.raise(hub::RoomKey(member.id()), member.home());
}

void Local::remove(Member& member) {
  assert(loops_->is_here(member.home()));
  const bool counted = loops_->size() > 1;
  table_here().remove(member, [&](const hub::RoomKey& room) {
    if (counted) directory_.lower(room, member.home());
  });
  if (counted) directory_.lower(hub::RoomKey(member.id()), member.home());
}

// REQUIRES: the directory has been raised for it already (with several loops).
bool Local::join_here(Member& member, const hub::RoomKey& room) {
  hub::RoomTable& table = table_here();
  bool joined = false;
  if (table.find(member.id()) == &member && room.name != member.id()) {
    if (table.rooms_joined(member) < limits_.max_rooms_per_socket) {
      joined = table.join(member, room);
    } else {
      log_.log(Level::warning, "socketio",
               "a socket is in max_rooms_per_socket rooms already; the join is refused");
    }
  }
  if (!joined && loops_->size() > 1) directory_.lower(room, member.home());
  return joined;
}

void Local::leave_here(Member& member, const hub::RoomKey& room) {
  if (table_here().leave(member, room) && loops_->size() > 1) directory_.lower(room, member.home());
}

void Local::join(const std::shared_ptr<Member>& member, std::vector<std::string> rooms) {
  const bool here = loops_->is_here(member->home());
  for (std::string& name : rooms) {
    hub::RoomKey room(std::move(name));
    if (loops_->size() > 1) directory_.raise(room, member->home());
    if (here) {
      join_here(*member, room);
      continue;
    }
    auto self = shared_from_this();
    loops_->post(
        member->home(), [self, member, room] { self->join_here(*member, room); }, 0, net::PostKind::control);
  }
}

void Local::leave(const std::shared_ptr<Member>& member, std::string name) {
  hub::RoomKey room(std::move(name));
  if (loops_->is_here(member->home())) return leave_here(*member, room);
  auto self = shared_from_this();
  loops_->post(
      member->home(), [self, member, room] { self->leave_here(*member, room); }, 0, net::PostKind::control);
}

std::vector<std::string> Local::rooms_of(const Member& member) const {
  assert(loops_->is_here(member.home()));
  std::vector<std::string> rooms = tables_[member.home()].rooms_of(member);
  rooms.insert(rooms.begin(), member.id());
  return rooms;
}

hub::LoopSet Local::loops_of(const Selection& selection) const {
  hub::LoopSet loops;
  if (loops_->size() == 1) {
    loops.set(0);
  } else if (selection.rooms.empty()) {
    for (std::size_t loop = 0; loop < loops_->size(); ++loop)
      loops.set(loop);
  } else {
    for (const hub::RoomKey& room : selection.rooms)
      directory_.add_loops(room, loops);
  }
  return loops;
}

template <class Work>
std::size_t Local::on_loops(const hub::LoopSet& reached, Selection selection, std::size_t bytes,
                            net::PostKind kind, Work work) {
  const bool on_a_loop = loops_->is_on_a_loop();
  const std::size_t here = on_a_loop ? hub::LoopGroup::current_loop() : loops_->size();
  // Those of other loops first: they start while this one works.
  std::shared_ptr<const Selection> shared;
  for (std::size_t loop = 0; loop < loops_->size(); ++loop) {
    if (!reached.test(loop) || loop == here) continue;
    if (!shared) shared = std::make_shared<const Selection>(selection);
    auto self = shared_from_this();
    loops_->post(
        static_cast<hub::LoopIndex>(loop), [self, shared, work] { work(self->table_here(), *shared); }, bytes,
        kind);
  }
  if (on_a_loop && reached.test(here)) work(tables_[here], selection);
  return reached.count();
}

void Local::broadcast(hub::SharedParcel parcel, Selection selection) {
  const std::size_t bytes = parcel->bytes();
  const auto kind = parcel->is_volatile ? net::PostKind::volatile_ : net::PostKind::event;
  const hub::LoopSet reached = loops_of(selection);
  on_loops(reached, std::move(selection), bytes, kind,
           [parcel = std::move(parcel)](hub::RoomTable& table, const Selection& whom) {
             table.each(whom.rooms, whom.except, [&](hub::Member& member) { member.deliver(parcel); });
           });
}

std::size_t Local::visit(Selection selection, std::shared_ptr<const Visit> visit) {
  const hub::LoopSet reached = loops_of(selection);
  const std::size_t bytes = visit->bytes;
  return on_loops(reached, std::move(selection), bytes, net::PostKind::control,
                  [visit = std::move(visit)](hub::RoomTable& table, const Selection& whom) {
                    // What `each` does may change the table: choose first, act afterwards.
                    std::vector<std::shared_ptr<Member>> chosen;
                    table.each(whom.rooms, whom.except, [&](hub::Member& member) {
                      chosen.push_back(static_cast<Member&>(member).shared_from_this());
                    });
                    for (const auto& member : chosen)
                      visit->each(*member);
                    if (visit->end) visit->end(chosen.size());
                  });
}

void Local::join_selected(Selection selection, std::string name) {
  const hub::RoomKey room(std::move(name));
  // Held on every loop that may have receivers until they have joined, so that the caller's next broadcast to
  // the room goes there too.
  const bool counted = loops_->size() > 1;
  const hub::LoopSet reached = loops_of(selection);
  for (std::size_t loop = 0; counted && loop < loops_->size(); ++loop) {
    if (reached.test(loop)) directory_.raise(room, loop);
  }
  auto self = shared_from_this();
  on_loops(reached, std::move(selection), 0, net::PostKind::control,
           [self, room, counted](hub::RoomTable& table, const Selection& whom) {
             std::vector<Member*> chosen;
             table.each(whom.rooms, whom.except,
                        [&](hub::Member& member) { chosen.push_back(static_cast<Member*>(&member)); });
             const hub::LoopIndex here = hub::LoopGroup::current_loop();
             for (Member* member : chosen) {
               if (counted) self->directory_.raise(room, here);
               self->join_here(*member, room);
             }
             if (counted) self->directory_.lower(room, here);
           });
}

void Local::leave_selected(Selection selection, std::string name) {
  auto leave = std::make_shared<Visit>();
  leave->each = [self = shared_from_this(), room = hub::RoomKey(std::move(name))](Member& member) {
    self->leave_here(member, room);
  };
  visit(std::move(selection), std::move(leave));
}

void Local::disconnect_selected(Selection selection, bool close_connection) {
  auto end = std::make_shared<Visit>();
  end->each = [close_connection](Member& member) { member.disconnect(close_connection); };
  visit(std::move(selection), std::move(end));
}

}  // namespace naru::adapter
