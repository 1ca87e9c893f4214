// The answers to one event that went to many sockets, gathered from several places (loops, later servers).
// Each place says once how many sockets it reached; then their answers come, in any order, also before other
// places have said.
//
//   BroadcastAcks acks(places, now + 5s);
//   acks.expect(3);                      // one place reached three sockets
//   acks.add(args);                      // one of them answered
//   if (acks.is_finished()) reply(acks.error(), acks.take());
//   if (acks.tick(now)) ...              // timed out: what came so far, with errc::timed_out
//
// A socket that goes away without an answer is waited for until the deadline, as in the reference: fewer
// answers than sockets without an error would look like success. Plain data for one thread. No answers are
// kept beyond `max_bytes`: it then ends with errc::too_large.
#pragma once

#include <cstddef>
#include <system_error>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "naru/args.hpp"

namespace naru::socketio {

// What the answers to one broadcast may hold together. 64 bytes from each of a million clients.
inline constexpr std::size_t kMaxBroadcastAnswers = std::size_t{64} * 1024 * 1024;

class BroadcastAcks {
 public:
  BroadcastAcks(std::size_t places, base::TimePoint deadline,
                std::size_t max_bytes = kMaxBroadcastAnswers) noexcept;

  // The next place has reached so many sockets. Ignored when all places have said, or it is finished.
  void expect(std::size_t sockets);
  // Ignored when it is finished.
  void add(Args answer);
  // True when this ended it.
  bool tick(base::TimePoint now);

  bool is_finished() const noexcept { return finished_; }
  // No error: everybody has answered.
  std::error_code error() const noexcept { return error_; }
  base::TimePoint deadline() const noexcept { return finished_ ? base::kNever : deadline_; }
  // The answers so far.
  std::vector<Args> take() noexcept { return std::exchange(answers_, {}); }

 private:
  void finish(std::error_code error = {}) noexcept;
  void finish_if_complete() noexcept;

  std::vector<Args> answers_;
  std::size_t silent_places_;
  std::size_t expected_ = 0;
  base::TimePoint deadline_;
  std::size_t bytes_ = 0;
  std::size_t max_bytes_;
  std::error_code error_;
  bool finished_ = false;
};

}  // namespace naru::socketio
