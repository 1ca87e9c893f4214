#include "serve/feed_html.hpp"

#include <utility>

#include "hub/channels.hpp"
#include "serve/feed_follow.hpp"
#include "serve/html_page.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"

namespace naru::serve {
namespace {

// What is shown, and not only where it ends: messages may have left at the other end. Weak: it is not the
// bytes.
std::string tag_of(const channel::Page& page) {
  return "W/\"" + page.end.text() + "~" + std::to_string(page.messages.size()) + (page.more ? "m\"" : "\"");
}

}  // namespace

FeedHtml::FeedHtml(FeedAnswer answer, FeedEntry entry)
    : answer_(std::move(answer)), entry_(std::move(entry)), homing_(*this, answer_.server()) {}

void FeedHtml::start() {
  tickets_ = enter_presence(entry_, {});
  hub::Channels& channels = answer_.server().channels().all();
  const FeedRequest& request = entry_.request;
  const std::string name = entry_.settings->prefix + request.channels.front();
  auto done = homing_.to<Result<channel::Page>>(&FeedHtml::on_read);
  if (request.since.empty()) {
    channels.read_before(name, std::nullopt, request.limit, std::move(done));
  } else {
    channels.read(name, sinces_of(request).front(), request.limit, std::move(done));
  }
  if (!answer_.is_over()) answer_.exchange().set_events(this);
}

void FeedHtml::on_read(Result<channel::Page> page) {
  if (answer_.is_over()) return;
  if (page) {
    answer_page(*page);
  } else {
    log_peer(Level::error, "feed", "a channel could not be read: " + page.error().message());
    answer_.refuse_for_now("the messages cannot be read now");
  }
  leave();
}

void FeedHtml::answer_page(const channel::Page& page) {
  const FeedRequest& request = entry_.request;
  const std::string tag = tag_of(page);
  const bool is_known = is_unchanged(request, tag);
  http::ResponseHead head = answer_.head(is_known ? 304 : 200);
  head.add("ETag", tag);
  head.add("Vary", "Accept");
  head.add("Cache-Control", entry_.settings->is_gated ? "private, no-cache" : "no-cache");
  if (is_known) return answer_.respond(std::move(head));
  head.add("Content-Type", "text/html; charset=utf-8");
  head.add("Content-Security-Policy", html_page_policy());
  head.add("X-Content-Type-Options", "nosniff");
  head.add("Referrer-Policy", "no-referrer");
  const std::string html = html_page({.channel = request.channels.front(),
                                      .refresh = request.refresh,
                                      .messages = page.messages,
                                      .has_older = request.since.empty() && page.more});
  answer_.respond(std::move(head), base::Slice(base::Frame::copy(html)));
}

void FeedHtml::on_abort() {
  answer_.end();
  leave();
}

void FeedHtml::leave() {
  homing_.let_go();
  tickets_.clear();
  answer_.connection().dismiss(*this);
}

}  // namespace naru::serve
