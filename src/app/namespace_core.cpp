#include "app/namespace_core.hpp"

#include <stdexcept>
#include <utility>

#include "adapter/local.hpp"
#include "app/io_core.hpp"

namespace naru::app {

NamespaceCore::NamespaceCore(std::string name, IoCore& io, std::shared_ptr<const hub::LoopGroup> loops,
                             Role role)
    : name_(std::move(name)),
      role_(role),
      loops_(std::move(loops)),
      options_(io.shared_options()),
      handlers_(loops_->size()),
      adapter_(std::make_shared<adapter::Local>(
          loops_, adapter::LocalLimits{.max_rooms_per_socket = options_->max_rooms_per_socket})),
      io_(&io) {}

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
  handlers_.clear();
  std::lock_guard lock(children_mutex_);
  children_.clear();
}

void NamespaceCore::abandon() {
  handlers_.change([](HandlerTable& table) { table = HandlerTable(); });
  for (std::size_t loop = 0; loop < loops_->size(); ++loop) {
    loops_->post(
        static_cast<hub::LoopIndex>(loop), [self = shared_from_this()] { self->handlers_here(); }, 0,
        net::PostKind::control);
  }
}

void refuse_parent(const NamespaceCore& nsp, const std::string& what) {
  if (nsp.is_parent()) throw std::logic_error(what + " is not supported on parent namespaces");
}

}  // namespace naru::app
