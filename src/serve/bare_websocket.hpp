// One bare WebSocket on its loop: the session with its heartbeat, its limits, and whoever speaks through it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "naru/verdict.hpp"
#include "net/timer_wheel.hpp"
#include "serve/admission.hpp"
#include "serve/resident.hpp"
#include "serve/websocket_application.hpp"
#include "ws/session.hpp"

namespace naru::serve {

class LoopServer;

class BareWebSocket final : public Resident, private ws::SessionEvents {
 public:
  // `settings` and the server outlive it.
  BareWebSocket(LoopServer& server, std::unique_ptr<base::ByteStream> stream,
                const WebSocketSettings& settings, std::string address,
                const std::optional<ws::DeflateParameters>& deflate);
  ~BareWebSocket() override;

  // What a gate has said of it beyond yes.
  void admit(const Verdict& verdict);
  // Events begin.
  void attach(std::unique_ptr<WebSocketClient> client);
  LoopServer& server() noexcept { return server_; }

  // The whole frame, encoded already. `closed`: nobody gets it, for that or because max_queued is reached.
  base::WriteStatus send(const base::Frame& frame, bool compress) {
    if (websocket_.is_backlogged()) [[unlikely]]
      return send_behind(frame, compress);
    return websocket_.send_encoded(frame, compress);
  }
  base::WriteStatus ping(std::string_view payload);
  // on_drain soon, for a send that said `buffered` before it was here.
  void tell_drain_soon();
  void close(std::uint16_t code, std::string_view reason) { websocket_.close(code, reason); }
  std::size_t buffered() const { return websocket_.buffered(); }
  ws::SessionState state() const noexcept { return websocket_.state(); }
  // Reads no more until resume(); no time-out that waits for the peer runs.
  void pause();
  void resume();

  void say_goodbye() override;
  // on_closed comes during the call.
  void cut() override;

 private:
  void on_message(std::string_view data, bool binary) override;
  void on_ping(std::string_view payload) override;
  void on_pong(std::string_view payload) override;
  void on_drain() override;
  void on_closed(std::uint16_t code, std::string_view reason, bool clean) override;
  void on_deadline_changed() override;
  void on_timer();
  void beat(base::TimePoint now);
  bool reads() const noexcept { return !is_paused_ && read_again_at_ == base::kNever; }
  void read_on();
  void hear();
  base::TimePoint idle_at() const noexcept;
  void end_idle();
  void pay_for(std::size_t bytes);
  [[gnu::cold]] base::WriteStatus send_behind(const base::Frame& frame, bool compress);
  bool refuses();
  void end_slow_reader();
  void end(const WebSocketEnd& end);
  void end_client(const WebSocketEnd& end);

  LoopServer& server_;
  const WebSocketSettings& settings_;
  ws::Session websocket_;
  std::unique_ptr<WebSocketClient> client_;
  std::string address_;
  base::TimePoint next_beat_ = base::kNever;      // when to ping, or when the pong is overdue
  base::TimePoint heard_at_ = base::kNever;       // the last message or ping; with an idle time-out
  std::unique_ptr<InboundRate> inbound_;          // null: no limit
  base::TimePoint read_again_at_ = base::kNever;  // while the rate pauses
  std::unique_ptr<Admission> admission_;          // null: nobody in particular, for ever
  bool is_paused_ = false;                        // by its client
  bool awaits_pong_ = false;
  bool is_overflowing_ = false;  // a message was refused, and not all has left since
  bool is_too_slow_ = false;     // that is why it ends, soon
  bool owes_drain_ = false;      // to whoever sent from another thread
  bool has_told_closing_ = false;
  net::MemberTimer<BareWebSocket, &BareWebSocket::on_timer> timer_{*this};
};

}  // namespace naru::serve
