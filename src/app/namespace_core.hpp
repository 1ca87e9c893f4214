// What stands behind naru::Namespace: its handlers, its adapter, its counters. Shared by all loops.
#pragma once

#include <any>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <typeindex>
#include <unordered_map>

#include "adapter/adapter.hpp"
#include "app/context.hpp"
#include "app/handlers.hpp"
#include "hub/loop_group.hpp"
#include "naru/options.hpp"

namespace naru::app {

class IoCore;

class NamespaceCore {
 public:
  NamespaceCore(std::string name, IoCore& io, std::shared_ptr<const hub::LoopGroup> loops);

  const std::string& name() const noexcept { return name_; }
  Handlers& handlers() noexcept { return handlers_; }
  std::shared_ptr<const HandlerTable> handlers_here() {
    return handlers_.on_loop(hub::LoopGroup::current_loop());
  }
  adapter::Adapter& adapter() noexcept { return *adapter_; }
  const std::shared_ptr<const hub::LoopGroup>& loops() const noexcept { return loops_; }
  const IoOptions& options() const noexcept { return options_; }
  // As the reference: one counter for the whole namespace, from 0.
  std::uint64_t next_ack_id() noexcept { return ack_id_.fetch_add(1, std::memory_order_relaxed); }

  // One type of data() per namespace, fixed by first use; throws std::logic_error for another.
  void fix_data_type(const std::type_info& type);

  // The server's other namespaces; null when the server has gone.
  IoCore* io();
  // No loop runs any more.
  void forget_io();

 private:
  const std::string name_;
  const std::shared_ptr<const hub::LoopGroup> loops_;
  const IoOptions options_;
  Handlers handlers_;
  std::shared_ptr<adapter::Adapter> adapter_;
  std::atomic<std::uint64_t> ack_id_{0};
  std::atomic<const std::type_info*> data_type_{nullptr};
  std::atomic<IoCore*> io_;
};

// The Socket.IO server: its options and its namespaces by name.
class IoCore {
 public:
  IoCore(IoOptions options, std::shared_ptr<const hub::LoopGroup> loops);
  ~IoCore();
  IoCore(const IoCore&) = delete;
  IoCore& operator=(const IoCore&) = delete;

  const IoOptions& options() const noexcept { return options_; }
  // Any thread. The name with or without its leading slash; the handle lives as long as the server.
  Namespace& of(std::string name);
  // Null: no such namespace.
  std::shared_ptr<NamespaceCore> find(std::string_view name);

 private:
  struct Entry {
    std::shared_ptr<NamespaceCore> core;
    std::unique_ptr<Namespace> handle;
  };
  const IoOptions options_;
  const std::shared_ptr<const hub::LoopGroup> loops_;
  std::mutex mutex_;
  std::unordered_map<std::string, Entry, TextHash, std::equal_to<>> namespaces_;
};

}  // namespace naru::app
