#include "adapter/recovering.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <utility>

#include "net/callback.hpp"

namespace naru::adapter {

Recovering::Recovering(std::shared_ptr<const hub::LoopGroup> loops, LocalLimits limits,
                       RecoveringOptions options)
    : Local(std::move(loops), limits),
      options_(std::move(options)),
      events_(
          {.bytes = options_.max_log_bytes, .age = options_.window + options_.confirmation + options_.lag}),
      sessions_(options_.sessions),
      lanes_(loops_->size()),
      here_(loops_->size()) {}

// Nothing is for it until it is admitted, or has what it missed.
void Recovering::add(Member& member) {
  member.place.had_through = std::numeric_limits<std::uint64_t>::max();
  Local::add(member);
}

// --- events ---

bool Recovering::emit(Event event, Selection selection) {
  const auto shared = std::make_shared<LoggedEvent>(std::move(event), std::move(selection));
  const bool on_a_loop = loops_->is_on_a_loop();
  const std::size_t mine = on_a_loop ? hub::LoopGroup::current_loop() : loops_->size();
  bool is_next = false;  // on this loop: nothing stands before it
  bool is_refused = false;
  bool is_closed = false;
  RecoveryLog::Dropped dropped;  // goes after the lock
  {
    const std::lock_guard lock(mutex_);
    const base::TimePoint now = options_.clock->now();
    shared->is_volatile() ? shared->number(events_.end(), now) : void(events_.append(shared, now, dropped));
    // Under the lock: whoever comes back joins its rooms first and takes the log's end afterwards.
    const hub::LoopSet reached = loops_of(shared->selection());
    for (std::size_t loop = 0; loop < lanes_.size(); ++loop) {
      if (!reached.test(loop)) continue;
      if (loop == mine && lanes_[loop].empty() && !here().is_delivering &&
          here().next == here().batch.size()) {
        is_next = true;
      } else if (enqueue(static_cast<hub::LoopIndex>(loop), shared)) {
        if (loop != mine) wake(static_cast<hub::LoopIndex>(loop));
      } else {
        is_refused = true;
      }
    }
    is_closed = is_closed_;
  }
  if (is_closed) discard_waiting();
  if (is_refused) {
    log_.log(Level::warning, "socketio", "a loop lags too far behind: an event was refused to its sockets");
  }
  if (!shared->is_volatile()) tell_kept();
  if (!on_a_loop || here().is_delivering) return false;
  if (is_next) deliver(*shared);
  run_lane_if_any();
  return true;
}

// As an inbox has them: see net::PostKind.
std::size_t Recovering::lane_limit(net::PostKind kind) const {
  switch (kind) {
    case net::PostKind::control:
      return std::numeric_limits<std::size_t>::max();
    case net::PostKind::order:
      return 2 * options_.max_lane_bytes;
    case net::PostKind::event:
      return options_.max_lane_bytes;
    case net::PostKind::volatile_:
      return options_.max_lane_bytes / 2;
  }
  return 0;
}

bool Recovering::enqueue(hub::LoopIndex loop, const LoggedEventRef& event) {
  Lane& lane = lanes_[loop];
  const auto kind = event->is_volatile() ? net::PostKind::volatile_ : net::PostKind::event;
  if (is_closed_) return true;
  if (!lane.has_room(event->cost(), lane_limit(kind))) {
    if (!event->is_volatile()) lane.gap_at = event->number();
    return event->is_volatile();
  }
  lane.push(event);
  here_[loop].has_waiting.store(true, std::memory_order_release);
  return true;
}

bool Recovering::hand_over(hub::LoopIndex loop, Function<void()> work, std::size_t bytes,
                           net::PostKind kind) {
  bool is_closed = false;
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_ || !lanes_[loop].has_room(bytes, lane_limit(kind))) return false;
    lanes_[loop].push(std::move(work), bytes);
    here_[loop].has_waiting.store(true, std::memory_order_release);
    wake(loop);
    is_closed = is_closed_;
  }
  if (is_closed) discard_waiting();
  return !is_closed;
}

// Under the lock, so that whoever finds a loop woken knows that the post stands before what he posts next.
void Recovering::wake(hub::LoopIndex loop) {
  if (is_closed_ || std::exchange(lanes_[loop].is_woken, true)) return;
  auto self = shared_from_this();
  auto work = [self, this] {
    {
      const std::lock_guard lock(mutex_);
      lanes_[hub::LoopGroup::current_loop()].is_woken = false;
    }
    run_lane_if_any();
  };
  if (!loops_->post(loop, std::move(work), 0, net::PostKind::control)) is_closed_ = true;
}

void Recovering::run_lane_if_any() {
  if (here().has_waiting.load(std::memory_order_acquire) || here().next < here().batch.size()) run_lane();
}

// What is run may come here again: it goes on with what stands next, and its caller finds it done. Only while
// an event is being handed out nothing may overtake it.
void Recovering::run_lane() {
  Here& mine = here();
  if (mine.is_delivering) return;
  while (mine.next < mine.batch.size() || refill()) {
    const LaneItem item = std::move(mine.batch[mine.next++]);
    net::Callback::begin();
    item.event ? deliver(*item.event) : item.work();
  }
}

bool Recovering::refill() {
  Here& mine = here();
  mine.batch.clear();
  mine.next = 0;
  const std::lock_guard lock(mutex_);
  Lane& lane = lanes_[hub::LoopGroup::current_loop()];
  lane.done();
  mine.batch = lane.take();
  mine.has_waiting.store(false, std::memory_order_relaxed);
  if (mine.batch.empty()) lane.offered_through = events_.end();
  return !mine.batch.empty();
}

void Recovering::deliver(const LoggedEvent& event) {
  here().is_delivering = true;
  const auto hand_out = [&](Member& member) {
    // A volatile one has the number of the event before it, which the member has had or was not to have.
    const std::uint64_t had = member.place.had_through;
    if (event.is_volatile() ? event.number() < had : event.number() <= had) return;
    if (!event.is_volatile()) member.place.heard_through = event.number();
    member.deliver(event.parcel(epoch_));
  };
  if (event.runs_user_code()) [[unlikely]] {
    for (const auto& member : choose(table_here(), event.selection()))
      hand_out(*member);
  } else {
    table_here().each(event.selection().rooms, event.selection().except,
                      [&](hub::Member& member) { hand_out(static_cast<Member&>(member)); });
  }
  here().is_delivering = false;
}

// --- what expires ---

void Recovering::tell_kept() {
  if (is_expiry_expected_.load(std::memory_order_relaxed) || is_expiry_expected_.exchange(true)) return;
  if (options_.on_kept) options_.on_kept();
}

base::TimePoint Recovering::expire() {
  RecoveryLog::Dropped dropped;
  is_expiry_expected_ = false;  // before the look: what comes meanwhile is told again
  const std::lock_guard lock(mutex_);
  const base::TimePoint now = options_.clock->now();
  events_.expire(now, dropped);
  sessions_.expire(now);
  const base::TimePoint next = std::min(events_.deadline(), sessions_.deadline());
  if (next != base::kNever) is_expiry_expected_ = true;
  return next;
}

void Recovering::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    live_.clear();
  }
  discard_waiting();
}

// What waits for loops that have gone keeps sockets, and through them this.
void Recovering::discard_waiting() {
  std::vector<LaneItem> waiting;  // goes after the lock
  const std::lock_guard lock(mutex_);
  for (Lane& lane : lanes_) {
    for (LaneItem& item : lane.take())
      waiting.push_back(std::move(item));
    lane.done();
  }
}

}  // namespace naru::adapter
