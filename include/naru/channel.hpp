// A channel: a numbered, ordered log of messages that is published to from any thread and read from any
// position.
//
//   auto channel = server.channel("news");
//   auto publishing = channel.publish(story, {.event = "goal", .idempotency_key = id});   // numbered now
//   auto at = co_await std::move(publishing);                                 // waits for the disk
//   auto reading = channel.history({.before = page_start, .limit = 50});
//   auto page = co_await std::move(reading);   // no braces on a co_await line: see task.hpp
//
// Publishing the same idempotency key again answers the first one's position with `repeated`. What is not
// committed is seen by nobody. Reading never creates a channel.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "naru/channel_message.hpp"
#include "naru/completion.hpp"
#include "naru/following.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"
#include "naru/task.hpp"

namespace naru {
namespace hub {
class Channels;
}
namespace app {
class FeedPresences;
}
inline namespace v0 {

struct HistoryQuery {
  // At most one of them: messages after this position, oldest first; or before it, newest first. None: the
  // newest.
  std::optional<Position> since = {};
  std::optional<Position> before = {};
  std::size_t limit = 50;  // at most 1000
};

struct HistoryPage {
  std::vector<ChannelMessage> messages = {};  // always in the channel's order
  Position position = {};                     // after the last of them: what to ask `since` next
  bool more = false;                          // further ones in the direction that was asked for
  bool recovered = true;  // false: `since` is unknown here, the page begins at the oldest kept
  std::optional<std::uint64_t> missing = {};  // how many were lost in between, when that is known
};

enum class Durability {
  memory,   // lost with the process; a new epoch then
  process,  // survives the process, not necessarily a loss of power
  power,    // on the disk before anybody sees it
};

// How channels keep their messages; see Server::channels().
struct ChannelOptions {
  std::size_t max_messages = 10'000;
  std::size_t max_bytes = std::size_t{64} * 1024 * 1024;
  std::optional<std::chrono::seconds> max_age = {};
  Durability durability = Durability::memory;
};

// Who follows a channel now, by whatever door. Only feeds with FeedOptions::presence tell.
struct Presence {
  struct Follower {
    std::string id = {};  // its identity, else the `client` that it named, else its connection
    bool is_identity = false;
    std::size_t connections = 0;  // 0: away, for less than the grace time
    std::chrono::system_clock::time_point since = {};
  };
  std::size_t count = 0;  // also those who are not told apart (FeedPresence::max_followers)
  std::vector<Follower> followers = {};
  Position position = {};  // of the channel NAME@presence: changes behind it are those after this
};

class Channel {
 public:
  // Without `presences` nobody is told who follows.
  Channel(std::shared_ptr<hub::Channels> channels, std::string name,
          std::shared_ptr<const app::FeedPresences> presences = {});

  const std::string& name() const { return name_; }

  // Publishes one value as JSON. It is numbered when called: the order of the calls is the order of the
  // messages. The task ends when the message is committed as its durability asks.
  // (Overloads, no default argument: inside of a co_await expression g++ 12 destroys a defaulted aggregate
  // that was never made.)
  template <class T>
  Task<Result<Published>> publish(const T& value) {
    return publish_draft(Draft::json(value));
  }
  template <class T>
  Task<Result<Published>> publish(const T& value, const PublishOptions& options) {
    return publish_draft(Draft::json(value, options));
  }
  // The same with a callable instead of a task; it runs on an unspecified thread, perhaps during the call.
  template <class T>
  void publish(const T& value, const PublishOptions& options, Function<void(Result<Published>)> done) {
    publish_draft(Draft::json(value, options), std::move(done));
  }
  // Text, bytes, or JSON that was made before.
  Task<Result<Published>> publish_draft(Draft draft);
  void publish_draft(Draft draft, Function<void(Result<Published>)> done);
  // In this order; others may come in between. Ends when all are committed, or have failed; each has its own
  // answer. Empty when the server has gone.
  Task<std::vector<Result<Published>>> publish_all(std::vector<Draft> drafts);
  void publish_all(std::vector<Draft> drafts, Function<void(std::vector<Result<Published>>)> done);

  Task<Result<HistoryPage>> history() { return history(HistoryQuery()); }
  Task<Result<HistoryPage>> history(const HistoryQuery& query);
  void history(const HistoryQuery& query, Function<void(Result<HistoryPage>)> done);

  // See following.hpp.
  [[nodiscard]] Following follow(FollowOptions options);
  // From any thread.
  Presence presence() const;

  // Forgets the channel and its messages, also on disk.
  Task<Result<void>> remove();

 private:
  static Task<Result<void>> forget_value(Later<bool> later);

  std::shared_ptr<hub::Channels> channels_;
  std::shared_ptr<const app::FeedPresences> presences_;
  std::string name_;
};

}  // namespace v0
}  // namespace naru
