// An address of Server::ws(): its options, its gate, and the connections that it has on each loop.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "app/topics.hpp"
#include "app/websocket_connection.hpp"
#include "base/intrusive_list.hpp"
#include "naru/options.hpp"
#include "naru/websocket.hpp"
#include "serve/websocket_application.hpp"

namespace naru::app {

class WebSocketRoute final : public serve::WebSocketHooks {
 public:
  WebSocketRoute(WebSocketOptions options, const ServerOptions& server, std::shared_ptr<Topics> topics);

  const serve::WebSocketSettings& settings() const noexcept { return settings_; }
  const WebSocketOptions& options() const noexcept { return options_; }
  WebSockets& handle() noexcept { return handle_; }

  // A connection of this loop is there, or has gone.
  void add(WebSocketConnection& connection);
  void remove(WebSocketConnection& connection);

  // Any thread.
  std::size_t count() const noexcept { return count_.load(std::memory_order_relaxed); }
  void send(const Message& message);
  void each(Function<void(WebSocket&)> visit);

  void decide(const serve::SharedHandshake& request, const Scope& scope, Decision decide) override;
  std::string choose_subprotocol(const serve::SharedHandshake& request,
                                 const std::vector<std::string>& offered) override;
  void write_headers(const serve::SharedHandshake& request, http::FieldList& fields) override;
  std::unique_ptr<serve::WebSocketClient> open(serve::BareWebSocket& websocket,
                                               serve::SharedHandshake request,
                                               std::string subprotocol) override;

 private:
  using Connections = base::IntrusiveList<WebSocketConnection, WebSocketConnection>;
  Connections& here();
  // Runs `work()` on each loop: here at once, there by post.
  template <class Work>
  void on_each_loop(std::size_t bytes, net::PostKind kind, Work work);

  const WebSocketOptions options_;
  const std::shared_ptr<Topics> topics_;
  serve::WebSocketSettings settings_;
  std::vector<Connections> connections_;  // by loop; each is touched by its loop only
  std::atomic<std::size_t> count_{0};
  WebSockets handle_{*this};
};

}  // namespace naru::app
