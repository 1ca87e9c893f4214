// What stands behind naru::WebSocket: the route's handlers, and one record for each connection.
#pragma once

#include <any>
#include <atomic>
#include <memory>
#include <string>

#include "hub/loop_group.hpp"
#include "naru/websocket.hpp"
#include "serve/application.hpp"
#include "serve/websocket_door.hpp"

namespace naru::app {

struct WebSocketRecord {
  WebSocketRecord(Handshake shake, std::shared_ptr<const hub::LoopGroup> group, hub::LoopIndex loop)
      : handshake(std::move(shake)), loops(std::move(group)), home(loop) {}
  const Handshake handshake;
  const std::shared_ptr<const hub::LoopGroup> loops;
  const hub::LoopIndex home;
  std::atomic<bool> is_open{true};
  std::atomic<bool> close_asked{false};       // by another thread
  serve::BareWebSocket* websocket = nullptr;  // home loop only; null once gone
  std::any data;                              // home loop only
};

// A route of Server::ws().
class WebSocketRoute {
 public:
  WebSocketRoute(WebSocketOptions options, const ServerOptions& server);
  const serve::WebSocketSettings& settings() const noexcept { return settings_; }
  std::optional<std::string> refuse(const serve::SharedHandshake& request);
  std::unique_ptr<serve::WebSocketClient> open(serve::BareWebSocket& websocket,
                                               serve::SharedHandshake request,
                                               std::shared_ptr<const hub::LoopGroup> loops);

 private:
  WebSocketOptions options_;
  serve::WebSocketSettings settings_;
};

}  // namespace naru::app
