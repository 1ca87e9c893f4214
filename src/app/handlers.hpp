// Who is called for what in one namespace, or for one socket: an immutable table, replaced as a whole.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text_map.hpp"
#include "hub/loop_group.hpp"
#include "naru/handler.hpp"
#include "naru/handler_error.hpp"
#include "naru/handler_id.hpp"
#include "naru/namespace.hpp"
#include "naru/socket.hpp"
#include "naru/verdict.hpp"

namespace naru::app {

struct SocketRecord;

// One that was registered, as the tables share it.
template <class T>
class Registered {
 public:
  explicit Registered(T handler, bool once = false) : call(std::move(handler)), once_(once) {}

  // Whether it may be called now; for one that is to be called once, only the first asker may.
  bool claim() const noexcept { return !once_ || !claimed_.exchange(true, std::memory_order_relaxed); }
  bool is_once() const noexcept { return once_; }

  const HandlerId id = HandlerId::next();
  const T call;

 private:
  const bool once_;
  mutable std::atomic<bool> claimed_{false};
};
template <class T>
using SharedList = std::vector<std::shared_ptr<const Registered<T>>>;

using SharedHandler = std::shared_ptr<const Registered<EventHandler>>;
using AnyHandler = Socket::AnyHandler;
using ReasonHandler = Socket::ReasonHandler;
using DrainHandler = Function<void(Socket&)>;
using ErrorHandler = Function<void(Socket&, const HandlerError&)>;
using Gate = Function<void(Socket&, Decision)>;

// What Socket::use() was given: one that answers at once, or one that may answer later.
struct EventGate {
  Function<Verdict(Socket&, std::string_view, const ArgsView&)> now = {};
  Function<void(Socket&, std::string_view, const ArgsView&, Decision)> later = {};
};

struct HandlerTable {
  base::TextMap<SharedList<EventHandler>> events;
  SharedList<EventHandler> connection;
  SharedList<AnyHandler> any;
  SharedList<AnyHandler> any_outgoing;
  SharedList<ReasonHandler> disconnecting;
  SharedList<ReasonHandler> disconnect;
  SharedList<DrainHandler> drain;
  SharedList<ErrorHandler> error;
  SharedList<Gate> gates;             // of namespaces only
  SharedList<EventGate> event_gates;  // of sockets only
  // Held as long as there is one in any_outgoing: see NamespaceCore::is_watched().
  std::shared_ptr<const char> watch;

  const SharedList<EventHandler>* find(std::string_view event) const {
    auto found = events.find(event);
    return found == events.end() ? nullptr : &found->second;
  }
  // False when it is not here.
  bool remove(HandlerId id);
  void remove_event(std::string_view event);
};

// The current table, for the loops that read it all the time and for anybody who changes it now and then.
class Handlers {
 public:
  explicit Handlers(std::size_t loops) : seen_(loops) {}

  // On a loop: costs one load while nothing has changed. Keep the pointer while handlers run.
  std::shared_ptr<const HandlerTable> on_loop(hub::LoopIndex loop) {
    Seen& seen = seen_[loop];
    if (seen.version != version_.load(std::memory_order_acquire)) refresh(seen);
    return seen.table;
  }

  // The current one, to begin another with: it is shared until either changes.
  std::shared_ptr<const HandlerTable> snapshot() {
    std::lock_guard lock(mutex_);
    return current_;
  }
  // REQUIRES: nobody uses *this yet.
  void begin_with(std::shared_ptr<const HandlerTable> table) { current_ = std::move(table); }

  // From any thread: `change(HandlerTable&)` on a copy that then becomes the current one.
  template <class Change>
  void change(Change&& change) {
    std::shared_ptr<const HandlerTable> before;  // closures go after the lock: they may come here again
    std::lock_guard lock(mutex_);
    auto next = std::make_shared<HandlerTable>(*current_);
    change(*next);
    before = std::exchange(current_, std::move(next));
    version_.fetch_add(1, std::memory_order_release);
  }

  // When no loop runs any more: what handlers keep may keep the namespace, and so the handlers.
  void clear() {
    std::vector<Seen> seen(seen_.size());
    auto none = std::make_shared<const HandlerTable>();
    std::unique_lock lock(mutex_);
    seen_.swap(seen);
    current_.swap(none);
    lock.unlock();  // closures go after this
  }

 private:
  struct alignas(64) Seen {
    std::uint64_t version = 0;
    std::shared_ptr<const HandlerTable> table;
  };
  [[gnu::cold]] void refresh(Seen& seen) {
    std::shared_ptr<const HandlerTable> before;
    std::lock_guard lock(mutex_);
    before = std::exchange(seen.table, current_);
    seen.version = version_.load(std::memory_order_relaxed);
  }

  std::mutex mutex_;
  std::shared_ptr<const HandlerTable> current_ = std::make_shared<HandlerTable>();
  std::atomic<std::uint64_t> version_{1};
  std::vector<Seen> seen_;  // by loop; each is touched by its loop only
};

}  // namespace naru::app
