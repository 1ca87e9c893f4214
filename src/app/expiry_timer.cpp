#include "app/expiry_timer.hpp"

#include <utility>

#include "serve/loop_server.hpp"

namespace naru::app {

void ExpiryTimer::start() {
  loops_->post(
      0, [self = shared_from_this()] { self->tick(); }, 0, net::PostKind::control);
}

void ExpiryTimer::tick() {
  const std::shared_ptr<ExpiryTimer> until_then = std::move(while_scheduled_);
  const std::shared_ptr<adapter::Recovery> recovery = recovery_.lock();
  if (!recovery) return;
  const base::TimePoint next = recovery->expire();
  serve::LoopServer::here()->loop().timers().schedule(timer_, next);
  if (next != base::kNever) while_scheduled_ = shared_from_this();
}

}  // namespace naru::app
