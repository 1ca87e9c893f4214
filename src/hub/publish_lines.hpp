// Publishes that may not be made where they were called, because the disk has to be read before: a line for
// each channel, worked off by a worker in the order of the calls. Who calls while there is a line stands in
// it, also when his own publish would need no disk: nobody overtakes.
//
//   switch (lines.join(name, publish)) {
//     case Joined::first: workers.submit([&] { while (auto next = lines.next(name)) make(*next); });
//     case Joined::behind: return;                 // whoever works it off comes to it
//     case Joined::full: refuse(publish);
//   }
//
// Any thread. What stands in all lines together is bounded.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/text_map.hpp"
#include "channel/message.hpp"
#include "naru/function.hpp"
#include "naru/result.hpp"
#include "store/durable_log.hpp"

namespace naru::hub {

struct LatePublish {
  channel::Message message{};
  std::string idempotency_key{};
  Function<void(Result<store::Published>)> done{};

  std::size_t memory() const noexcept {
    return sizeof *this + message.data.size() + message.event.size() + message.key.size() +
           message.type.size() + message.sender.size() + message.headers.size() + idempotency_key.size();
  }
};

class PublishLines {
 public:
  // A slow disk must not gather messages for ever; as much as a loop's inbox holds.
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

  explicit PublishLines(std::size_t max_bytes = kMaxBytes) noexcept : max_bytes_(max_bytes) {}

  // Whether this channel has a line; costs one load when there is none at all.
  bool has_line(std::string_view name) const;
  enum class Joined { first, behind, full };
  // Takes `publish` unless the answer is `full`. After `first` the caller sees to it that next() is called
  // until it gives nothing.
  Joined join(std::string_view name, LatePublish& publish);
  // The next of the line; nothing: the line is over.
  std::optional<LatePublish> next(std::string_view name);

 private:
  const std::size_t max_bytes_;
  std::atomic<std::size_t> line_count_{0};
  mutable std::mutex mutex_;
  base::TextMap<std::deque<LatePublish>> lines_;  // guarded by mutex_
  std::size_t bytes_ = 0;                         // guarded by mutex_
};

}  // namespace naru::hub
