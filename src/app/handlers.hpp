// Who is called for what in one namespace, or for one socket: an immutable table, replaced as a whole.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hub/loop_group.hpp"
#include "naru/handler.hpp"
#include "naru/namespace.hpp"
#include "naru/socket.hpp"
#include "naru/verdict.hpp"

namespace naru::app {

struct SocketRecord;

using SharedHandler = std::shared_ptr<const EventHandler>;
using AnyHandler = Function<void(Socket&, std::string_view, const ArgsView&)>;
using ReasonHandler = Function<void(Socket&, std::string_view)>;
using DrainHandler = Function<void(Socket&)>;
using Gate = Function<void(Socket&, Decision)>;
template <class T>
using SharedList = std::vector<std::shared_ptr<const T>>;

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
};

struct HandlerTable {
  std::unordered_map<std::string, std::vector<SharedHandler>, TextHash, std::equal_to<>> events;
  std::vector<SharedHandler> connection;
  SharedList<AnyHandler> any;
  SharedList<ReasonHandler> disconnecting;
  SharedList<ReasonHandler> disconnect;
  SharedList<DrainHandler> drain;
  SharedList<Function<void(Socket&, const HandlerError&)>> error;
  SharedList<Gate> gates;

  const std::vector<SharedHandler>* find(std::string_view event) const {
    auto found = events.find(event);
    return found == events.end() ? nullptr : &found->second;
  }
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

  // From any thread: `change(HandlerTable&)` on a copy that then becomes the current one.
  template <class Change>
  void change(Change&& change) {
    std::lock_guard lock(mutex_);
    auto next = std::make_shared<HandlerTable>(*current_);
    change(*next);
    current_ = std::move(next);
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
    std::lock_guard lock(mutex_);
    seen.table = current_;
    seen.version = version_.load(std::memory_order_relaxed);
  }

  std::mutex mutex_;
  std::shared_ptr<const HandlerTable> current_ = std::make_shared<HandlerTable>();
  std::atomic<std::uint64_t> version_{1};
  std::vector<Seen> seen_;  // by loop; each is touched by its loop only
};

}  // namespace naru::app
