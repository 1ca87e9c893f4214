// What stands behind naru::WebSocket: the record that handles keep, and what its loop has of the connection
// while it lives.
#pragma once

#include <any>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/agenda.hpp"
#include "app/topics.hpp"
#include "base/intrusive_list.hpp"
#include "hub/loop_group.hpp"
#include "naru/websocket.hpp"
#include "serve/bare_websocket.hpp"
#include "serve/websocket_application.hpp"

namespace naru::app {

class WebSocketConnection;
class WebSocketRoute;

struct WebSocketRecord {
  WebSocketRecord(const serve::SharedHandshake& client, std::string chosen, std::shared_ptr<Topics> all)
      : handshake(client),
        request(*client),
        subprotocol(std::move(chosen)),
        topics(std::move(all)),
        number(topics->next_number()),
        home(hub::LoopGroup::current_loop()) {}
  const Handshake handshake;
  const serve::HandshakeRequest& request;  // the handshake's
  const std::string subprotocol;
  const std::shared_ptr<Topics> topics;
  const std::uint64_t number;
  const hub::LoopIndex home;
  std::atomic<WebSocketState> state{WebSocketState::open};
  std::atomic<bool> close_asked{false};  // by another thread
  std::atomic<bool> cut_asked{false};
  WebSocketConnection* connection = nullptr;  // home loop only; null once gone
  std::any data;                              // home loop only
};

// One open connection; its loop's.
class WebSocketConnection final : public serve::WebSocketClient, public base::ListHook<WebSocketConnection> {
 public:
  WebSocketConnection(WebSocketRoute& route, serve::BareWebSocket& websocket,
                      std::shared_ptr<WebSocketRecord> record);

  serve::BareWebSocket& websocket() noexcept { return websocket_; }
  const WebSocket& handle() const noexcept { return handle_; }

  Agenda::Id schedule(std::chrono::milliseconds delay, base::Duration interval, WebSocket::Work work);
  bool cancel(Agenda::Id id) { return agenda_ != nullptr && agenda_->cancel(id); }

  bool subscribe(std::string topic);
  bool unsubscribe(std::string topic);
  std::vector<std::string> topics() const;  // in no order
  bool is_subscribed(std::string_view topic) const;

  void on_open() override;
  void on_message(std::string_view data, bool binary) override;
  void on_ping(std::string_view payload) override;
  void on_pong(std::string_view payload) override;
  void on_drain() override;
  void on_closing() override;
  void on_closed(const serve::WebSocketEnd& end) override;

 private:
  template <class Handler, class... Arguments>
  void call(const Handler& handler, Arguments&&... arguments);

  WebSocketRoute& route_;
  const WebSocketOptions& options_;
  serve::BareWebSocket& websocket_;
  std::shared_ptr<WebSocketRecord> record_;
  WebSocket handle_;
  std::unique_ptr<Agenda> agenda_;          // null: it never had a timer
  std::shared_ptr<Subscriber> subscriber_;  // null: it has never subscribed to anything
};

}  // namespace naru::app
