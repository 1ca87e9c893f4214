// A WebSocket that carries an Engine.IO session, or wants to (a candidate for an upgrade).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engineio/outlets.hpp"
#include "net/timer_wheel.hpp"
#include "serve/application.hpp"
#include "serve/resident.hpp"
#include "ws/session.hpp"

namespace naru::serve {

class EngineSession;
class LoopServer;

class EngineWebSocket final : public Resident, public engineio::WebSocketOutlet, private ws::SessionEvents {
 public:
  // `address`: counted in the census, given back at the end. `deflate`: what the handshake has agreed on.
  EngineWebSocket(LoopServer& server, std::unique_ptr<base::ByteStream> stream,
                  const EngineSettings& settings, std::string address,
                  const std::optional<ws::DeflateParameters>& deflate);
  ~EngineWebSocket() override;

  void bind(EngineSession& session) noexcept { session_ = &session; }

  base::WriteStatus write(const engineio::Packet& packet) override {
    if (packet.lead > 0) [[likely]]
      return websocket_.send_encoded(packet.frame, packet.compress);
    return websocket_.send(packet.binary ? ws::Opcode::binary : ws::Opcode::text, packet.body(),
                           packet.compress);
  }
  void close() override;
  void close_slow_reader() override;
  std::size_t buffered() const override { return websocket_.buffered(); }
  void pause_reading() override { websocket_.pause_reading(); }
  void resume_reading() override { websocket_.resume_reading(); }

  void say_goodbye() override;
  void cut() override;

 private:
  void on_message(std::string_view data, bool binary) override;
  void on_drain() override;
  void on_closed(std::uint16_t code, std::string_view reason, bool clean) override;
  void on_deadline_changed() override;
  void on_timer();

  LoopServer& server_;
  const EngineSettings& settings_;
  EngineSession* session_ = nullptr;  // null once the session has let go of it
  ws::Session websocket_;
  std::string address_;
  net::MemberTimer<EngineWebSocket, &EngineWebSocket::on_timer> timer_{*this};
};

}  // namespace naru::serve
