// One channel that one Socket.IO socket follows: messages go out as events, as fast as the client takes them.
//
//   SocketFollow follow(record, "news", settings, parcels);
//   follow.start(since, std::move(ack), [&] { forget(follow); });
//   follow.drained();                       // what waited for the client has left
//
// It has a position and no queue: while more than kMaxWaiting bytes wait for the client, nothing is read from
// the log. On the socket's loop.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "app/socket_record.hpp"
#include "channel/since.hpp"
#include "hub/loop_channels.hpp"
#include "hub/parcel.hpp"
#include "hub/presence.hpp"
#include "naru/ack.hpp"
#include "naru/function.hpp"
#include "naru/verdict.hpp"
#include "serve/admission.hpp"
#include "serve/feed_application.hpp"

namespace naru::app {

// Messages of this turn as Socket.IO packets: made once for all sockets of the loop that follow the channel.
class MessageParcels {
 public:
  hub::SharedParcel of(const NamespaceCore& nsp, std::string_view channel,
                       const channel::PublicationRef& message);

 private:
  // Beyond it the turn's earlier ones are made again for whoever is behind.
  static constexpr std::size_t kMost = 256;
  struct Made {
    channel::PublicationRef message;  // so that its address names no other one
    hub::SharedParcel parcel;
  };
  std::unordered_map<const channel::Publication*, Made> made_;
  bool is_clearing_ = false;
};

class SocketFollow final : private hub::FollowerEvents {
 public:
  // Of one client, in all its namespaces: some packets of a poll, or what a kernel's buffer did not take.
  static constexpr std::size_t kMaxWaiting = std::size_t{64} * 1024;

  // `settings` and `parcels` outlive it.
  SocketFollow(std::shared_ptr<SocketRecord> record, std::string channel, const serve::FeedSettings& settings,
               MessageParcels& parcels);

  // Whoever is there in whose name, and until when, as the feed's gate said; where it named nobody, `who`.
  void admit(const Verdict& verdict, std::string who);
  // `ack` is answered once it stands. `on_over`: it follows no more and the client was told; from inside of
  // its events, where it must not be destroyed.
  void start(const channel::Since& since, Ack ack, Function<void()> on_over);
  void drained();
  // Nothing is sent any more and nobody is told; also from inside of its events.
  void stop() noexcept;
  // The same, but whoever still waits for the answer to start() has it.
  void unfollowed();

  const std::string& channel() const noexcept { return channel_; }

 private:
  hub::Taken on_start(const channel::Standing& standing) override;
  hub::Taken on_message(const channel::PublicationRef& message) override;
  hub::Taken on_gap(const channel::Standing& standing) override;
  void on_end(hub::FollowEnd reason, const channel::Position& position) override;

  void follow(const channel::Since& since);
  hub::Taken give(const hub::Parcel& parcel, const channel::Position& behind);
  void end(std::string_view reason);
  void refuse(std::string_view reason);

  const std::shared_ptr<SocketRecord> record_;
  const std::string channel_;
  const serve::FeedSettings& settings_;
  MessageParcels& parcels_;
  hub::LoopChannels& channels_;
  hub::PresenceTicket ticket_;
  std::unique_ptr<serve::Admission> admission_;
  Ack ack_;
  Function<void()> on_over_;
  channel::Position position_{};  // behind what the client has been given
  bool is_answered_ = false;
  bool is_full_ = false;
  bool is_refused_ = false;  // the client's queue had no room: read again from `position_`
  hub::Follower follower_{*this};
};

}  // namespace naru::app
