#include "serve/feed_page.hpp"

#include <algorithm>
#include <utility>

#include "channel/notice.hpp"
#include "hub/channels.hpp"
#include "serve/feed_follow.hpp"
#include "serve/loop_server.hpp"
#include "serve/page_answer.hpp"
#include "serve/peer_log.hpp"

namespace naru::serve {

FeedPage::FeedPage(FeedAnswer answer, FeedEntry entry)
    : answer_(std::move(answer)),
      entry_(std::move(entry)),
      since_(sinces_of(entry_.request)),
      gathered_(since_.size()),
      share_(std::max<std::size_t>(1, entry_.request.limit / since_.size())),
      homing_(*this, answer_.server()) {}

void FeedPage::start() {
  tickets_ = enter_presence(entry_, {});
  read_next();
  if (!answer_.is_over()) answer_.exchange().set_events(this);
}

// Once enough is gathered for one answer, the others are only asked where they stand.
void FeedPage::read_next() {
  const bool has_room = bytes_ < store::DurableLog::kMaxPageBytes;
  answer_.server().channels().all().read(entry_.settings->prefix + entry_.request.channels[next_],
                                         since_[next_], has_room ? share_ : 1,
                                         homing_.to<Result<channel::Page>>(&FeedPage::on_read));
}

void FeedPage::on_read(Result<channel::Page> page) {
  if (answer_.is_over()) return;
  if (!page) {
    log_peer(Level::error, "feed", "a channel could not be read: " + page.error().message());
    answer_.refuse_for_now("the messages cannot be read now");
    return leave();
  }
  take(*page);
  if (++next_ < since_.size()) return read_next();
  std::vector<GatheredPage::Item>& items = gathered_.items;
  // Stable: each channel's order stays.
  const auto by_time = [](const auto& one, const auto& other) { return one.told_at < other.told_at; };
  if (since_.size() > 1) std::stable_sort(items.begin(), items.end(), by_time);
  answer_page(answer_, *entry_.settings, entry_.request, gathered_);
  leave();
}

void FeedPage::take(const channel::Page& page) {
  channel::add_standing(gathered_.start, page.start);
  gathered_.begin.set(next_, page.start.position);
  const bool has_room = bytes_ < store::DurableLog::kMaxPageBytes;
  gathered_.end.set(next_, has_room ? page.end : page.start.position);
  gathered_.more = gathered_.more || page.more || (!has_room && !page.messages.empty());
  if (!has_room) return;
  std::chrono::system_clock::time_point told_at{};
  for (const channel::PublicationRef& message : page.messages) {
    bytes_ += message->message.data.size();
    told_at = std::max(told_at, message->wall);
    gathered_.items.push_back({next_, message, told_at});
  }
}

void FeedPage::on_abort() {
  answer_.end();
  leave();
}

void FeedPage::leave() {
  homing_.let_go();
  tickets_.clear();
  answer_.connection().dismiss(*this);
}

}  // namespace naru::serve
