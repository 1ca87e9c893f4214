// An Engine.IO session on its loop: the protocol's machine, its timer, and the client that speaks through it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engineio/session.hpp"
#include "net/timer_wheel.hpp"
#include "serve/application.hpp"

namespace naru::serve {

class LoopServer;
class PostBody;

class EngineSession final : private engineio::SessionEvents {
 public:
  EngineSession(LoopServer& server, const EngineSettings& settings, std::string sid, bool wants_base64);
  ~EngineSession() override;

  const std::string& sid() const noexcept { return session_.sid(); }
  engineio::Session& machine() noexcept { return session_; }
  LoopServer& server() noexcept { return server_; }
  const EngineSettings& settings() const noexcept { return settings_; }
  base::TimePoint now() const;

  // Once, right after the handshake was answered. Without it the session ends.
  void attach(std::unique_ptr<EngineClient> client);

  // Hot: straight to the machine. What a slow reader leaves lying is bounded: see EngineSettings::max_queued.
  engineio::SendResult send(const engineio::Packet& packet) {
    const engineio::SendResult result = session_.send(packet);
    if (result == engineio::SendResult::buffered) [[unlikely]]
      note_backlog();
    return result;
  }
  // After everything queued has left.
  void close(engineio::CloseReason reason = engineio::CloseReason::forced_close);

  // The client cannot take more now: nothing is read, POSTs wait for their answer.
  void pause() { session_.pause(); }
  void resume();
  // A POST whose answer waits for resume(); null: none any more.
  void hold_post(PostBody* post) noexcept { held_post_ = post; }

  void say_goodbye();
  void cut();

 private:
  void on_message(std::string_view data, bool binary) override;
  void on_drain() override;
  void on_closed(engineio::CloseReason reason, std::string_view description) override;
  void on_deadline_changed() override;
  void on_timer();
  [[gnu::cold]] void note_backlog();
  void answer_held_post();

  LoopServer& server_;
  const EngineSettings& settings_;
  engineio::Session session_;
  std::unique_ptr<EngineClient> client_;
  PostBody* held_post_ = nullptr;
  net::MemberTimer<EngineSession, &EngineSession::on_timer> timer_{*this};
  bool is_cutting_ = false;
};

}  // namespace naru::serve
