#include "app/namespace_core.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "adapter/recovering.hpp"
#include "app/io_core.hpp"

namespace naru::app {
namespace {

// What was meant as "for ever" must not overflow the clock.
constexpr std::chrono::milliseconds kLongestRecovery = std::chrono::hours(24 * 365);

}  // namespace

NamespaceCore::NamespaceCore(std::string name, IoCore& io, std::shared_ptr<const hub::LoopGroup> loops,
                             Role role)
    : name_(std::move(name)),
      role_(role),
      loops_(std::move(loops)),
      options_(io.shared_options()),
      handlers_(loops_->size()),
      io_(&io) {
  const adapter::LocalLimits limits{.max_rooms_per_socket = options_->max_rooms_per_socket};
  if (options_->recovery_window > std::chrono::milliseconds(0) && !is_parent()) {
    set_up_recovery(limits);
  } else {
    adapter_ = std::make_shared<adapter::Local>(loops_, limits);
  }
}

void NamespaceCore::set_up_recovery(adapter::LocalLimits limits) {
  expiry_ = std::make_shared<ExpiryTimer>(loops_);
  auto recovering = std::make_shared<adapter::Recovering>(
      loops_, limits,
      adapter::RecoveringOptions{
          .window = std::min(options_->recovery_window, kLongestRecovery),
          .confirmation = options_->ping_interval + 2 * options_->ping_timeout,
          .max_log_bytes = options_->recovery_max_bytes,
          .sessions = {options_->recovery_max_sessions, options_->recovery_max_session_bytes},
          .on_kept = [timer = expiry_] { timer->start(); }});
  expiry_->serve(recovering);
  recovery_ = recovering.get();
  adapter_ = std::move(recovering);
}

void NamespaceCore::fix_data_type(const detail::DataType& type) {
  const detail::DataType* fixed = nullptr;
  if (data_type_.compare_exchange_strong(fixed, &type) || *fixed->type == *type.type) return;
  throw std::logic_error("Socket::data: namespace " + name_ + " keeps data of type " + fixed->type->name() +
                         ", it cannot keep " + type.type->name() + " as well");
}

void NamespaceCore::add_child(std::shared_ptr<NamespaceCore> child) {
  std::lock_guard lock(children_mutex_);
  children_.insert(std::move(child));
}

void NamespaceCore::remove_child(const std::shared_ptr<NamespaceCore>& child) {
  std::lock_guard lock(children_mutex_);
  children_.erase(child);
}

std::vector<std::shared_ptr<NamespaceCore>> NamespaceCore::children() {
  std::lock_guard lock(children_mutex_);
  return {children_.begin(), children_.end()};
}

IoCore* NamespaceCore::io() {
  return io_.load(std::memory_order_acquire);
}

void NamespaceCore::forget_io() {
  io_.store(nullptr, std::memory_order_release);
  if (recovery_ != nullptr) recovery_->close();
  if (expiry_) expiry_->stop();
  handlers_.clear();
  std::lock_guard lock(children_mutex_);
  children_.clear();
}

void NamespaceCore::abandon() {
  if (recovery_ != nullptr) recovery_->close();
  handlers_.change([](HandlerTable& table) { table = HandlerTable(); });
  for (std::size_t loop = 0; loop < loops_->size(); ++loop) {
    auto let_go = [self = shared_from_this(), loop] {
      self->handlers_here();
      if (loop == 0 && self->expiry_) self->expiry_->stop();  // it lives there, and keeps itself
    };
    loops_->post(static_cast<hub::LoopIndex>(loop), std::move(let_go), 0, net::PostKind::control);
  }
}

void refuse_parent(const NamespaceCore& nsp, const std::string& what) {
  if (nsp.is_parent()) throw std::logic_error(what + " is not supported on parent namespaces");
}

}  // namespace naru::app
