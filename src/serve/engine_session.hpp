// An Engine.IO session on its loop: the protocol's machine, its timer, and the client that speaks through it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engineio/session.hpp"
#include "net/ledger.hpp"
#include "net/timer_wheel.hpp"
#include "serve/application.hpp"

namespace naru::serve {

class LoopServer;
class PostBody;

class EngineSession final : private engineio::SessionEvents {
 public:
  // `has_own_id`: not one of ours; the server's directory knows it, and forgets it with the session.
  EngineSession(LoopServer& server, const EngineSettings& settings, std::string sid, bool wants_base64,
                bool has_own_id = false);
  ~EngineSession() override;

  const std::string& sid() const noexcept { return session_.sid(); }
  engineio::Session& machine() noexcept { return session_; }
  LoopServer& server() noexcept { return server_; }
  const EngineSettings& settings() const noexcept { return settings_; }
  base::TimePoint now() const;

  bool has_own_id() const noexcept { return has_own_id_; }

  // Once, right after the handshake was answered. Without a client the session ends; at `expires` as well.
  void attach(std::unique_ptr<EngineClient> client,
              std::optional<std::chrono::system_clock::time_point> expires = {});

  // Hot: straight to the machine, which bounds what a slow reader leaves lying.
  engineio::SendResult send(const engineio::Packet& packet) {
    const engineio::SendResult result = session_.send(packet);
    if (result == engineio::SendResult::buffered) [[unlikely]]
      account_memory();
    return result;
  }
  // Tells the ledger what waits for a GET, or of a POST; when that may have changed.
  void account_memory() noexcept;
  // Ends it as one whose peer does not read, though WhenFull::drop keeps such: what was dropped must not be
  // missing. Not during a fan-out.
  void end_slow_reader();
  // on_drain at the end of this turn, or when what waits has left.
  void tell_drain_soon();
  // After everything queued has left.
  void close(engineio::CloseReason reason = engineio::CloseReason::forced_close);

  // The client cannot take more now: nothing is read, POSTs wait for their answer.
  void pause() { pause(kPausedByClient); }
  void resume() { resume(kPausedByClient); }
  // A POST whose answer waits for resume(); null: none any more.
  void hold_post(PostBody* post) noexcept { held_post_ = post; }
  // The POST whose messages are being handled; null: none, or they come by WebSocket.
  void set_post(PostBody* post) noexcept { current_post_ = post; }
  const PostBody* post() const noexcept { return current_post_ != nullptr ? current_post_ : held_post_; }

  // The client is told that this is the server's end of it, and closed after everything queued has left.
  void shut_down();
  // The same when the port closes too.
  void say_goodbye();
  void cut();

 private:
  void on_message(std::string_view data, bool binary) override;
  void on_drain() override;
  void on_overflow() override;
  void on_upgrading() override;
  void on_transport(engineio::Transport now) override;
  void on_heartbeat() override;
  void on_packet(const engineio::PacketView& packet) override;
  void on_packet_create(const engineio::Packet& packet) override;
  void on_closed(engineio::CloseReason reason, std::string_view description) override;
  void on_deadline_changed() override;
  void on_timer();
  void end_client(std::string_view reason, std::string_view description);
  void pause(std::uint8_t reason);
  void resume(std::uint8_t reason);
  void read_on();
  void pay_for(std::size_t bytes);
  void answer_held_post();
  void wait_for_expiry(std::chrono::system_clock::time_point expires);
  template <class Work>
  void at_end_of_turn(Work work);

  // Who wants the connection not to be read; it is when nobody does.
  static constexpr std::uint8_t kPausedByClient = 1;
  static constexpr std::uint8_t kPausedByRate = 2;

  LoopServer& server_;
  const EngineSettings& settings_;
  engineio::Session session_;
  std::unique_ptr<EngineClient> client_;
  PostBody* held_post_ = nullptr;
  PostBody* current_post_ = nullptr;
  std::unique_ptr<InboundRate> inbound_;          // null: no limit
  base::TimePoint read_again_at_ = base::kNever;  // while the rate pauses
  net::MemberTimer<EngineSession, &EngineSession::on_timer> timer_{*this};
  std::unique_ptr<net::FunctionTimer> expiry_;
  net::Holding memory_;
  std::uint8_t paused_by_ = 0;
  bool owes_drain_ = false;  // to whoever sent from another thread
  const bool has_own_id_;
};

}  // namespace naru::serve
