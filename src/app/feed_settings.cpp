#include "app/feed_settings.hpp"

#include <stdexcept>

#include "app/compression.hpp"
#include "app/engine_settings.hpp"
#include "channel/channel_name.hpp"
#include "channel/message.hpp"

namespace naru::app {
namespace {

using std::chrono::milliseconds;

[[noreturn]] void contradict(const std::string& sentence) {
  throw std::logic_error("FeedOptions: " + sentence);
}

void require(bool is_met, const char* sentence) {
  if (!is_met) contradict(sentence);
}

void check(const FeedOptions& options) {
  require(options.history.size > 0 && options.history.bytes > 0,
          "history: a channel that keeps nothing has nothing to follow");
  require(options.max_channels >= 1 && options.max_channels <= channel::kMaxChannels,
          "max_channels is between 1 and 32, so that a connection's position stays a short text");
  require(options.max_message >= 1 && options.max_message <= channel::kMaxDataSize,
          "max_message is between 1 byte and 16 MiB; larger things belong in files");
  require(options.max_batch >= 1, "max_batch is at least 1");
  require(options.latest_per_second > 0 && options.latest_per_second <= 1000,
          "latest_per_second is more than 0 and at most 1000");
  require(options.heartbeat > milliseconds::zero() && options.ping_interval > milliseconds::zero(),
          "heartbeat and ping_interval are longer than nothing: proxies cut what is silent");
  require(options.max_wait > milliseconds::zero(), "max_wait is longer than nothing");
  require(options.retry >= milliseconds::zero() && options.presence.grace >= milliseconds::zero(),
          "times are not negative");
  require(options.channel.empty() || channel::is_channel_name(options.prefix + options.channel),
          "channel: a name has 1 to 256 bytes of UTF-8 without control characters");
  require(!options.authorize || !options.open_publish,
          "open_publish is for feeds without a gate; let the gate allow Action::publish");
}

channel::SlowFollower policy_of(SlowFollower slow) {
  switch (slow) {
    case SlowFollower::resume:
      return channel::SlowFollower::resume;
    case SlowFollower::drop_oldest:
      return channel::SlowFollower::drop_oldest;
    case SlowFollower::latest:
      return channel::SlowFollower::latest;
    case SlowFollower::disconnect:
      return channel::SlowFollower::disconnect;
  }
  return channel::SlowFollower::resume;
}

}  // namespace

serve::FeedSettings settings_of(const FeedOptions& options) {
  check(options);
  serve::FeedSettings settings;
  settings.prefix = options.prefix;
  settings.limits = {.max_wait = options.max_wait,
                     .max_channels = options.max_channels,
                     .has_presence = options.presence.enabled,
                     .assumed = http::Query(options.query)};
  settings.cors = cors_of(options.cors);
  settings.is_gated = static_cast<bool>(options.authorize);
  settings.open_publish = options.open_publish;
  settings.slow = policy_of(options.slow);
  settings.latest_interval = std::chrono::duration_cast<base::Duration>(
      std::chrono::duration<double>(1 / options.latest_per_second));
  settings.heartbeat = options.heartbeat;
  settings.retry = options.retry;
  settings.max_message = options.max_message;
  settings.max_batch = options.max_batch;
  settings.max_publishes_per_second = options.max_publishes_per_second;
  settings.websocket.compression = checked(options.compression);
  // A publish object is its data, which base64 and escapes make longer, its headers, and some words.
  settings.websocket.limits.max_message = 2 * options.max_message + channel::kMaxHeadersSize + 8192;
  settings.ping_interval = options.ping_interval;
  return settings;
}

ChannelOptions channel_options_of(const FeedOptions& options) {
  return {.max_messages = options.history.size,
          .max_bytes = options.history.bytes,
          .max_age = options.history.ttl,
          .durability = options.durability};
}

bool has_named_part(std::string_view pattern) {
  return pattern.find("/:") != std::string_view::npos || pattern.find("/*") != std::string_view::npos;
}

std::string_view base_of_pattern(std::string_view pattern) {
  const std::size_t last = pattern.rfind('/');
  const bool is_named = last != std::string_view::npos && last + 2 < pattern.size() &&
                        (pattern[last + 1] == ':' || pattern[last + 1] == '*');
  const std::string_view base = is_named ? pattern.substr(0, last) : std::string_view();
  const bool is_only_one = base.find_first_of(":*") == std::string_view::npos;
  if (is_named && is_only_one) return base;
  throw std::logic_error("Server::feed: the pattern \"" + std::string(pattern) +
                         "\" has to end in its one named part, as \"/channels/:channel\" does");
}

}  // namespace naru::app
