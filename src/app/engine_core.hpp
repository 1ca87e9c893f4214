// What stands behind naru::Engine and naru::EngineSocket.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "hub/loop_group.hpp"
#include "naru/engine.hpp"
#include "serve/application.hpp"
#include "serve/engine_session.hpp"

namespace naru::app {

struct EngineRecord {
  EngineRecord(std::string sid, Handshake shake, std::shared_ptr<const hub::LoopGroup> group,
               hub::LoopIndex loop)
      : id(std::move(sid)), handshake(std::move(shake)), loops(std::move(group)), home(loop) {}
  const std::string id;
  const Handshake handshake;
  const std::shared_ptr<const hub::LoopGroup> loops;
  const hub::LoopIndex home;
  // The session has gone. On its loop.
  void end() {
    is_open = false;
    session = nullptr;
  }
  std::atomic<bool> is_open{true};
  serve::EngineSession* session = nullptr;  // home loop only; null once gone
};

class EngineCore {
 public:
  explicit EngineCore(std::shared_ptr<const hub::LoopGroup> loops) : loops_(std::move(loops)) {}

  std::unique_ptr<serve::EngineClient> open(serve::EngineSession& session, serve::SharedHandshake request);

  // Set before the server runs.
  Function<void(EngineSocket&)> on_connection;
  Function<void(EngineSocket&, Message)> on_message;
  Function<void(EngineSocket&, std::string_view)> on_close;
  Function<void(EngineSocket&)> on_drain;

 private:
  std::shared_ptr<const hub::LoopGroup> loops_;
};

}  // namespace naru::app
