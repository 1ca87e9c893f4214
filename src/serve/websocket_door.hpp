// Bare WebSockets: the handshake, and one connection each.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/exchange.hpp"
#include "net/timer_wheel.hpp"
#include "serve/application.hpp"
#include "serve/resident.hpp"
#include "ws/session.hpp"

namespace naru::serve {

class HttpConnection;
class LoopServer;

void serve_websocket(HttpConnection& connection, http::Exchange& exchange, std::uint32_t number);

class BareWebSocket final : public Resident, private ws::SessionEvents {
 public:
  BareWebSocket(LoopServer& server, std::unique_ptr<base::ByteStream> stream,
                const WebSocketSettings& settings, std::string address,
                const std::optional<ws::DeflateParameters>& deflate);
  ~BareWebSocket() override;

  void attach(std::unique_ptr<WebSocketClient> client);
  LoopServer& server() noexcept { return server_; }

  // The whole frame, encoded already.
  base::WriteStatus send(const base::Frame& frame, bool compress);
  base::WriteStatus ping(std::string_view payload) { return websocket_.ping(payload); }
  void close(std::uint16_t code, std::string_view reason) { websocket_.close(code, reason); }
  std::size_t buffered() const { return websocket_.buffered(); }

  void say_goodbye() override;
  void cut() override;

 private:
  void on_message(std::string_view data, bool binary) override;
  void on_pong(std::string_view payload) override;
  void on_drain() override;
  void on_closed(std::uint16_t code, std::string_view reason, bool clean) override;
  void on_deadline_changed() override;
  void on_timer();
  void beat(base::TimePoint now);
  [[gnu::cold]] void note_backlog();

  LoopServer& server_;
  const WebSocketSettings& settings_;
  ws::Session websocket_;
  std::unique_ptr<WebSocketClient> client_;
  std::string address_;
  base::TimePoint next_beat_ = base::kNever;  // when to ping, or when the pong is overdue
  bool awaits_pong_ = false;
  bool is_cutting_ = false;
  net::MemberTimer<BareWebSocket, &BareWebSocket::on_timer> timer_{*this};
};

}  // namespace naru::serve
