#include "app/io_core.hpp"

#include <stdexcept>
#include <utility>

#include "app/user_code.hpp"
#include "serve/peer_log.hpp"
#include "socketio/packet.hpp"

namespace naru::app {
namespace {

void check_name(const std::string& name) {
  if (name.find(',') == std::string::npos && name.size() <= socketio::kMaxNamespaceName) return;
  throw std::logic_error("a namespace's name has no comma and at most " +
                         std::to_string(socketio::kMaxNamespaceName) + " bytes: " + name);
}

// Shared until either of them changes its own.
void inherit(NamespaceCore& child, std::shared_ptr<const HandlerTable> table) {
  const bool listens = table->watch != nullptr;
  child.handlers().begin_with(std::move(table));
  if (listens) child.handlers().change([&](HandlerTable& own) { own.watch = child.watch(); });
}

}  // namespace

IoCore::IoCore(IoOptions options, std::shared_ptr<const hub::LoopGroup> loops, Engine& engine)
    : options_(std::make_shared<const IoOptions>(std::move(options))),
      loops_(std::move(loops)),
      engine_(engine),
      identities_(loops_->size()) {}

IoCore::~IoCore() {
  for (auto& [name, entry] : namespaces_)
    entry.core->forget_io();
  for (const Parent& parent : *parents_)
    parent.core->forget_io();
}

Namespace& IoCore::of(std::string name) {
  if (name.empty() || name.front() != '/') name.insert(name.begin(), '/');
  check_name(name);
  std::unique_lock lock(mutex_);
  auto found = namespaces_.find(name);
  const bool is_new = found == namespaces_.end();
  Entry& entry = is_new ? make(name, parent_of(name)) : found->second;
  if (!entry.handle) entry.handle = std::make_unique<Namespace>(entry.core);
  Namespace& handle = *entry.handle;
  const std::shared_ptr<NamespaceCore> core = entry.core;
  lock.unlock();
  if (is_new) announce(core);
  return handle;
}

Namespace& IoCore::add_parent(std::optional<Pattern> pattern, NamespaceGate gate) {
  std::lock_guard lock(mutex_);
  // The reference's name for them; no client can ask for it by name, since it stands in no table.
  auto core = std::make_shared<NamespaceCore>("/_" + std::to_string(parents_->size()), *this, loops_,
                                              NamespaceCore::Role::parent);
  auto more = std::make_shared<Parents>(*parents_);
  more->push_back({std::move(pattern), std::make_shared<const NamespaceGate>(std::move(gate)), core});
  parents_ = std::move(more);
  parent_handles_.push_back(std::make_unique<Namespace>(std::move(core)));
  return *parent_handles_.back();
}

void IoCore::on_new_namespace(Function<void(Namespace&)> handler) {
  auto shared = std::make_shared<const Registered<Function<void(Namespace&)>>>(std::move(handler));
  std::lock_guard lock(mutex_);
  on_new_.push_back(std::move(shared));
}

std::vector<Namespace> IoCore::all() {
  std::lock_guard lock(mutex_);
  std::vector<Namespace> all;
  all.reserve(namespaces_.size());
  for (auto& [name, entry] : namespaces_)
    all.emplace_back(entry.core);
  return all;
}

void IoCore::forget_sessions(std::string_view identity) {
  std::lock_guard lock(mutex_);
  for (auto& [name, entry] : namespaces_)
    if (adapter::Recovery* recovery = entry.core->recovery()) recovery->forget_identity(identity);
}

std::shared_ptr<NamespaceCore> IoCore::enter(std::string_view name) {
  std::lock_guard lock(mutex_);
  auto found = namespaces_.find(name);
  if (found == namespaces_.end() || !found->second.is_announced) return nullptr;
  ++found->second.guests;
  return found->second.core;
}

std::shared_ptr<const IoCore::Parents> IoCore::parents() {
  std::lock_guard lock(mutex_);
  return parents_;
}

void IoCore::enter_child(const std::shared_ptr<NamespaceCore>& parent, const std::string& name,
                         Entered entered) {
  std::unique_lock lock(mutex_);
  auto found = namespaces_.find(name);
  const bool is_new = found == namespaces_.end();
  if (is_new && children_ >= options_->max_child_namespaces) {
    lock.unlock();
    serve::log_peer(Level::warning, "socketio", "max_child_namespaces is reached: no more are made");
    return entered(nullptr);
  }
  // In the meantime somebody else may have made it, under whichever parent.
  Entry& entry = is_new ? make(name, parent) : found->second;
  ++entry.guests;
  const std::shared_ptr<NamespaceCore> core = entry.core;
  if (!is_new && !entry.is_announced) return entry.waiting.push_back(std::move(entered));
  lock.unlock();
  if (is_new) announce(core);
  entered(core);
}

IoCore::Entry& IoCore::make(const std::string& name, std::shared_ptr<NamespaceCore> parent) {
  Entry& entry = namespaces_[name];
  entry.core = std::make_shared<NamespaceCore>(name, *this, loops_);
  if (parent) {
    ++children_;
    inherit(*entry.core, parent->handlers().snapshot());
    parent->add_child(entry.core);
    entry.parent = std::move(parent);
  }
  return entry;
}

// One that the program makes by name belongs to the parent whose pattern it fits, as in the reference.
std::shared_ptr<NamespaceCore> IoCore::parent_of(std::string_view name) const {
  for (const Parent& parent : *parents_) {
    if (parent.pattern && parent.pattern->matches(name)) return parent.core;
  }
  return nullptr;
}

void IoCore::announce(const std::shared_ptr<NamespaceCore>& core) {
  std::unique_lock lock(mutex_);
  // The main namespace is always there: nobody is told of it, as in the reference.
  const auto listeners = core->name() == "/" ? decltype(on_new_)() : on_new_;
  lock.unlock();
  Namespace handle(core);
  for (const auto& listener : listeners)
    guard_user_code("socketio", "on_new_namespace", [&] { listener->call(handle); });
  lock.lock();
  Entry& entry = namespaces_.find(core->name())->second;
  entry.is_announced = true;
  const std::vector<Entered> waiting = std::exchange(entry.waiting, {});
  lock.unlock();
  for (const Entered& entered : waiting)
    entered(core);
}

void IoCore::leave(const std::shared_ptr<NamespaceCore>& core) {
  std::unique_lock lock(mutex_);
  auto found = namespaces_.find(core->name());
  if (found == namespaces_.end() || found->second.core != core || --found->second.guests > 0) return;
  if (found->second.parent && !found->second.handle && options_->cleanup_empty_child_namespaces) {
    take_away(found, lock);
  }
}

void IoCore::take_away(Table::iterator at, std::unique_lock<std::mutex>& lock) {
  --children_;
  const Entry gone = std::move(at->second);
  namespaces_.erase(at);
  lock.unlock();
  gone.parent->remove_child(gone.core);
  gone.core->abandon();
}

}  // namespace naru::app
