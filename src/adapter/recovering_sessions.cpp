// The other half of Recovering: who is connected under which pid, who may come back, and what they have
// missed.
#include <algorithm>
#include <array>
#include <utility>

#include "adapter/recovering.hpp"

namespace naru::adapter {
namespace {

// A pid that is taken over from loop to loop faster than it can be followed is used by several at once.
constexpr int kMaxTakeovers = 3;
// References copied while the lock is held (design, section 3, has 64 for logs that are read all the time).
constexpr std::size_t kChunk = 256;

RoomSet room_set(const std::vector<std::string>& names) {
  RoomSet rooms;
  rooms.reserve(names.size());
  for (const std::string& name : names)
    rooms.emplace(name);
  return rooms;
}

}  // namespace

struct Recovering::Search {
  std::string pid;
  std::optional<std::string> offset;
  hub::LoopIndex home;
  Function<void(std::optional<Restored>)> found;
  int takeovers = 0;
};

void Recovering::admit(const std::shared_ptr<Member>& member, std::string pid) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t end = events_.end();
  member->place = {.had_through = end, .heard_through = end};
  live_.insert_or_assign(
      std::move(pid), Live{.member = member, .began = end, .through = end, .since = options_.clock->now()});
}

bool Recovering::resume(const std::shared_ptr<Member>& member, Restored restored) {
  // What still waits in the lane is in the log as well: `had_through` keeps it from coming twice.
  Replay& missed = restored.missed;
  if (!gather(missed, room_set(restored.session.rooms))) return false;
  {
    const std::lock_guard lock(mutex_);
    live_.insert_or_assign(std::move(restored.session.pid), Live{.member = member,
                                                                 .began = missed.from,
                                                                 .through = missed.through,
                                                                 .since = options_.clock->now()});
  }
  member->place.had_through = missed.through;
  member->place.heard_through = missed.events.empty() ? missed.from : missed.events.back()->number();
  const bool was_delivering = std::exchange(here().is_delivering, true);
  for (const LoggedEventRef& event : missed.events)
    member->deliver(event->parcel(epoch_));
  here().is_delivering = was_delivering;
  // What users emitted on being told of these waits in the lane; after the answer to the CONNECT it may go.
  if (!was_delivering && here().has_waiting) {
    const std::lock_guard lock(mutex_);
    wake(hub::LoopGroup::current_loop());
  }
  return true;
}

// Up to the end of the log, in pieces, so that the lock is short.
bool Recovering::gather(Replay& missed, const RoomSet& rooms) {
  std::array<LoggedEventRef, kChunk> chunk;
  for (;;) {
    std::size_t count = 0;
    {
      const std::lock_guard lock(mutex_);
      if (!events_.has_all_after(missed.through)) return false;
      count = events_.read(missed.through, chunk);
    }
    if (count == 0) return true;
    missed.through += count;
    for (std::size_t i = 0; i < count; ++i) {
      const LoggedEventRef event = std::move(chunk[i]);
      if (!event->is_for(rooms)) continue;
      missed.bytes += event->bytes();
      missed.events.push_back(event);
    }
  }
}

void Recovering::save_session(const Member& member, Session session) {
  {
    const std::lock_guard lock(mutex_);
    auto live = live_.extract(session.pid);
    if (!live || is_closed_) return;
    const Lane& lane = lanes_[member.home()];
    const Here& mine = here();
    const bool is_idle = lane.empty() && mine.next == mine.batch.size() && !mine.is_delivering;
    session.began = live.mapped().began;
    session.connected_at = live.mapped().since;
    session.heard_through = member.place.heard_through;
    session.offered_through = is_idle ? events_.end() : lane.offered_through;
    session.has_gap = lane.gap_at > live.mapped().through;
    session.deadline = options_.clock->now() + options_.window;
    sessions_.put(std::move(session));
  }
  tell_kept();
}

void Recovering::forget_session(std::string_view pid) {
  const std::lock_guard lock(mutex_);
  live_.erase(std::string(pid));
}

void Recovering::give_back(Session session) {
  {
    const std::lock_guard lock(mutex_);
    sessions_.put(std::move(session));
  }
  tell_kept();
}

void Recovering::forget_identity(std::string_view identity) {
  const std::lock_guard lock(mutex_);
  sessions_.forget_identity(identity);
}

void Recovering::restore_session(std::string pid, std::optional<std::string> offset,
                                 Function<void(std::optional<Restored>)> found) {
  search(std::make_shared<Search>(Search{.pid = std::move(pid),
                                         .offset = std::move(offset),
                                         .home = hub::LoopGroup::current_loop(),
                                         .found = std::move(found)}));
}

void Recovering::search(const std::shared_ptr<Search>& search) {
  for (;;) {
    std::shared_ptr<Member> connected;
    std::optional<Session> session;
    {
      const std::lock_guard lock(mutex_);
      const auto live = live_.find(search->pid);
      if (live != live_.end()) {
        connected = live->second.member.lock();
      } else {
        session = sessions_.take(search->pid, options_.clock->now());
      }
    }
    if (session) return search->found(prepare(std::move(*session), search->offset));
    if (!connected || ++search->takeovers > kMaxTakeovers) return search->found(std::nullopt);
    if (!loops_->is_here(connected->home())) return take_over(search, std::move(connected));
    connected->abandon();
  }
}

void Recovering::take_over(const std::shared_ptr<Search>& search, std::shared_ptr<Member> connected) {
  const hub::LoopIndex there = connected->home();
  auto self = std::static_pointer_cast<Recovering>(shared_from_this());
  auto end_it = [self, search, connected = std::move(connected)] {
    connected->abandon();
    self->loops_->post(
        search->home, [self, search] { self->search(search); }, 0, net::PostKind::control);
  };
  loops_->post(there, std::move(end_it), 0, net::PostKind::control);
}

std::optional<Restored> Recovering::prepare(Session session, const std::optional<std::string>& offset) {
  std::optional<std::uint64_t> from;
  {
    const std::lock_guard lock(mutex_);
    from = missed_since(session, offset);
  }
  if (!from) return std::nullopt;
  Restored restored{.session = std::move(session), .missed = {.from = *from, .through = *from}};
  if (!gather(restored.missed, room_set(restored.session.rooms))) return std::nullopt;
  return restored;
}

// Where to go on from; empty when that cannot be known, or is no longer there.
std::optional<std::uint64_t> Recovering::missed_since(const Session& session,
                                                      const std::optional<std::string>& offset) const {
  if (session.has_gap) return std::nullopt;
  std::uint64_t from = session.began;
  if (offset) {
    const auto position = parse_position(*offset);
    if (!position) return std::nullopt;
    // Every event under this pid had a position of this log. One of another log, or from before its CONNECT,
    // is left over from an earlier pid (the client keeps it): it has had nothing under this one.
    if (position->epoch == epoch_) from = std::max(from, position->number);
    if (from > events_.end()) return std::nullopt;
  }
  // It has had all that it was sent: what was sent to others meanwhile may have gone.
  if (from >= session.heard_through) from = std::max(from, session.offered_through);
  if (events_.has_all_after(from)) return from;
  // Sent before a heartbeat that it has answered: had what has gone been for this client, it would have come
  // back with a later offset. What it missed an earlier time was sent when it was let in, not when it was
  // new.
  const bool is_confirmed =
      session.confirmed_at > session.connected_at && events_.lost_at() + options_.lag < session.confirmed_at;
  if (is_confirmed) return events_.lost_through();
  return std::nullopt;
}

}  // namespace naru::adapter
