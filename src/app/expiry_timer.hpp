// Lets go of what a namespace keeps for those who may come back, when their time is over: one timer on
// loop 0, whichever loop kept something.
//
//   auto timer = std::make_shared<ExpiryTimer>(loops);
//   timer->serve(recovery);
//   timer->start();                       // any thread: something is kept
//   timer->stop();                        // no loop runs any more
#pragma once

#include <memory>

#include "adapter/recovery.hpp"
#include "base/clock.hpp"
#include "hub/loop_group.hpp"
#include "net/timer_wheel.hpp"

namespace naru::app {

class ExpiryTimer : public std::enable_shared_from_this<ExpiryTimer> {
 public:
  explicit ExpiryTimer(std::shared_ptr<const hub::LoopGroup> loops) : loops_(std::move(loops)) {}

  // Before anything is kept.
  void serve(std::weak_ptr<adapter::Recovery> recovery) { recovery_ = std::move(recovery); }
  void start();
  void stop() { while_scheduled_.reset(); }

 private:
  void tick();

  const std::shared_ptr<const hub::LoopGroup> loops_;
  std::weak_ptr<adapter::Recovery> recovery_;
  // A timer ends on the loop that it is scheduled on: until then it keeps itself.
  std::shared_ptr<ExpiryTimer> while_scheduled_;
  net::MemberTimer<ExpiryTimer, &ExpiryTimer::tick> timer_{*this};
};

}  // namespace naru::app
