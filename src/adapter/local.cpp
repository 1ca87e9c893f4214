#include "adapter/local.hpp"

#include <cassert>
#include <mutex>
#include <unordered_set>
#include <utility>

namespace naru::adapter {

Local::Local(std::shared_ptr<const hub::LoopGroup> loops, LocalLimits limits)
    : loops_(std::move(loops)),
      limits_(limits),
      tables_(loops_->size()),
      directory_(loops_->size()),
      is_counted_(loops_->size()) {}

void Local::add(Member& member) {
  assert(loops_->is_here(member.home()));
  RoomWatch* watch = watch_here();
  table_here().add(member);
  if (loops_->size() > 1) directory_.raise(hub::RoomKey(member.id()), member.home());
  if (watch != nullptr) {
    watch->joined(member.id(), member.id());
    watch->tell();
  }
}

void Local::remove(Member& member) {
  assert(loops_->is_here(member.home()));
  const bool counted = loops_->size() > 1;
  RoomWatch* watch = watch_here();
  auto left = [&](const hub::RoomKey& room) {
    if (counted) directory_.lower(room, member.home());
    if (watch != nullptr) watch->left(room.name, member.id());
  };
  table_here().remove(member, left);
  if (counted || watch != nullptr) left(hub::RoomKey(member.id()));
  if (watch != nullptr) watch->tell();
}

// What was there before anybody wanted to know is counted by each loop itself, when it first looks.
RoomWatch* Local::watch_here() {
  if (!watch_.is_on()) [[likely]]
    return nullptr;
  char& is_counted = is_counted_[hub::LoopGroup::current_loop()];
  if (is_counted == 0) {
    table_here().each_room(
        [&](const std::string& room, std::size_t members) { watch_.count(room, members); });
    is_counted = 1;
  }
  return &watch_;
}

bool Local::hand_over(hub::LoopIndex loop, Function<void()> work, std::size_t bytes, net::PostKind kind) {
  return loops_->post(loop, std::move(work), bytes, kind);
}

// REQUIRES: the directory has been raised for it already (with several loops).
bool Local::join_here(Member& member, const hub::RoomKey& room) {
  hub::RoomTable& table = table_here();
  RoomWatch* watch = watch_here();
  bool joined = false;
  if (table.find(member.id()) == &member && room.name != member.id()) {
    if (table.rooms_joined(member) < limits_.max_rooms_per_socket) {
      joined = table.join(member, room);
    } else {
      log_.log(Level::warning, "socketio",
               "a socket is in max_rooms_per_socket rooms already; the join is refused");
    }
  }
  if (joined && watch != nullptr) watch->joined(room.name, member.id());
  if (!joined && loops_->size() > 1) directory_.lower(room, member.home());
  return joined;
}

void Local::leave_here(Member& member, const hub::RoomKey& room) {
  RoomWatch* watch = watch_here();
  if (!table_here().leave(member, room)) return;
  if (loops_->size() > 1) directory_.lower(room, member.home());
  if (watch == nullptr) return;
  watch->left(room.name, member.id());
  watch->tell();
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
    const std::size_t bytes = room.name.size();
    auto work = [self = shared_from_this(), member, room] {
      self->join_here(*member, room);
      self->tell_watchers();
    };
    if (hand_over(member->home(), std::move(work), bytes, net::PostKind::order)) continue;
    if (loops_->size() > 1) directory_.lower(room, member->home());
    warn_of_refusal("a join");
  }
  if (here) tell_watchers();
}

void Local::leave(const std::shared_ptr<Member>& member, std::string name) {
  hub::RoomKey room(std::move(name));
  if (loops_->is_here(member->home())) return leave_here(*member, room);
  const std::size_t bytes = room.name.size();
  auto work = [self = shared_from_this(), member, room = std::move(room)] {
    self->leave_here(*member, room);
  };
  if (!hand_over(member->home(), std::move(work), bytes, net::PostKind::order)) warn_of_refusal("a leave");
}

