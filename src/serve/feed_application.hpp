// What feeds ask of the room above: who may do what. A part of Application.
//
// Settings live as long as the application. Questions are put on the loop that has the request; answers come
// once, from any thread, at once or later. A `scope` that is cancelled means that nobody waits any more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "channel/policies.hpp"
#include "naru/completion.hpp"
#include "naru/verdict.hpp"
#include "serve/cors.hpp"
#include "serve/engine_hooks.hpp"
#include "serve/feed_request.hpp"
#include "ws/session.hpp"

namespace naru::hub {
class Presence;
}

namespace naru::serve {

class FeedHooks;
class PublishRates;

struct FeedSettings {
  std::string prefix = {};  // of the names of its channels, before what the address says
  FeedLimits limits{};
  CorsSettings cors{};
  // A gate is asked about everything, and answers are not for shared caches. Without one, whoever comes may
  // follow, and publish if `open_publish`.
  bool is_gated = false;
  bool open_publish = false;
  channel::SlowFollower slow = channel::SlowFollower::resume;
  base::Duration latest_interval = std::chrono::milliseconds(100);  // policy `latest`: between two deliveries
  base::Duration heartbeat = std::chrono::seconds(15);
  base::Duration retry = std::chrono::seconds(2);  // after which EventSource comes back
  std::size_t max_message = 1'000'000;             // bytes of a POST's body; a batch may have four times that
  std::size_t max_batch = 1'000;                   // messages
  std::size_t max_publishes_per_second = 0;        // of one WebSocket, or of one address by POST; 0: no limit
  ws::SessionOptions websocket{};
  base::Duration ping_interval{};
  hub::Presence* presence = nullptr;         // null: nobody is told who follows
  FeedHooks* hooks = nullptr;                // never null once it is a door
  std::shared_ptr<PublishRates> rates = {};  // null: no limit; what addresses have published lately
};

enum class FeedAction : std::uint8_t {
  follow,  // read: pages, polls, streams
  publish,
  presence,  // who follows a channel, and the stream of it
};

// Asked for everything that one request names; the first refusal is the answer.
struct FeedQuestion {
  struct Part {
    FeedAction action = FeedAction::follow;
    std::string channel =
        {};  // with the prefix; of `presence`: the one that is followed, without "@presence"
  };
  std::vector<Part> parts = {};
  SharedHandshake request = {};
};

class FeedHooks {
 public:
  using Scope = std::shared_ptr<CancelScope>;
  virtual ~FeedHooks() = default;
  // The verdict's identity and end are those of the connection. A feed without a gate answers during the
  // call; of it, scope and request may be null.
  virtual void authorize(std::uint32_t feed, FeedQuestion question, const Scope& scope, Decision decide) = 0;
};

// A request that was let in: what every door of a feed begins with.
struct FeedEntry {
  const FeedSettings* settings = nullptr;
  std::uint32_t feed = 0;
  FeedRequest request = {};
  SharedHandshake handshake = {};  // of a feed with a gate, and of every WebSocket; else null
  Verdict verdict = naru::allow;   // who it is, and until when
};

}  // namespace naru::serve
