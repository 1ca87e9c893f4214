// A feed: channels served to clients by every transport, under one pattern of addresses.
//
//   server.feed("/channels/:channel", {
//       .history = {.size = 1000, .ttl = 10min},
//       .authorize = [](const naru::Access& access) -> naru::Verdict {
//         if (access.action == naru::Action::follow) return naru::allow;
//         return naru::refuse("read only");
//       },
//   });
//
// docs/protocol/channels.md says what clients see. The pattern ends in its one named part, `:channel` (or
// `*channel`, where names may have slashes): a channel's name is FeedOptions::prefix and that part. What
// stands before it is the address for several channels at once. A feed goes before routes of the same path.
// Of several feeds the one with the longest prefix of a name has the channel, before that one whose
// FeedOptions::channel it is; the others do not serve it. Feeds of the same names must all have a gate or
// none, and the same history, durability and open_publish: else Server::feed throws std::logic_error.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "naru/channel.hpp"
#include "naru/compression.hpp"
#include "naru/gate.hpp"
#include "naru/handshake.hpp"
#include "naru/options.hpp"
#include "naru/verdict.hpp"

namespace naru {
inline namespace v0 {

enum class Action {
  follow,    // read: pages, polls, streams
  publish,   // asked once for each request, or for each connection and channel
  presence,  // who follows, and the stream of it
};

// One question to a gate. With several channels in one request it is asked for each.
struct Access {
  Action action = Action::follow;
  std::string channel = {};  // its name, with the feed's prefix
  // Head, query, cookies, address; through Socket.IO its socket's handshake, with `auth`.
  Handshake request = Handshake(nullptr);
};

// Who may do what, in one of three forms (gate.hpp).
//
// `allow.as("user:42").until(time)`: that is who follows, for presence and Server::disconnect_identity(), and
// at that time its streams end. Where several channels are asked for, the earliest time and the first
// identity count.
using AccessGate = Gate<Access>;

// What becomes of a follower that reads more slowly than its channel grows.
enum class SlowFollower {
  resume,       // it waits at its position; what has left the log when it goes on is a gap notice
  drop_oldest,  // it goes on at the newest message, after a gap notice
  latest,       // only the newest message of each key, at most FeedOptions::latest_per_second times a second
  disconnect,   // it is told its position and closed
};

// What of a channel is kept: whichever limit is reached first drops the oldest.
struct FeedHistory {
  std::size_t size = 1000;                       // messages: what a reader scrolls back in practice
  std::size_t bytes = std::size_t{1} << 20;      // so that a thousand busy channels stay near 1 GiB
  std::optional<std::chrono::seconds> ttl = {};  // none: as long as there is room
};

struct FeedPresence {
  bool enabled = false;  // `?who` and the channels NAME@presence; off they are 404
  // So long somebody may be away (between two polls, on a reload) without leaving.
  std::chrono::milliseconds grace{20'000};
  std::size_t max_followers =
      10'000;  // different ones of a channel that are told apart; further ones only count
};

struct FeedOptions {
  std::string prefix = {};  // of the names of its channels, before what the address says
  // One channel at an address of its own: the pattern then has no named part ("/scores"). Its name belongs to
  // such addresses alone: no other feed serves it.
  std::string channel = {};
  // What requests are taken to say in their query where they say nothing: "as=sse", "wait=25", "limit=10". An
  // Accept field that names a type goes before `as`.
  std::string query = {};
  FeedHistory history = {};
  Durability durability = Durability::memory;  // else Server::data() says where
  // None: everybody may follow (and see who follows, where presence is on), nobody may publish through the
  // doors.
  AccessGate authorize = {};
  bool open_publish = false;  // without a gate: everybody may publish

  SlowFollower slow = SlowFollower::resume;
  double latest_per_second = 10;
  FeedPresence presence = {};
  CorsOptions cors = {};
  CompressionOptions compression = {};  // of WebSocket messages
  // Also through Socket.IO, namespace /channels, when Server::io() was called. Gates of that namespace are
  // asked before this feed's.
  bool socketio = true;

  std::chrono::milliseconds heartbeat{15'000};      // of silence on a stream; proxies cut at 30 to 60 s
  std::chrono::milliseconds ping_interval{25'000};  // of WebSockets; a peer that answers none is cut off
  std::chrono::milliseconds max_wait{60'000};       // of one long poll
  std::chrono::milliseconds retry{2'000};           // after which EventSource comes back
  std::size_t max_message = 1'000'000;              // bytes of data published through a door; more: 413, 1009
  std::size_t max_batch = 1'000;  // messages of one batch; its bytes: four times max_message
  std::size_t max_channels = 32;  // of one request, and of one Socket.IO socket at a time; at most 32
  // Messages that one connection, and requests that one address, may publish in a second; 0: no limit.
  std::size_t max_publishes_per_second = 0;
};

}  // namespace v0
}  // namespace naru