void Local::warn_of_refusal(std::string_view what) {
  log_.log(Level::warning, "socketio",
           std::string(what) + " was refused: too much waits for a loop (see its own line)");
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
hub::LoopSet Local::on_loops(const hub::LoopSet& reached, Selection selection, std::size_t bytes,
                             net::PostKind kind, Work work) {
  const bool on_a_loop = loops_->is_on_a_loop();
  const std::size_t here = on_a_loop ? hub::LoopGroup::current_loop() : loops_->size();
  hub::LoopSet taken;
  // Those of other loops first: they start while this one works.
  std::shared_ptr<const Selection> shared;
  for (std::size_t loop = 0; loop < loops_->size(); ++loop) {
    if (!reached.test(loop) || loop == here) continue;
    if (!shared) shared = std::make_shared<const Selection>(selection);
    auto there = [self = shared_from_this(), shared, work] { work(self->table_here(), *shared); };
    taken.set(loop, hand_over(static_cast<hub::LoopIndex>(loop), std::move(there), bytes, kind));
  }
  if (on_a_loop && reached.test(here)) {
    taken.set(here);
    work(tables_[here], selection);
  }
  return taken;
}

void Local::broadcast(hub::SharedParcel parcel, Selection selection) {
  const std::size_t bytes = parcel->bytes();
  const auto kind = parcel->is_volatile ? net::PostKind::volatile_ : net::PostKind::event;
  const hub::LoopSet reached = loops_of(selection);
  if (parcel->note) [[unlikely]]
    return broadcast_noted(std::move(parcel), reached, std::move(selection));
  on_loops(reached, std::move(selection), bytes, kind,
           [parcel = std::move(parcel)](hub::RoomTable& table, const Selection& whom) {
             table.each(whom.rooms, whom.except, [&](hub::Member& member) { member.deliver(parcel); });
           });
}

std::vector<std::shared_ptr<Member>> Local::choose(hub::RoomTable& table, const Selection& whom) {
  std::vector<std::shared_ptr<Member>> chosen;
  table.each(whom.rooms, whom.except,
             [&](hub::Member& member) { chosen.push_back(static_cast<Member&>(member).shared_from_this()); });
  return chosen;
}

// Delivering it runs user code.
void Local::broadcast_noted(hub::SharedParcel parcel, const hub::LoopSet& reached, Selection selection) {
  const std::size_t bytes = parcel->bytes();
  const auto kind = parcel->is_volatile ? net::PostKind::volatile_ : net::PostKind::event;
  on_loops(reached, std::move(selection), bytes, kind,
           [parcel = std::move(parcel)](hub::RoomTable& table, const Selection& whom) {
             for (const auto& member : choose(table, whom))
               member->deliver(parcel);
           });
}

std::size_t Local::visit(Selection selection, std::shared_ptr<const Visit> visit) {
  const hub::LoopSet reached = loops_of(selection);
  const hub::LoopSet taken = on_loops(reached, std::move(selection), visit->bytes, net::PostKind::order,
                                      [visit](hub::RoomTable& table, const Selection& whom) {
                                        const auto chosen = choose(table, whom);
                                        for (const auto& member : chosen)
                                          visit->each(*member);
                                        if (visit->end) visit->end(chosen.size());
                                      });
  if (taken != reached) {
    warn_of_refusal("a question or an order to many");
    if (visit->refused) visit->refused();
  }
  return taken.count();
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
  auto join = [self = shared_from_this(), room, counted](hub::RoomTable& table, const Selection& whom) {
    std::vector<Member*> chosen;
    table.each(whom.rooms, whom.except,
               [&](hub::Member& member) { chosen.push_back(static_cast<Member*>(&member)); });
    const hub::LoopIndex here = hub::LoopGroup::current_loop();
    for (Member* member : chosen) {
      if (counted) self->directory_.raise(room, here);
      self->join_here(*member, room);
    }
    if (counted) self->directory_.lower(room, here);
    self->tell_watchers();
  };
  const hub::LoopSet refused =
      reached & ~on_loops(reached, std::move(selection), room.name.size(), net::PostKind::order, join);
  for (std::size_t loop = 0; counted && loop < loops_->size(); ++loop) {
    if (refused.test(loop)) directory_.lower(room, loop);
  }
  if (refused.any()) warn_of_refusal("a join of many");
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

namespace {

// The rooms that were found so far, over all loops.
struct FoundRooms {
  std::mutex mutex;
  std::unordered_set<std::string> rooms;
  std::size_t loops_left = 0;
  Function<void(std::vector<std::string>)> done;

  void count_loop(std::unique_lock<std::mutex>& lock) {
    if (--loops_left > 0) return;
    lock.unlock();
    done(std::vector<std::string>(rooms.begin(), rooms.end()));
  }
};

}  // namespace

void Local::all_rooms(Function<void(std::vector<std::string>)> done) {
  auto found = std::make_shared<FoundRooms>();
  found->done = std::move(done);
  const hub::LoopSet everywhere = loops_of({});
  found->loops_left = everywhere.count();
  auto gather = [found](hub::RoomTable& table, const Selection&) {
    std::unique_lock lock(found->mutex);
    table.each_room([&](const std::string& room, std::size_t) { found->rooms.insert(room); });
    found->count_loop(lock);
  };
  const hub::LoopSet refused = everywhere & ~on_loops(everywhere, {}, 0, net::PostKind::order, gather);
  if (refused.any()) warn_of_refusal("a list of rooms of some loop");
  for (std::size_t left = refused.count(); left > 0; --left) {
    std::unique_lock lock(found->mutex);
    found->count_loop(lock);
  }
}

void Local::watch_rooms(RoomListener listener) {
  watch_.add(std::move(listener));
  for (std::size_t loop = 0; loop < loops_->size(); ++loop) {
    auto count = [self = shared_from_this()] { self->watch_here(); };
    loops_->post(static_cast<hub::LoopIndex>(loop), std::move(count), 0, net::PostKind::control);
  }
}

void Local::server_side_emit(Args, ServersAnswered done) {
  if (!has_warned_.exchange(true)) {
    log(Level::warning, "socketio", "server_side_emit: this server is alone, there is nobody to tell");
  }
  if (done) done({}, {});
}

}  // namespace naru::adapter
