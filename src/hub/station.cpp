#include "hub/station.hpp"

#include <algorithm>
#include <utility>

#include "hub/channels.hpp"
#include "hub/page_reading.hpp"

namespace naru::hub {

using channel::Since;
using channel::Standing;

Station::Station(LoopChannels& owner, std::string name, const FollowSettings& settings)
    : owner_(owner),
      settings_(settings),
      flag_(std::make_shared<WakeFlag>(std::move(name), static_cast<LoopIndex>(owner.loop_.index()),
                                       [this] { wake(); })) {
  owner_.all().wakes().add(flag_);  // before the log is looked at: nothing falls in between
}

Station::~Station() {
  owner_.all().wakes().remove(*flag_);
  flag_->cut();
  owner_.disk_reads_->forget(*this);
  for (List* list : {&starting_, &caught_up_, &serving_, &behind_, &round_, &ahead_, &on_disk_, &full_}) {
    while (Follower* follower = list->pop_front())
      follower->station_ = nullptr;
  }
  owner_.follower_count_ -= count_;
}

void Station::wake() {
  owner_.make_ready(*this);
}

void Station::add(Follower& follower, const Since& since) {
  follower.station_ = this;
  follower.state_ = Follower::State::starting;
  follower.since_ = since.kind;
  follower.position_ = since.position;
  follower.burst_ = 1;
  ++count_;
  ++owner_.follower_count_;
  starting_.push_back(follower);
  wake();
}

void Station::leave(Follower& follower) noexcept {
  if (follower.state_ == Follower::State::on_disk && !follower.is_linked())
    owner_.disk_reads_->forget(follower);
  follower.unlink();
  follower.station_ = nullptr;
  --owner_.follower_count_;
  if (--count_ == 0) wake();  // its end is the next visit's work: a visit may be on the stack
}

void Station::resume(Follower& follower) {
  if (follower.state_ != Follower::State::full) return;
  follower.unlink();
  if (follower.live_from_ == Follower::kNotBegun)
    follower.live_from_ = log_ == nullptr ? 0 : log_->position().offset;
  follower.state_ = settings_.policy == channel::SlowFollower::drop_oldest ? Follower::State::drained
                                                                           : Follower::State::served;
  behind_.push_back(follower);
  wake();
}

// False: a worker looks for it, and we are woken when it has.
bool Station::find_log() {
  if (flag_->lower()) is_stale_ = true;
  const bool is_gone = log_ == nullptr || log_->is_removed();
  if (is_settled_ && !(is_gone && is_stale_)) return true;
  if (is_looking_) return false;
  is_stale_ = false;
  const channel::Position absence = owner_.all().absence(name());
  Channels::Looked looked = owner_.all().look(name());
  if (!looked.needs_disk) {
    settle(std::move(looked.log), absence);
    return true;
  }
  is_looking_ = wants_log_ = true;
  owner_.disk_reads_->want(*this);
  return false;
}

// Those who stand together stay together when they can go on in the log that was found, which is so when
// nobody had published before.
void Station::settle(store::DurableLogRef log, const channel::Position& absence) {
  const bool is_first = !is_settled_;
  log_ = std::move(log);
  absence_ = absence;
  is_settled_ = true;
  end_ = log_ == nullptr ? 0 : log_->position().offset;
  const Standing now =
      stand(log_.get(), absence_, is_first ? Since{Since::Kind::last} : Since::after(cursor_));
  if (!now.recovered) part();
  cursor_ = now.recovered ? now.position : stand(log_.get(), absence_, {Since::Kind::last}).position;
}

void Station::part() {
  for (List* list : {&serving_, &caught_up_, &ahead_, &round_})
    behind_.take_all(*list);
  while (Follower* follower = on_disk_.pop_front()) {
    follower->state_ = Follower::State::served;
    behind_.push_back(*follower);
  }
  batch_ = {};
  is_group_on_disk_ = wants_group_ = false;
}

std::optional<DiskRead> Station::next_disk_read() {
  if (std::exchange(wants_log_, false)) return DiskRead{};
  if (std::exchange(wants_group_, false))
    return DiskRead{nullptr, log_, cursor_.offset, is_conflating() ? kConflatedFromDisk : kPiece,
                    is_conflating()};
  Follower* follower = on_disk_.pop_front();
  if (follower == nullptr) return std::nullopt;
  return DiskRead{follower, log_, follower->position_.offset,
                  is_conflating() ? kConflatedFromDisk : follower->burst_, is_conflating()};
}

void Station::take(const DiskRead& read, Follower* follower, DiskAnswer answer) {
  wake();
  if (read.log == nullptr) {
    is_looking_ = false;
    if (!answer) {
      is_stale_ = true;  // what woke us is still to be looked for
      return end_all(FollowEnd::failed);
    }
    auto& found = std::get<FoundLog>(*answer);
    return settle(std::move(found.log), found.absence);
  }
  if (read.follower != nullptr) {
    if (follower == nullptr) return;
    follower->state_ = Follower::State::served;
    if (read.log != log_) return behind_.push_back(*follower);  // it was removed meanwhile
    if (!answer) return end(*follower, FollowEnd::failed);
    return take_for_one(read, *follower, std::move(std::get<ReadMessages>(*answer)));
  }
  if (read.log != log_) return;
  is_group_on_disk_ = false;
  if (caught_up_.empty() || cursor_.offset != read.after) return;  // others came, others left
  if (!answer) return end_all(FollowEnd::failed);
  take_for_all(read, std::move(std::get<ReadMessages>(*answer)));
}

void Station::take_for_all(const DiskRead&, ReadMessages read_messages) {
  batch_ = batch_of(cursor_, std::move(read_messages));
  if (batch_.messages.empty() && !batch_.gap) return;
  cursor_ = batch_.messages.empty() ? batch_.gap->position : batch_.messages.back()->position;
  end_ = std::max(end_, cursor_.offset);
  serving_.take_all(caught_up_);
  // A page of the disk is less than an interval may bring: who waited after each would never catch up.
  if (is_conflating() && cursor_.offset >= end_) begin_interval();
}

void Station::take_for_one(const DiskRead& read, Follower& follower, ReadMessages read_messages) {
  const Batch batch = batch_of(follower.position_, std::move(read_messages));
  const std::size_t given = give(follower, batch);
  const bool has_taken_all = given >= read.most;
  follower.burst_ =
      static_cast<std::uint8_t>(std::clamp<std::size_t>(has_taken_all ? 2 * given : given, 1, kPiece));
  const bool is_behind = follower.station_ == this && follower.state_ == Follower::State::served &&
                         follower.is_linked() && follower.position_.offset < cursor_.offset;
  if (!is_conflating() || !is_behind) return;
  follower.unlink();
  round_.push_back(follower);  // no interval between pages of the disk
}

Station::Batch Station::batch_of(const channel::Position& after, ReadMessages read_messages) const {
  Batch batch{.messages = std::move(read_messages.messages)};
  if (batch.messages.empty()) {
    const Standing now = stand(log_.get(), absence_, Since::after(after));
    if (!now.recovered) batch.gap = now;
  } else if (read_messages.first != after.offset + 1) {
    const std::uint64_t before = read_messages.first - 1;
    batch.gap = {{after.epoch, before}, false, before - after.offset};
  }
  return batch;
}

void Station::end_all(FollowEnd reason) {
  List leaving;
  for (List* list : {&starting_, &caught_up_, &serving_, &behind_, &round_, &ahead_, &on_disk_, &full_})
    leaving.take_all(*list);
  while (Follower* follower = leaving.pop_front())
    end(*follower, reason);
}

void Station::end(Follower& follower, FollowEnd reason) {
  const channel::Position position = follower.position_;
  FollowerEvents& events = follower.events_;
  leave(follower);
  events.on_end(reason, position);
}

}  // namespace naru::hub
