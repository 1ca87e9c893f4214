// What bare WebSockets ask of the room above and tell it. A part of Application.
//
// Settings live as long as the application. Everything is called on the loop that has the connection.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "http/fields.hpp"
#include "naru/completion.hpp"
#include "naru/options.hpp"
#include "naru/verdict.hpp"
#include "serve/cors.hpp"
#include "serve/engine_hooks.hpp"
#include "serve/inbound_rate.hpp"
#include "ws/session.hpp"

namespace naru::serve {

class BareWebSocket;

// How a WebSocket ended; see ws::SessionEvents::on_closed.
struct WebSocketEnd {
  std::uint16_t code = 0;
  std::string_view reason{};
  bool is_failure = false;  // we have ended it, and the peer gave cause: `reason` is a sentence for logs
};

class WebSocketClient {
 public:
  virtual ~WebSocketClient() = default;
  // The first event: it is attached, and may send and close.
  virtual void on_open() {}
  virtual void on_message(std::string_view data, bool binary) = 0;
  virtual void on_ping(std::string_view) {}
  virtual void on_pong(std::string_view) {}
  virtual void on_drain() = 0;
  // One side has said goodbye: nothing is sent or heard any more.
  virtual void on_closing() {}
  // The last event.
  virtual void on_closed(const WebSocketEnd& end) = 0;
};

class WebSocketHooks {
 public:
  // What there is anybody for; the door leaves out the rest.
  struct Wanted {
    bool gate = false;
    bool subprotocol = false;
    bool headers = false;
  };
  using Scope = std::shared_ptr<CancelScope>;  // cancelled when nobody waits for the verdict any more

  virtual ~WebSocketHooks() = default;
  const Wanted& wanted() const noexcept { return wanted_; }

  // May answer at once, later, from any thread, or never: a dropped Decision refuses.
  virtual void decide(const SharedHandshake& request, const Scope& scope, Decision decide) = 0;
  // One of those that the client offers; empty: none.
  virtual std::string choose_subprotocol(const SharedHandshake& request,
                                         const std::vector<std::string>& offered) = 0;
  // Into the 101.
  virtual void write_headers(const SharedHandshake& request, http::FieldList& fields) = 0;
  virtual std::unique_ptr<WebSocketClient> open(BareWebSocket& websocket, SharedHandshake request,
                                                std::string subprotocol) = 0;

 protected:
  Wanted wanted_;
};

struct WebSocketSettings {
  ws::SessionOptions session{};
  base::Duration ping_interval{};
  base::Duration idle_timeout{};  // 0: never
  std::vector<std::string> subprotocols = {};
  Origins origins{};
  std::size_t max_queued = 0;  // as engineio::SessionOptions has them
  WhenFull when_full = WhenFull::close;
  base::Duration slow_grace{};
  InboundLimits inbound{};
  WebSocketHooks* hooks = nullptr;  // never null once it is a door
};

}  // namespace naru::serve
