// Channels through Socket.IO: the namespace /channels, with the events of docs/protocol/channels.md.
//
//   ChannelSockets sockets(io.of("/channels"), feeds);       // before the server runs
//
// What a client may do, the feed that has the channel says; gates of the namespace itself were passed before.
// Events of one socket are handled one after the other, also while a gate is asked. Each loop has its own
// part.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/channel_request.hpp"
#include "app/feeds.hpp"
#include "app/socket_follow.hpp"
#include "base/token_bucket.hpp"
#include "channel/publish_line.hpp"
#include "naru/completion.hpp"
#include "naru/namespace.hpp"
#include "naru/task.hpp"

namespace naru::app {

class ChannelSockets {
 public:
  static constexpr std::string_view kNamespace = "/channels";
  // Publishes of one socket that wait for the disk; then its next event waits.
  static constexpr std::size_t kMaxPending = 64;

  // `feeds` outlives it; it outlives what runs in the namespace.
  ChannelSockets(Namespace& nsp, Feeds& feeds, std::size_t loops);
  ChannelSockets(const ChannelSockets&) = delete;
  ChannelSockets& operator=(const ChannelSockets&) = delete;

 private:
  // What a socket has here.
  struct Guest {
    std::vector<std::unique_ptr<SocketFollow>> follows{};
    std::unordered_map<std::uint32_t, base::TokenBucket> rates{};  // by feed, where it has a limit
    std::shared_ptr<std::atomic<std::size_t>> pending = std::make_shared<std::atomic<std::size_t>>(0);
  };
  struct Part {
    std::unordered_map<const SocketRecord*, Guest> guests{};
    MessageParcels parcels{};
  };

  Task<> follow(Socket socket, RawJson json, Ack ack);
  void unfollow(const Socket& socket, const RawJson& json, Ack& ack);
  Task<> publish(Socket socket, RawJson json, Ack ack);
  Task<> history(Socket socket, RawJson json, Ack ack);

  Part& here();
  Guest& guest(const Socket& socket) { return here().guests[socket.record().get()]; }
  // The feed that serves it here, or an answer that none does.
  std::optional<std::uint32_t> feed_of(const std::string& channel, Ack& ack) const;
  Later<Verdict> ask(std::uint32_t feed, serve::FeedAction action, const std::string& channel,
                     const Socket& socket);
  void begin(const Socket& socket, const ChannelRequest& request, std::uint32_t feed, const Verdict& verdict,
             Ack ack);
  void end(const SocketRecord* socket, const SocketFollow* follow);
  void leave(const SocketRecord& socket);
  std::optional<std::string> find_fault(const Socket& socket, std::uint32_t feed,
                                        const channel::PublishLine& line);
  bool may_publish_now(const Socket& socket, std::uint32_t feed);

  Feeds& feeds_;
  std::vector<Part> parts_;  // by loop
};

}  // namespace naru::app
