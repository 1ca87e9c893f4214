// The newest messages as a page for people (html_page.hpp), with an ETag, so that loading it again is cheap
// while nothing comes.
#pragma once

#include "channel/page.hpp"
#include "naru/result.hpp"
#include "serve/feed_answer.hpp"
#include "serve/feed_presence.hpp"
#include "serve/homing.hpp"

namespace naru::serve {

class FeedHtml final : public Visitor {
 public:
  FeedHtml(FeedAnswer answer, FeedEntry entry);

  void start();
  void on_abort() override;

 private:
  void on_read(Result<channel::Page> page);
  void answer_page(const channel::Page& page);
  void leave();

  FeedAnswer answer_;
  FeedEntry entry_;
  PresenceTickets tickets_;
  Homing<FeedHtml> homing_;
};

}  // namespace naru::serve
