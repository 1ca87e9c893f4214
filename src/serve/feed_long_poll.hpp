// A poll that waits: answered as soon as there are messages, or with an empty page when its time is over.
//
//   connection.receive(std::make_unique<FeedLongPoll>(std::move(answer), std::move(entry))).start();
//
// Gathers what is there when the channel pauses, at most a page. A client that hangs up is forgotten. Ends
// with its answer: an empty page with the position to come back with when the server stops or its verdict
// ends.
#pragma once

#include <cstddef>
#include <memory>

#include "net/timer_wheel.hpp"
#include "serve/admission.hpp"
#include "serve/feed_answer.hpp"
#include "serve/feed_presence.hpp"
#include "serve/feed_reader.hpp"
#include "serve/gathered_page.hpp"

namespace naru::serve {

class FeedLongPoll final : public Visitor, private FeedReaderEvents {
 public:
  // A poll that has gathered so much is answered: many that read history at once must not each hold a whole
  // page.
  static constexpr std::size_t kEnoughBytes = std::size_t{1} << 20;

  FeedLongPoll(FeedAnswer answer, FeedEntry entry);

  void start();
  void on_abort() override;
  void on_server_stop() override;

 private:
  hub::Taken on_start(const channel::Standing& standing) override;
  hub::Taken on_message(std::size_t channel, const channel::PublicationRef& message) override;
  hub::Taken on_gap(std::size_t channel, const channel::Standing& standing) override;
  void on_pause() override;
  void on_end(hub::FollowEnd reason) override;

  void on_time();
  bool has_more() const;
  void answer_now(bool more);
  void leave();

  FeedAnswer answer_;
  FeedEntry entry_;
  FeedReader reader_;
  GatheredPage gathered_;
  std::size_t bytes_ = 0;  // of what was gathered
  PresenceTickets tickets_;
  std::unique_ptr<Admission> admission_;
  net::MemberTimer<FeedLongPoll, &FeedLongPoll::on_time> timer_{*this};
};

}  // namespace naru::serve
