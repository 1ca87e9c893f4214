// One page of messages, at once.
//
//   connection.receive(std::make_unique<FeedPage>(std::move(answer), std::move(entry))).start();
//
// Several channels are read one after the other, each for its share of the limit; their messages are told by
// the time of their publishing, each channel's in its own order. Ends with its answer.
#pragma once

#include <cstddef>
#include <vector>

#include "channel/page.hpp"
#include "naru/result.hpp"
#include "serve/feed_answer.hpp"
#include "serve/feed_presence.hpp"
#include "serve/gathered_page.hpp"
#include "serve/homing.hpp"

namespace naru::serve {

class FeedPage final : public Visitor {
 public:
  FeedPage(FeedAnswer answer, FeedEntry entry);

  void start();
  void on_abort() override;

 private:
  void read_next();
  void on_read(Result<channel::Page> page);
  void take(const channel::Page& page);
  void leave();

  FeedAnswer answer_;
  FeedEntry entry_;
  PresenceTickets tickets_;
  std::vector<channel::Since> since_;
  GatheredPage gathered_;
  std::size_t share_;      // messages of one channel
  std::size_t bytes_ = 0;  // of what was gathered
  std::size_t next_ = 0;   // channel
  Homing<FeedPage> homing_;
};

}  // namespace naru::serve
