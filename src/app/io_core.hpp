// The Socket.IO server: its options, its namespaces by name, the parents that make more, and who is who.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/handlers.hpp"
#include "app/identities.hpp"
#include "app/namespace_core.hpp"
#include "base/text_map.hpp"
#include "hub/loop_group.hpp"
#include "naru/namespace.hpp"
#include "naru/options.hpp"
#include "naru/pattern.hpp"

namespace naru::app {

// May this namespace be made, for a client that has given `auth`? On the client's loop; both live until the
// answer. The scope ends what waits when the client goes.
using NamespaceGate = Function<void(std::string_view name, const Value& auth,
                                    const std::shared_ptr<CancelScope>& scope, Decision)>;

class IoCore {
 public:
  struct Parent {
    std::optional<Pattern> pattern;  // else the gate
    std::shared_ptr<const NamespaceGate> gate;
    std::shared_ptr<NamespaceCore> core;
  };
  using Parents = std::vector<Parent>;
  // The namespace, or null: no more of them may be made.
  using Entered = Function<void(std::shared_ptr<NamespaceCore>)>;

  // `engine`: below it; lives as long.
  IoCore(IoOptions options, std::shared_ptr<const hub::LoopGroup> loops, Engine& engine);
  ~IoCore();
  IoCore(const IoCore&) = delete;
  IoCore& operator=(const IoCore&) = delete;

  // The public handle of the server that it is part of; set once, by that.
  void set_server(Server& server) noexcept { server_ = &server; }
  Server& server() const noexcept { return *server_; }
  const IoOptions& options() const noexcept { return *options_; }
  const std::shared_ptr<const IoOptions>& shared_options() const noexcept { return options_; }
  const std::shared_ptr<const hub::LoopGroup>& loops() const noexcept { return loops_; }
  Engine& engine() noexcept { return engine_; }
  Identities& identities() noexcept { return identities_; }

  // Any thread. The name with or without its leading slash; the handle lives as long as the server.
  Namespace& of(std::string name);
  Namespace& add_parent(std::optional<Pattern> pattern, NamespaceGate gate);
  void on_new_namespace(Function<void(Namespace&)> handler);
  std::vector<Namespace> all();
  // Nobody of this identity comes back past the gates.
  void forget_sessions(std::string_view identity);

  // A client wants in. Whoever enters leaves once: a child that nobody is in may be taken away. Null: there
  // is no such namespace, or those who are told of it (on_new_namespace) still are.
  std::shared_ptr<NamespaceCore> enter(std::string_view name);
  std::shared_ptr<const Parents> parents();
  // The child of that name, made when it is not there. `entered` is called at once or, while somebody else
  // makes it, later on that thread.
  void enter_child(const std::shared_ptr<NamespaceCore>& parent, const std::string& name, Entered entered);
  void leave(const std::shared_ptr<NamespaceCore>& core);

 private:
  struct Entry {
    std::shared_ptr<NamespaceCore> core = {};
    std::unique_ptr<Namespace> handle = {};  // when of() has returned it: it stays
    std::shared_ptr<NamespaceCore> parent = {};
    std::size_t guests = 0;  // of a child: those who have entered and not left
    bool is_announced = false;
    std::vector<Entered> waiting = {};  // for the announcement
  };
  using Table = base::TextMap<Entry>;

  // REQUIRES: the mutex is held.
  Entry& make(const std::string& name, std::shared_ptr<NamespaceCore> parent);
  std::shared_ptr<NamespaceCore> parent_of(std::string_view name) const;
  // Tells those who want to know, then lets in who waits. The mutex must not be held.
  void announce(const std::shared_ptr<NamespaceCore>& core);
  void take_away(Table::iterator at, std::unique_lock<std::mutex>& lock);

  const std::shared_ptr<const IoOptions> options_;
  const std::shared_ptr<const hub::LoopGroup> loops_;
  Engine& engine_;
  Server* server_ = nullptr;
  Identities identities_;
  std::mutex mutex_;
  Table namespaces_;
  std::size_t children_ = 0;
  std::shared_ptr<const Parents> parents_ = std::make_shared<Parents>();
  std::vector<std::unique_ptr<Namespace>> parent_handles_;
  SharedList<Function<void(Namespace&)>> on_new_;
};

}  // namespace naru::app
