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
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "naru/bytes.hpp"
#include "naru/codec.hpp"
#include "naru/completion.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"
#include "naru/task.hpp"
#include "naru/value.hpp"

namespace naru {
namespace hub {
class Channels;
}
inline namespace v0 {

// Where a message stands: opaque text of [A-Za-z0-9_.~-], at most 64 bytes. Compare for equality only.
class Position {
 public:
  Position() = default;
  explicit Position(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend bool operator==(const Position&, const Position&) = default;

 private:
  std::string text_;
};

struct PublishOptions {
  std::string event = {};
  std::string key = {};  // what the message is about; `latest` followers get the newest of each key
  std::string idempotency_key = {};  // the same one again is the same message
  // At most 32: names of [A-Za-z0-9_-]{1,64}, values of at most 256 bytes without control characters.
  std::map<std::string, std::string> headers = {};
};

struct Published {
  Position position;
  bool repeated = false;
};

struct ChannelMessage {
  Position position;
  std::string event;
  std::string key;
  Value data;
  std::chrono::system_clock::time_point time;  // when it was published; for people, not for order
};

struct HistoryQuery {
  // At most one of them: messages after this position, oldest first; or before it, newest first. None: the
  // newest.
  std::optional<Position> since = {};
  std::optional<Position> before = {};
  std::size_t limit = 50;  // at most 1000
};

struct HistoryPage {
  std::vector<ChannelMessage> messages;  // always in the channel's order
  Position position;                     // after the last of them: what to ask `since` next
  bool more = false;                     // further ones in the direction that was asked for
  bool recovered = true;                 // false: `since` is unknown here, the page begins at the oldest kept
  std::optional<std::uint64_t> missing;  // how many were lost in between, when that is known
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

class Channel {
 public:
  Channel(std::shared_ptr<hub::Channels> channels, std::string name);

  const std::string& name() const { return name_; }

  // Publishes one value as JSON. The task ends when the message is committed as its durability asks.
  // (Overloads, no default argument: inside of a co_await expression g++ 12 destroys a defaulted aggregate
  // that was never made.)
  template <class T>
  Task<Result<Published>> publish(const T& value) {
    return publish_text(encode(value), PublishOptions());
  }
  template <class T>
  Task<Result<Published>> publish(const T& value, const PublishOptions& options) {
    return publish_text(encode(value), options);
  }
  // The same with a callable instead of a task; it runs on an unspecified thread, perhaps during the call.
  template <class T>
  void publish(const T& value, const PublishOptions& options, Function<void(Result<Published>)> done) {
    publish_text(encode(value), options, std::move(done));
  }
  Task<Result<HistoryPage>> history() { return history(HistoryQuery()); }
  Task<Result<HistoryPage>> history(const HistoryQuery& query);
  void history(const HistoryQuery& query, Function<void(Result<HistoryPage>)> done);
  // Forgets the channel and its messages, also on disk.
  Task<Result<void>> remove();

 private:
  template <class T>
  static std::string encode(const T& value) {
    std::string text;
    std::vector<Bytes> none;
    ArgumentWriter writer(text, none);
    encode_arguments(writer, value);
    return text;
  }
  Task<Result<Published>> publish_text(std::string json, PublishOptions options);
  void publish_text(std::string json, PublishOptions options, Function<void(Result<Published>)> done);

  static Task<Result<void>> forget_value(Later<bool> later);

  std::shared_ptr<hub::Channels> channels_;
  std::string name_;
};

}  // namespace v0
}  // namespace naru
