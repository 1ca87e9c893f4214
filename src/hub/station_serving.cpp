// The part of Station that gives messages to followers.
#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <utility>

#include "hub/channels.hpp"
#include "hub/conflation.hpp"
#include "hub/page_reading.hpp"
#include "hub/station.hpp"

namespace naru::hub {

using channel::Since;
using channel::SlowFollower;
using channel::Standing;

bool Station::visit(std::size_t& budget) {
  if (is_empty() || !find_log()) return false;
  if (log_ != nullptr) end_ = std::max(end_, log_->position().offset);  // the flag is lowered: as new as that
  const bool was_due = is_due();
  start_all(budget);
  move_cursor_alone();
  end_the_slow();
  // Before the group is served: that begins an interval, and may take more than one visit.
  if (was_due && round_.empty()) round_.take_all(behind_);
  if (serve_group(budget)) {
    meet_those_ahead();
    serve_behind(budget);
  }
  if (!is_due()) owner_.loop_.timers().schedule(timer_, due_);
  return has_more();
}

bool Station::has_more() const {
  if (!starting_.empty() || !serving_.empty() || !round_.empty()) return true;
  if (!is_due()) return false;
  const bool can_read_on = !caught_up_.empty() && cursor_.offset < end_ && !is_group_on_disk_;
  return can_read_on || !behind_.empty();
}

bool Station::is_due() const {
  return !is_conflating() || owner_.loop_.now() >= due_;
}

void Station::begin_interval() {
  due_ = owner_.loop_.now() + std::min<base::Duration>(settings_.latest_interval, kLongestInterval);
}

// Not unlinked, not ended, and not begun anew by its own event.
bool Station::is_held(const Follower& follower) const noexcept {
  return follower.station_ == this && !follower.is_linked() && follower.state_ == Follower::State::served;
}

void Station::start_all(std::size_t& budget) {
  while (budget > 0 && !starting_.empty()) {
    --budget;
    start(*starting_.pop_front());
  }
}

void Station::start(Follower& follower) {
  if (log_ != nullptr) end_ = std::max(end_, log_->position().offset);
  const Standing standing = stand(log_.get(), absence_, {follower.since_, follower.position_});
  follower.state_ = Follower::State::served;
  follower.position_ = standing.position;
  follower.live_from_ = end_;
  const Taken taken = follower.events_.on_start(standing);
  if (taken == Taken::full && is_held(follower)) follower.live_from_ = Follower::kNotBegun;
  place(follower, taken);
}

// With nobody at it the cursor needs no reading to be at the end.
void Station::move_cursor_alone() {
  if (log_ != nullptr && caught_up_.empty() && serving_.empty()) {
    cursor_ = log_->position();
    end_ = cursor_.offset;
  }
  meet_those_ahead();
}

void Station::meet_those_ahead() {
  List ahead;
  ahead.take_all(ahead_);
  while (Follower* follower = ahead.pop_front()) {
    List& list = follower->position_ == cursor_                ? caught_up_
                 : follower->position_.offset > cursor_.offset ? ahead_
                                                               : behind_;
    list.push_back(*follower);
  }
}

// Policy `disconnect`: there is something new, and it is still full. What was there when it came is history,
// which everybody may read at his own pace.
void Station::end_the_slow() {
  if (settings_.policy != SlowFollower::disconnect) return;
  List full;
  full.take_all(full_);
  while (Follower* follower = full.pop_front()) {
    const channel::Position& at = follower->position_;
    const bool is_slow = at.epoch == cursor_.epoch && at.offset < end_ && at.offset >= follower->live_from_;
    is_slow ? end(*follower, FollowEnd::too_slow) : full_.push_back(*follower);
  }
}

// One piece a visit, so that those who are behind have theirs too. False: the budget is used up.
bool Station::serve_group(std::size_t& budget) {
  if (serving_.empty()) {
    if (caught_up_.empty() || is_group_on_disk_ || !is_due()) return true;
    if (read_for_group() != Reading::some) return true;
  }
  while (budget > 0 && !serving_.empty()) {
    Follower& follower = *serving_.pop_front();
    budget -= std::min(budget, give(follower, batch_));
  }
  if (!serving_.empty()) return false;
  batch_ = {};
  return true;
}

Station::Reading Station::read_for_group() {
  const std::size_t most = is_conflating() ? kConflated : kPiece;
  const Reading reading = read(cursor_, std::numeric_limits<std::uint64_t>::max(), most, batch_);
  if (reading == Reading::some) {
    cursor_ = batch_.messages.empty() ? batch_.gap->position : batch_.messages.back()->position;
    serving_.take_all(caught_up_);
    if (is_conflating()) begin_interval();
  } else if (reading == Reading::on_disk) {
    is_group_on_disk_ = wants_group_ = true;
    owner_.disk_reads_->want(*this);
  }
  return reading;
}

// A piece at least, also when the group has just used up the budget: on a busy channel it may do so always.
void Station::serve_behind(std::size_t& budget) {
  if (round_.empty()) return;
  if (is_conflating()) begin_interval();
  const std::size_t share = std::max(budget, kPiece);
  std::size_t left = share;
  while (left > 0 && !round_.empty())
    serve_alone(*round_.pop_front(), left);
  budget -= std::min(budget, share - left);
}

void Station::serve_alone(Follower& follower, std::size_t& budget) {
  --budget;
  const bool has_drained =
      std::exchange(follower.state_, Follower::State::served) == Follower::State::drained;
  if (!meet_log(follower)) return;
  if (has_drained && !drop_oldest(follower)) return;
  if (follower.position_.offset >= cursor_.offset) return place(follower, Taken::more);
  Batch batch;
  const std::size_t most = is_conflating() ? kConflated : follower.burst_;
  switch (read(follower.position_, cursor_.offset, most, batch)) {
    case Reading::none:
      return behind_.push_back(follower);
    case Reading::on_disk:
      follower.state_ = Follower::State::on_disk;
      on_disk_.push_back(follower);
      return owner_.disk_reads_->want(*this);
    case Reading::some:
      break;
  }
  const std::size_t given = give(follower, batch);
  const bool has_taken_all = given >= batch.messages.size();
  follower.burst_ =
      static_cast<std::uint8_t>(std::clamp<std::size_t>(has_taken_all ? 2 * given : given, 1, kPiece));
  budget -= std::min(budget, given);
}

// Whose position is of another log than this one is told so. False: it takes no more now.
bool Station::meet_log(Follower& follower) {
  if (follower.position_.epoch == cursor_.epoch) return true;
  const Standing now = stand(log_.get(), absence_, Since::after(follower.position_));
  follower.position_ = now.position;
  if (now.recovered) return true;
  follower.live_from_ = 0;
  const Taken taken = follower.events_.on_gap(now);
  if (taken == Taken::full) place(follower, taken);
  return is_held(follower);
}

// On to the newest message, which it is then given. False: it takes no more now.
bool Station::drop_oldest(Follower& follower) {
  const std::uint64_t at = follower.position_.offset;
  if (at < follower.live_from_ || at + 1 >= cursor_.offset) return true;
  follower.position_.offset = cursor_.offset - 1;
  const Taken taken = follower.events_.on_gap({follower.position_, false, cursor_.offset - 1 - at});
  if (taken == Taken::full) place(follower, taken);
  return is_held(follower);
}

// Messages after `after` up to `upto`, from memory.
Station::Reading Station::read(const channel::Position& after, std::uint64_t upto, std::size_t most,
                               Batch& batch) {
  if (log_ == nullptr) return Reading::none;
  std::array<channel::PublicationRef, kPiece> piece;
  std::uint64_t at = after.offset;
  while (batch.messages.size() < most && at < upto) {
    const std::uint64_t room = std::min<std::uint64_t>({kPiece, most - batch.messages.size(), upto - at});
    const auto tail = log_->read_tail(at, std::span(piece).first(static_cast<std::size_t>(room)));
    end_ = std::max(end_, tail.end);
    if (tail.needs_disk && batch.messages.empty()) return Reading::on_disk;
    if (tail.count == 0) break;
    const std::uint64_t before = piece[0]->position.offset - 1;
    if (before != at && !batch.messages.empty()) break;  // the next read begins with this gap
    if (before != at) batch.gap = {{after.epoch, before}, false, before - at};
    batch.messages.insert(batch.messages.end(), std::make_move_iterator(piece.begin()),
                          std::make_move_iterator(piece.begin() + static_cast<std::ptrdiff_t>(tail.count)));
    at = batch.messages.back()->position.offset;
  }
  if (batch.messages.empty()) {
    if (at >= std::min(upto, end_)) return Reading::none;
    const Standing now = stand(log_.get(), absence_, Since::after(after));  // all of it is too old by now
    if (now.recovered) return Reading::none;
    batch.gap = now;
  }
  if (is_conflating()) keep_newest_of_each_key(batch.messages);
  return Reading::some;
}

std::size_t Station::give(Follower& follower, const Batch& batch) {
  std::size_t given = 0;
  Taken taken = Taken::more;
  if (batch.gap) {
    follower.position_ = batch.gap->position;
    taken = follower.events_.on_gap(*batch.gap);
  }
  for (const channel::PublicationRef& message : batch.messages) {
    if (taken == Taken::full || !is_held(follower)) break;
    follower.position_ = message->position;
    ++given;
    taken = follower.events_.on_message(message);
  }
  place(follower, taken);
  return std::max<std::size_t>(given, 1);
}

void Station::place(Follower& follower, Taken taken) {
  if (!is_held(follower)) return;
  if (taken == Taken::full) {
    follower.state_ = Follower::State::full;
    return full_.push_back(follower);
  }
  const bool is_here = follower.position_.epoch == cursor_.epoch;
  if (is_here && follower.position_.offset >= end_) {
    follower.events_.on_pause();
    if (!is_held(follower)) return;
  }
  if (!is_here || follower.position_.offset < cursor_.offset) {
    behind_.push_back(follower);
  } else {
    (follower.position_.offset > cursor_.offset ? ahead_ : caught_up_).push_back(follower);
  }
}

}  // namespace naru::hub
