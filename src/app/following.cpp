#include "app/following.hpp"

#include <utility>

#include "app/channel_words.hpp"
#include "app/user_code.hpp"
#include "serve/loop_server.hpp"

namespace naru {
namespace app {
namespace {

hub::LoopIndex home_of(const hub::LoopGroup& loops) {
  return loops.is_on_a_loop() ? hub::LoopGroup::current_loop() : hub::LoopIndex{0};
}

}  // namespace

FollowingRecord::FollowingRecord(std::shared_ptr<hub::Channels> channels, std::string name,
                                 FollowOptions options)
    : channels_(std::move(channels)),
      name_(std::move(name)),
      options_(std::move(options)),
      home_(home_of(*channels_->loops())) {}

void FollowingRecord::start() {
  const channel::Since since = where_to_begin();
  if (channels_->loops()->is_here(home_)) return begin(since);
  channels_->loops()->post(
      home_, [self = shared_from_this(), since] { self->begin(since); }, 0, net::PostKind::control);
}

// "From now on" is from this call on, also when the loop comes to it later. Only a log that nobody has read
// from the disk yet is asked then.
channel::Since FollowingRecord::where_to_begin() const {
  if (options_.since)
    return options_.since->empty() ? channel::Since{} : channel::Since::after(to_position(*options_.since));
  const channel::Position absence = channels_->absence(name_);
  const hub::Channels::Looked looked = channels_->look(name_);
  if (looked.needs_disk) return {.kind = channel::Since::Kind::last, .position = {}};
  return channel::Since::after(looked.log == nullptr ? absence : looked.log->position());
}

void FollowingRecord::begin(const channel::Since& since) {
  if (!is_stopped_) serve::LoopServer::here()->channels().follow(follower_, name_, since, {});
}

// Whoever has closed the loops has ended it already.
void FollowingRecord::stop() {
  is_stopped_ = true;
  if (channels_->loops()->is_here(home_)) return end();
  channels_->loops()->post(
      home_, [self = shared_from_this()] { self->end(); }, 0, net::PostKind::control);
}

// Perhaps from inside of a handler: what that has in its hands lives on to the end of the turn.
void FollowingRecord::end() {
  serve::LoopServer& server = *serve::LoopServer::here();
  server.channels().unfollow(follower_);
  server.loop().at_end_of_turn([self = shared_from_this()] {});
}

hub::Taken FollowingRecord::on_start(const channel::Standing& standing) {
  return standing.recovered ? hub::Taken::more : on_gap(standing);
}

hub::Taken FollowingRecord::on_message(const channel::PublicationRef& message) {
  if (!is_stopped_ && options_.on_message) {
    guard_user_code("channel", "a follow handler", [&] { options_.on_message(to_public(*message)); });
  }
  return hub::Taken::more;
}

hub::Taken FollowingRecord::on_gap(const channel::Standing& standing) {
  if (!is_stopped_ && options_.on_gap) {
    const ChannelGap gap{.position = to_public(standing.position), .missing = standing.missing};
    guard_user_code("channel", "a follow handler", [&] { options_.on_gap(gap); });
  }
  return hub::Taken::more;
}

void FollowingRecord::on_end(hub::FollowEnd, const channel::Position&) {
  if (is_stopped_ || !options_.on_end) return;
  guard_user_code("channel", "a follow handler", [&] { options_.on_end("the messages cannot be read now"); });
}

}  // namespace app

inline namespace v0 {

void Following::stop() {
  if (const auto record = std::move(record_)) record->stop();
}

}  // namespace v0
}  // namespace naru
