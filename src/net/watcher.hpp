// Something on a loop that is told when its descriptor is ready, and when its stage of the turn has come.
#pragma once

#include <cstdint>

namespace naru::net {

class Loop;

// All calls on the loop's thread. While a Watcher may be named by the batch of the current turn it must stay
// in memory: take it off with Loop::forget() and give it to Loop::dispose().
class Watcher {
 public:
  Watcher() = default;
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

 protected:
  ~Watcher() = default;

 private:
  friend class Loop;
  // `events` as epoll_wait gives them (EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLERR).
  virtual void on_events(std::uint32_t events) = 0;
  // After Loop::run_again(): once, in the next turn.
  virtual void on_again() {}
  // After Loop::flush_later(): once, at the end of this turn.
  virtual void on_flush() {}

  std::uint32_t again_place_ = 0;
  std::uint32_t flush_place_ = 0;
};

}  // namespace naru::net
