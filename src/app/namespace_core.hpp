// What stands behind naru::Namespace: its handlers, its adapter, its counters. Shared by all loops.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "adapter/adapter.hpp"
#include "adapter/local.hpp"
#include "adapter/recovery.hpp"
#include "app/context.hpp"
#include "app/expiry_timer.hpp"
#include "app/handlers.hpp"
#include "hub/loop_group.hpp"
#include "naru/data_type.hpp"
#include "naru/options.hpp"

namespace naru::app {

class IoCore;

class NamespaceCore : public std::enable_shared_from_this<NamespaceCore> {
 public:
  enum class Role : std::uint8_t { ordinary, parent };

  NamespaceCore(std::string name, IoCore& io, std::shared_ptr<const hub::LoopGroup> loops,
                Role role = Role::ordinary);

  const std::string& name() const noexcept { return name_; }
  Handlers& handlers() noexcept { return handlers_; }
  std::shared_ptr<const HandlerTable> handlers_here() {
    return handlers_.on_loop(hub::LoopGroup::current_loop());
  }
  adapter::Adapter& adapter() noexcept { return *adapter_; }
  // Null: its sockets do not come back.
  adapter::Recovery* recovery() const noexcept { return recovery_; }
  const std::shared_ptr<const hub::LoopGroup>& loops() const noexcept { return loops_; }
  const IoOptions& options() const noexcept { return *options_; }
  // As the reference: one counter for the whole namespace, from 0.
  std::uint64_t next_ack_id() noexcept { return ack_id_.fetch_add(1, std::memory_order_relaxed); }

  // One type of data() per namespace, fixed by first use; throws std::logic_error for another.
  void fix_data_type(const detail::DataType& type);
  // Null: nobody has asked for data() yet.
  const detail::DataType* data_type() const noexcept { return data_type_.load(std::memory_order_acquire); }

  // Sockets that gates have let in and that have not gone.
  std::atomic<std::size_t> connected{0};

  // Whether somebody listens to what goes out here; costs one load.
  bool is_watched() const noexcept { return watch_.use_count() > 1; }
  // For a HandlerTable: held as long as it has such listeners.
  std::shared_ptr<const char> watch() const { return watch_; }

  // A parent has no sockets itself, only children that were made in its image.
  bool is_parent() const noexcept { return role_ == Role::parent; }
  void add_child(std::shared_ptr<NamespaceCore> child);
  void remove_child(const std::shared_ptr<NamespaceCore>& child);
  // `act(NamespaceCore&)` on itself, or on all children of a parent.
  template <class Act>
  void each_target(Act&& act) {
    if (!is_parent()) return act(*this);
    for (const auto& child : children())
      act(*child);
  }

  // The server's other namespaces; null when the server has gone.
  IoCore* io();
  // No loop runs any more.
  void forget_io();
  // The loops run on without it: what its handlers keep, perhaps this, is let go of on each.
  void abandon();

 private:
  void set_up_recovery(adapter::LocalLimits limits);
  std::vector<std::shared_ptr<NamespaceCore>> children();

  const std::string name_;
  const Role role_;
  const std::shared_ptr<const hub::LoopGroup> loops_;
  const std::shared_ptr<const IoOptions> options_;
  const std::shared_ptr<const char> watch_ = std::make_shared<const char>();
  Handlers handlers_;
  std::shared_ptr<adapter::Adapter> adapter_;
  adapter::Recovery* recovery_ = nullptr;  // the adapter's
  std::shared_ptr<ExpiryTimer> expiry_;    // of what it keeps
  std::atomic<std::uint64_t> ack_id_{0};
  std::atomic<const detail::DataType*> data_type_{nullptr};
  std::atomic<IoCore*> io_;
  std::mutex children_mutex_;
  std::unordered_set<std::shared_ptr<NamespaceCore>> children_;
};

// Nobody can be asked there, only told, as in the reference: throws std::logic_error for a parent.
void refuse_parent(const NamespaceCore& nsp, const std::string& what);

}  // namespace naru::app
