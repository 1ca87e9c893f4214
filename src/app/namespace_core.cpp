#include "app/namespace_core.hpp"

#include <stdexcept>
#include <utility>

#include "adapter/local.hpp"
#include "socketio/packet.hpp"

namespace naru::app {

NamespaceCore::NamespaceCore(std::string name, IoCore& io, std::shared_ptr<const hub::LoopGroup> loops)
    : name_(std::move(name)),
      loops_(std::move(loops)),
      options_(io.options()),
      handlers_(loops_->size()),
      adapter_(std::make_shared<adapter::Local>(
          loops_, adapter::LocalLimits{.max_rooms_per_socket = options_.max_rooms_per_socket})),
      io_(&io) {}

void NamespaceCore::fix_data_type(const std::type_info& type) {
  const std::type_info* fixed = nullptr;
  if (data_type_.compare_exchange_strong(fixed, &type) || *fixed == type) return;
  throw std::logic_error("Socket::data: namespace " + name_ + " keeps data of type " + fixed->name() +
                         ", it cannot keep " + type.name() + " as well");
}

IoCore* NamespaceCore::io() {
  return io_.load(std::memory_order_acquire);
}

void NamespaceCore::forget_io() {
  io_.store(nullptr, std::memory_order_release);
  handlers_.clear();
}

IoCore::IoCore(IoOptions options, std::shared_ptr<const hub::LoopGroup> loops)
    : options_(std::move(options)), loops_(std::move(loops)) {}

IoCore::~IoCore() {
  for (auto& [name, entry] : namespaces_)
    entry.core->forget_io();
}

Namespace& IoCore::of(std::string name) {
  if (name.empty() || name.front() != '/') name.insert(name.begin(), '/');
  if (name.find(',') != std::string::npos || name.size() > socketio::kMaxNamespaceName) {
    throw std::logic_error("a namespace's name has no comma and at most " +
                           std::to_string(socketio::kMaxNamespaceName) + " bytes: " + name);
  }
  std::lock_guard lock(mutex_);
  Entry& entry = namespaces_[name];
  if (!entry.handle) {
    entry.core = std::make_shared<NamespaceCore>(name, *this, loops_);
    entry.handle = std::make_unique<Namespace>(entry.core);
  }
  return *entry.handle;
}

std::shared_ptr<NamespaceCore> IoCore::find(std::string_view name) {
  std::lock_guard lock(mutex_);
  auto found = namespaces_.find(name);
  return found == namespaces_.end() ? nullptr : found->second.core;
}

}  // namespace naru::app
