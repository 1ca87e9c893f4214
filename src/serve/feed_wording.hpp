// The words of one kind of stream: what it says at its start, for a message, a gap, silence, and at its end.
//
// One constant of each kind: feed_ndjson(), feed_lines() (feed_lines.hpp), feed_sse() (feed_sse.hpp).
// `position` is the connection's text; `channel` the message's own where several are carried, else empty. Any
// thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/frame.hpp"
#include "channel/message.hpp"
#include "channel/since.hpp"

namespace naru::serve {

class FeedWording {
 public:
  virtual ~FeedWording() = default;
  virtual std::string_view content_type() const = 0;
  // Empty texts are not sent.
  virtual std::string start(std::string_view position, const channel::Standing& standing,
                            std::chrono::milliseconds retry) const = 0;
  // Of the only channel: shared by everybody who is sent it.
  virtual base::Frame message(const channel::Publication& publication) const = 0;
  // Of one among several: its position is the connection's own.
  virtual base::Frame message(const channel::Publication& publication, std::string_view channel,
                              std::string_view position) const = 0;
  virtual std::string gap(std::string_view position, const channel::Standing& standing,
                          std::string_view channel) const = 0;
  virtual std::string end(std::string_view position, std::string_view reason,
                          std::chrono::milliseconds retry) const = 0;
  virtual std::string_view heartbeat() const = 0;
};

}  // namespace naru::serve
