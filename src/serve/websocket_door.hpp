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

  // The whole frame, encoded already. `closed`: nobody gets it, for that or because max_queued is reached.
  base::WriteStatus send(const base::Frame& frame, bool compress) {
    if (is_backlogged_) [[unlikely]]
      return send_behind(frame, compress);
    return note(websocket_.send_encoded(frame, compress));
  }
  base::WriteStatus ping(std::string_view payload);
  // on_drain soon, for a send that said `buffered` before it was here.
  void tell_drain_soon();
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
  void pay_for(std::size_t bytes);
  base::WriteStatus note(base::WriteStatus status) noexcept {
    if (status == base::WriteStatus::buffered) is_backlogged_ = true;
    return status;
  }
  [[gnu::cold]] base::WriteStatus send_behind(const base::Frame& frame, bool compress);
  bool refuses();
  void end_slow_reader();
  void end_client(std::uint16_t code, std::string_view reason);

  LoopServer& server_;
  const WebSocketSettings& settings_;
  ws::Session websocket_;
  std::unique_ptr<WebSocketClient> client_;
  std::string address_;
  base::TimePoint next_beat_ = base::kNever;      // when to ping, or when the pong is overdue
  std::unique_ptr<InboundRate> inbound_;          // null: no limit
  base::TimePoint read_again_at_ = base::kNever;  // while the rate pauses
  bool awaits_pong_ = false;
  bool is_backlogged_ = false;   // what was written waits for the reader
  bool is_overflowing_ = false;  // a message was refused, and not all has left since
  bool is_too_slow_ = false;     // that is why it ends, soon
  bool owes_drain_ = false;      // to whoever sent from another thread
  net::MemberTimer<BareWebSocket, &BareWebSocket::on_timer> timer_{*this};
};

}  // namespace naru::serve
