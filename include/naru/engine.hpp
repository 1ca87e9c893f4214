// Engine.IO v4 by itself: messages over polling and WebSocket with heartbeat and upgrade, and nothing on top.
// Socket.IO users do not need it.
//
//   auto& engine = server.engine({.path = "/engine.io/"});
//   engine.on_message([](naru::EngineSocket& socket, naru::Message m) { socket.send(m); });
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "naru/function.hpp"
#include "naru/handshake.hpp"
#include "naru/options.hpp"
#include "naru/websocket.hpp"

namespace naru {
namespace app {
struct EngineRecord;
class EngineCore;
}  // namespace app
inline namespace v0 {

// A handle, as Socket is. Send and close from any thread.
class EngineSocket {
 public:
  explicit EngineSocket(std::shared_ptr<app::EngineRecord> record) : record_(std::move(record)) {}
  const std::string& id() const;
  const Handshake& handshake() const;
  bool open() const;
  std::string_view transport() const;  // "polling" or "websocket"; on its own loop only
  SendStatus send(Message message);
  SendStatus send(std::string_view text) { return send(Message{text, false}); }
  void close();
  // Bytes that wait for this client; on its own loop only.
  std::size_t buffered() const;
  friend bool operator==(const EngineSocket& a, const EngineSocket& b) { return a.record_ == b.record_; }

 private:
  std::shared_ptr<app::EngineRecord> record_;
};

class Engine {
 public:
  explicit Engine(std::shared_ptr<app::EngineCore> core);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();
  // Register before Server::run().
  void on_connection(Function<void(EngineSocket&)> handler);
  void on_message(Function<void(EngineSocket&, Message)> handler);
  void on_close(Function<void(EngineSocket&, std::string_view reason)> handler);
  // Everything has left that sends called `buffered`.
  void on_drain(Function<void(EngineSocket&)> handler);

 private:
  std::shared_ptr<app::EngineCore> core_;
};

}  // namespace v0
}  // namespace naru
