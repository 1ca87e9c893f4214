#include "serve/feed_stream.hpp"

#include <utility>

#include "base/ids.hpp"
#include "channel/positions.hpp"
#include "serve/feed_follow.hpp"
#include "serve/loop_server.hpp"

namespace naru::serve {

FeedStream::FeedStream(FeedAnswer answer, FeedEntry entry, const FeedWording& wording)
    : answer_(std::move(answer)),
      settings_(*entry.settings),
      wording_(wording),
      entry_(std::make_unique<FeedEntry>(std::move(entry))),
      reader_(answer_.server().channels(), *this, entry_->request.channels.size()) {
  if (entry_->request.names_several) labels_ = entry_->request.channels;
}

void FeedStream::start() {
  http::Exchange& exchange = answer_.exchange();
  if (exchange.head().method() == "HEAD") {
    begin_answer();
    return finish({});
  }
  exchange.take_head();  // a stream lives long, and nobody asks for it any more
  exchange.set_events(this);
  LoopServer& server = answer_.server();
  admission_ = admit(server, entry_->verdict, [this](AdmissionEnd why) { finish(reason_of(why)); });
  reader_.follow(full_names(*entry_), sinces_of(entry_->request),
                 {.policy = settings_.slow, .latest_interval = settings_.latest_interval});
}

// The head leaves with what is said first: until then it can still be a refusal.
hub::Taken FeedStream::on_start(const channel::Standing& standing) {
  begin_answer();
  LoopServer& server = answer_.server();
  const bool is_nameless = entry_->verdict.identity().empty() && entry_->request.client.empty();
  tickets_ = enter_presence(
      *entry_, settings_.presence != nullptr && is_nameless ? base::new_session_id(server.index(), 0) : "");
  entry_.reset();
  server.loop().timers().schedule(timer_, server.loop().now() + settings_.heartbeat);
  return write(wording_.start(reader_.position(), standing,
                              std::chrono::duration_cast<std::chrono::milliseconds>(settings_.retry)));
}

void FeedStream::begin_answer() {
  http::ResponseHead head = answer_.head(200);
  head.add("Content-Type", wording_.content_type());
  head.add("Cache-Control", "no-store");
  head.add("X-Accel-Buffering", "no");
  head.add("Vary", "Accept");
  answer_.exchange().start(std::move(head), std::nullopt);
  answer_.exchange().set_send_timeout(kPatience);
}

hub::Taken FeedStream::on_message(std::size_t channel, const channel::PublicationRef& message) {
  if (labels_.empty()) return write(base::Slice(wording_.message(*message)));
  return write(base::Slice(wording_.message(*message, label(channel), reader_.position())));
}

hub::Taken FeedStream::on_gap(std::size_t channel, const channel::Standing& standing) {
  return write(wording_.gap(reader_.position(), standing, label(channel)));
}

std::string_view FeedStream::label(std::size_t channel) const {
  return labels_.empty() ? std::string_view() : labels_[channel];
}

hub::Taken FeedStream::write(const std::string& text) {
  return text.empty() ? hub::Taken::more : write(base::Slice::borrowed(text));
}

hub::Taken FeedStream::write(const base::Slice& piece) {
  if (answer_.is_over()) return hub::Taken::full;
  written_at_ = answer_.server().loop().now();
  const base::WriteStatus status = answer_.exchange().write(piece);
  return status == base::WriteStatus::sent ? hub::Taken::more : hub::Taken::full;
}

void FeedStream::on_writable() {
  reader_.resume();
}

// Against proxies that cut what is silent. One that does not read is not silent for want of us.
void FeedStream::beat() {
  net::Loop& loop = answer_.server().loop();
  if (answer_.is_over()) return;
  if (loop.now() - written_at_ >= settings_.heartbeat) {
    if (answer_.exchange().buffered() == 0) write(base::Slice::borrowed(wording_.heartbeat()));
    written_at_ = loop.now();
  }
  loop.timers().schedule(timer_, written_at_ + settings_.heartbeat);
}

// --- the end ---

void FeedStream::on_end(hub::FollowEnd reason) {
  const bool is_slow = reason == hub::FollowEnd::too_slow;
  finish(is_slow ? "you read more slowly than the channel grows" : "the messages cannot be read now");
}

void FeedStream::on_server_stop() {
  finish("the server stops");
}

void FeedStream::finish(std::string_view reason) {
  if (answer_.is_over()) return;
  if (entry_ != nullptr && !reason.empty()) {
    answer_.refuse_for_now(reason);
  } else {
    const auto retry = std::chrono::duration_cast<std::chrono::milliseconds>(settings_.retry);
    if (!reason.empty()) write(wording_.end(reader_.position(), reason, retry));
    answer_.exchange().set_send_timeout(kGoodbye);
    answer_.exchange().finish();
  }
  leave();
}

void FeedStream::on_abort() {
  leave();
}

void FeedStream::leave() {
  if (!answer_.is_over()) answer_.end();
  reader_.stop();
  net::TimerWheel::cancel(timer_);
  tickets_.clear();
  admission_.reset();
  answer_.connection().dismiss(*this);
}

}  // namespace naru::serve
