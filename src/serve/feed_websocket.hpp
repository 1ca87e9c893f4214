// Channels of a feed over one WebSocket: notices and messages as text frames, and what the client publishes.
//
//   serve_feed_websocket(std::move(answer), std::move(entry));        // the request was let in
//
// Holds a position, not messages, as FeedStream does: what the peer does not take is read again from the log.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/timer_wheel.hpp"
#include "serve/admission.hpp"
#include "serve/feed_answer.hpp"
#include "serve/feed_presence.hpp"
#include "serve/feed_publisher.hpp"
#include "serve/feed_reader.hpp"
#include "serve/resident.hpp"
#include "ws/session.hpp"

namespace naru::serve {

// REQUIRES: the entry has its handshake.
void serve_feed_websocket(FeedAnswer answer, FeedEntry entry);

class FeedWebSocket final : public Resident,
                            private ws::SessionEvents,
                            private FeedReaderEvents,
                            private FeedPublisherEvents {
 public:
  // How long a peer may take nothing of what was written to it.
  static constexpr base::Duration kPatience = std::chrono::minutes(5);

  FeedWebSocket(LoopServer& server, std::unique_ptr<base::ByteStream> stream, const FeedEntry& entry,
                std::string address, const std::optional<ws::DeflateParameters>& deflate);
  ~FeedWebSocket() override;

  void start(const FeedEntry& entry);
  void say_goodbye() override;
  void cut() override;

 private:
  void on_message(std::string_view data, bool binary) override;
  void on_pong(std::string_view payload) override;
  void on_drain() override;
  void on_closed(std::uint16_t code, std::string_view reason, bool clean) override;
  void on_deadline_changed() override;

  hub::Taken on_start(const channel::Standing& standing) override;
  hub::Taken on_message(std::size_t channel, const channel::PublicationRef& message) override;
  hub::Taken on_gap(std::size_t channel, const channel::Standing& standing) override;
  void on_end(hub::FollowEnd reason) override;

  void on_reply(std::string_view text) override;
  void on_publisher_changed() override { read_or_wait(); }

  hub::Taken send(const base::Frame& frame);
  hub::Taken send(std::string_view text);
  std::string_view label(std::size_t channel) const;
  void read_or_wait();
  void give_up(ws::CloseCode code, std::string_view sentence);
  void finish(ws::CloseCode code, std::string_view reason);
  void leave();
  void beat(base::TimePoint now);
  void on_timer();

  LoopServer& server_;
  const FeedSettings& settings_;
  ws::Session websocket_;
  const std::string address_;
  const std::vector<std::string> labels_;  // of several channels, as the client names them
  FeedReader reader_;
  FeedPublisher publisher_;
  PresenceTickets tickets_;
  std::unique_ptr<Admission> admission_;
  base::TimePoint next_beat_;                        // when to ping, or when the pong is overdue
  base::TimePoint backlogged_since_ = base::kNever;  // what was written waits for the reader
  bool awaits_pong_ = false;
  bool is_reading_ = true;
  bool is_over_ = false;
  net::MemberTimer<FeedWebSocket, &FeedWebSocket::on_timer> timer_{*this};
};

}  // namespace naru::serve
