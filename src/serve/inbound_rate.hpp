// How fast one client's messages are read: so many a second, and so many bytes, a second's worth at once.
//
// A message that has come is always taken; what it costs too much is owed, and until that is paid the
// connection is not read. So nothing is lost, and what waits is the kernel's and the client's. Plain data;
// time is an argument.
//
//   InboundRate rate({.messages_per_second = 10});
//   const InboundRate::Pause pause = rate.take(message.size(), now);
//   if (pause.until > now) read_again_at(pause.until);
#pragma once

#include <cstddef>

#include "base/clock.hpp"
#include "base/token_bucket.hpp"

namespace naru::serve {

// 0: no limit.
struct InboundLimits {
  std::size_t messages_per_second = 0;
  std::size_t bytes_per_second = 0;

  bool any() const noexcept { return messages_per_second != 0 || bytes_per_second != 0; }
};

class InboundRate {
 public:
  explicit InboundRate(const InboundLimits& limits);

  struct Pause {
    base::TimePoint until;  // when the next message may be read
    bool begins = false;    // the client has kept to the limits before: worth a line in the log
  };
  // A message of so many bytes has come.
  Pause take(std::size_t bytes, base::TimePoint now);

 private:
  base::TokenBucket messages_;
  base::TokenBucket bytes_;
  bool is_over_ = false;  // there was a pause since the buckets were full
};

}  // namespace naru::serve
