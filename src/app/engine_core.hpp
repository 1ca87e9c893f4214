// What stands behind naru::Engine and naru::EngineSocket.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hub/loop_group.hpp"
#include "naru/engine.hpp"
#include "serve/application.hpp"
#include "serve/engine_session.hpp"

namespace naru::app {

struct EngineRecord {
  EngineRecord(std::string sid, Handshake shake, std::shared_ptr<const hub::LoopGroup> group,
               hub::LoopIndex loop)
      : id(std::move(sid)), handshake(std::move(shake)), loops(std::move(group)), home(loop) {}
  // Of a session that is open, on its loop.
  static std::shared_ptr<EngineRecord> of(serve::EngineSession& session,
                                          const serve::SharedHandshake& request,
                                          std::shared_ptr<const hub::LoopGroup> loops);
  // The session has gone. On its loop.
  void end() {
    is_open = false;
    session = nullptr;
  }

  const std::string id;
  const Handshake handshake;
  const std::shared_ptr<const hub::LoopGroup> loops;
  const hub::LoopIndex home;
  std::string identity;  // never changes once users have the handle
  std::atomic<bool> is_open{true};
  std::atomic<bool> close_asked{false};  // by other threads: close(), and close(true)
  std::atomic<bool> discard_asked{false};
  serve::EngineSession* session = nullptr;  // home loop only; null once gone
};

// What users have registered. Gates of every form stand here as one that takes a Decision.
struct EngineHandlers {
  template <class... Arguments>
  using List = std::vector<Function<void(Arguments...)>>;
  using Scope = serve::EngineHooks::Scope;

  Function<void(const Handshake&, const Scope&, Decision)> gate;
  std::vector<Function<void(EngineRequest&, const Scope&, Decision)>> middleware;
  Function<void(const Handshake&, const Scope&, IdAnswer)> id_generator;
  List<ResponseHeaders&, const EngineRequest&> initial_headers;
  List<ResponseHeaders&, const EngineRequest&> headers;
  List<const ConnectionError&, const EngineRequest&> connection_error;

  List<EngineSocket&> connection;
  List<EngineSocket&, Message> message;
  List<EngineSocket&> drain;
  List<EngineSocket&> upgrading;
  List<EngineSocket&> upgrade;
  List<EngineSocket&> heartbeat;
  List<EngineSocket&, const EnginePacket&> packet;
  List<EngineSocket&, const EnginePacket&> packet_create;
  List<EngineSocket&, std::string_view> close;

  // Whether anybody looks at sessions at all.
  bool observe_sessions() const noexcept {
    return !(connection.empty() && message.empty() && drain.empty() && upgrading.empty() && upgrade.empty() &&
             heartbeat.empty() && packet.empty() && packet_create.empty() && close.empty());
  }
};

class EngineCore final : public serve::EngineHooks {
 public:
  explicit EngineCore(std::shared_ptr<const hub::LoopGroup> loops) : loops_(std::move(loops)) {}

  // Once, before the server runs: the door that it stands behind.
  void set_door(const serve::EngineSettings& settings) noexcept { settings_ = &settings; }
  EngineHandlers& handlers() noexcept { return handlers_; }
  // After a change of the handlers.
  void note_wanted() noexcept;

  // Who speaks through a new session. With `inner` (Socket.IO's client) that, watched by the handlers if
  // there are any; without it the handlers alone.
  std::unique_ptr<serve::EngineClient> open(std::shared_ptr<EngineRecord> record,
                                            std::unique_ptr<serve::EngineClient> inner);
  const std::shared_ptr<const hub::LoopGroup>& loops() const noexcept { return loops_; }

  std::size_t clients_count() const noexcept { return settings_->state->sessions; }
  void close();

  void pass(const serve::SharedEngineRequest& request, const Scope& scope, Decision decide) override;
  void decide(const serve::SharedHandshake& request, const Scope& scope, Decision decide) override;
  void make_id(const serve::SharedHandshake& request, const Scope& scope, IdAnswer answer) override;
  void write_headers(const serve::SharedEngineRequest& request) override;
  void tell_failure(const serve::SharedEngineRequest& request, const serve::EngineFailure& failure) override;

 private:
  const std::shared_ptr<const hub::LoopGroup> loops_;
  const serve::EngineSettings* settings_ = nullptr;
  EngineHandlers handlers_;  // set before the server runs
};

}  // namespace naru::app
