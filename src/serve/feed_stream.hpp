// One follower that is held open over HTTP: a head, and then whatever its channels get, in the words of its
// kind.
//
//   auto stream = std::make_unique<FeedStream>(std::move(answer), std::move(entry), feed_sse());
//   connection.receive(std::move(stream)).start();
//
// Holds a position, not messages: when the peer does not take what was written, nothing more is written until
// it has, and then it is read again from the log. So at most one message for each channel waits beside what
// the stream gathers for a turn. Ends when the peer goes, the server stops, the gate's verdict ends, or the
// channel's policy says so; whoever can be told is told, with the position to come back with.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/timer_wheel.hpp"
#include "serve/admission.hpp"
#include "serve/feed_answer.hpp"
#include "serve/feed_presence.hpp"
#include "serve/feed_reader.hpp"
#include "serve/feed_wording.hpp"

namespace naru::serve {

class FeedStream final : public Visitor, private FeedReaderEvents {
 public:
  // Without the peer taking anything: a closed lid, a tunnel. What waits meanwhile is little, and the policy
  // says what it gets when it goes on.
  static constexpr base::Duration kPatience = std::chrono::minutes(5);

  // The same once the end was said: time to read it.
  static constexpr base::Duration kGoodbye = std::chrono::seconds(10);

  FeedStream(FeedAnswer answer, FeedEntry entry, const FeedWording& wording);

  void start();

  void on_writable() override;
  void on_abort() override;
  void on_server_stop() override;

 private:
  hub::Taken on_start(const channel::Standing& standing) override;
  hub::Taken on_message(std::size_t channel, const channel::PublicationRef& message) override;
  hub::Taken on_gap(std::size_t channel, const channel::Standing& standing) override;
  void on_end(hub::FollowEnd reason) override;

  void begin_answer();
  hub::Taken write(const base::Slice& piece);
  hub::Taken write(const std::string& text);
  void finish(std::string_view reason);
  void leave();
  void beat();
  std::string_view label(std::size_t channel) const;

  FeedAnswer answer_;
  const FeedSettings& settings_;
  const FeedWording& wording_;
  std::vector<std::string> labels_;   // of several channels, as the client names them
  std::unique_ptr<FeedEntry> entry_;  // until it has begun
  FeedReader reader_;
  PresenceTickets tickets_;
  std::unique_ptr<Admission> admission_;  // of a verdict with a name or an end
  base::TimePoint written_at_{};
  net::MemberTimer<FeedStream, &FeedStream::beat> timer_{*this};
};

}  // namespace naru::serve
