#include "serve/feed_long_poll.hpp"

#include <utility>

#include "channel/notice.hpp"
#include "hub/channels.hpp"
#include "serve/feed_follow.hpp"
#include "serve/loop_server.hpp"
#include "serve/page_answer.hpp"

namespace naru::serve {

FeedLongPoll::FeedLongPoll(FeedAnswer answer, FeedEntry entry)
    : answer_(std::move(answer)),
      entry_(std::move(entry)),
      reader_(answer_.server().channels(), *this, entry_.request.channels.size()),
      gathered_(entry_.request.channels.size()) {}

void FeedLongPoll::start() {
  LoopServer& server = answer_.server();
  answer_.exchange().take_head();  // what is still needed of it stands in the request
  answer_.exchange().set_events(this);
  tickets_ = enter_presence(entry_, {});
  admission_ = admit(server, entry_.verdict, [this](AdmissionEnd) { on_time(); });
  // What is slow here is the client's coming back: pages are whatever the log has.
  reader_.follow(full_names(entry_), sinces_of(entry_.request), {.policy = channel::SlowFollower::resume});
}

hub::Taken FeedLongPoll::on_start(const channel::Standing& standing) {
  gathered_.start = standing;
  for (std::size_t channel = 0; channel < reader_.size(); ++channel)
    gathered_.begin.set(channel, reader_.position_of(channel));
  net::Loop& loop = answer_.server().loop();
  loop.timers().schedule(timer_, loop.now() + entry_.request.wait);
  return hub::Taken::more;
}

hub::Taken FeedLongPoll::on_message(std::size_t channel, const channel::PublicationRef& message) {
  if (answer_.is_over()) return hub::Taken::full;
  gathered_.items.push_back({channel, message});
  bytes_ += message->message.data.size();
  if (gathered_.items.size() < entry_.request.limit && bytes_ < kEnoughBytes) return hub::Taken::more;
  answer_now(has_more());
  return hub::Taken::full;
}

// What was gathered stands before the gap; it leaves, and the next poll is told of it.
hub::Taken FeedLongPoll::on_gap(std::size_t channel, const channel::Standing& standing) {
  if (answer_.is_over()) return hub::Taken::full;
  if (gathered_.items.empty()) {
    gathered_.begin.set(channel, standing.position);
    channel::add_standing(gathered_.start, standing);
    return hub::Taken::more;
  }
  gathered_.end = gathered_.begin;
  for (const auto& item : gathered_.items)
    gathered_.end.set(item.channel, item.message->position);
  gathered_.more = true;
  answer_page(answer_, *entry_.settings, entry_.request, gathered_);
  leave();
  return hub::Taken::full;
}

void FeedLongPoll::on_pause() {
  if (answer_.is_over() || !reader_.has_started()) return;
  const bool is_worth_telling = !gathered_.items.empty() || !gathered_.start.recovered;
  // One channel has given all that it has; others may still be about to.
  if (is_worth_telling) answer_now(entry_.request.names_several && has_more());
}

bool FeedLongPoll::has_more() const {
  hub::Channels& channels = answer_.server().channels().all();
  for (std::size_t channel = 0; channel < reader_.size(); ++channel) {
    const auto looked = channels.look(entry_.settings->prefix + entry_.request.channels[channel]);
    if (looked.log != nullptr && looked.log->position() != reader_.position_of(channel)) return true;
  }
  return false;
}

void FeedLongPoll::answer_now(bool more) {
  for (std::size_t channel = 0; channel < reader_.size(); ++channel)
    gathered_.end.set(channel, reader_.position_of(channel));
  gathered_.more = more;
  answer_page(answer_, *entry_.settings, entry_.request, gathered_);
  leave();
}

void FeedLongPoll::on_time() {
  if (answer_.is_over()) return;
  if (reader_.has_started()) return answer_now(false);
  answer_.refuse_for_now("the messages cannot be read now");
  leave();
}

void FeedLongPoll::on_server_stop() {
  if (answer_.is_over()) return;
  if (reader_.has_started()) return answer_now(false);
  answer_.refuse_for_now("the server stops");
  leave();
}

void FeedLongPoll::on_end(hub::FollowEnd) {
  if (answer_.is_over()) return;
  answer_.refuse_for_now("the messages cannot be read now");
  leave();
}

void FeedLongPoll::on_abort() {
  leave();
}

void FeedLongPoll::leave() {
  if (!answer_.is_over()) answer_.end();
  reader_.stop();
  net::TimerWheel::cancel(timer_);
  tickets_.clear();
  admission_.reset();
  answer_.connection().dismiss(*this);
}

}  // namespace naru::serve
