// Following a channel from inside the program: a bridge, an archive, a counter.
//
//   auto following = channel.follow({
//       .since = archive.position(),
//       .on_message = [&](const naru::ChannelMessage& message) { archive.add(message); },
//   });
//
// Handlers run on one loop, one after the other, in the channel's order: on the loop that called follow(), or
// on loop 0 when that was another thread. They must not block: what they take their time for waits in the
// log.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "naru/channel_message.hpp"
#include "naru/function.hpp"

namespace naru {
namespace app {
class FollowingRecord;
}
inline namespace v0 {

// Messages between the last one and `position` are not to be had any more, or the channel began anew.
struct ChannelGap {
  Position position = {};
  std::optional<std::uint64_t> missing = {};  // how many, when that is known
};

struct FollowOptions {
  std::optional<Position> since = {};  // none: from now on; an empty one: from the oldest kept
  Function<void(const ChannelMessage&)> on_message = {};
  Function<void(const ChannelGap&)> on_gap = {};
  // It follows no more, and not because of stop(): the store cannot be read.
  Function<void(std::string_view reason)> on_end = {};
};

// Follows as long as it lives, or until stop(); moves. Any thread.
class Following {
 public:
  Following() = default;
  explicit Following(std::shared_ptr<app::FollowingRecord> record) : record_(std::move(record)) {}
  Following(Following&&) noexcept = default;
  Following& operator=(Following&& other) noexcept {
    stop();
    record_ = std::move(other.record_);
    return *this;
  }
  ~Following() { stop(); }

  // On its loop no handler runs after this; from another thread one that runs already ends first by itself.
  void stop();

 private:
  std::shared_ptr<app::FollowingRecord> record_;
};

}  // namespace v0
}  // namespace naru
