// Engine.IO v4: messages over polling and WebSocket with heartbeat and upgrade. By itself, or below Socket.IO
// (io.engine()), where its hooks and events are for those who need to see the connections themselves.
//
//   auto& engine = server.engine({.path = "/engine.io/"});
//   engine.allow_request([](const naru::Handshake& handshake) -> naru::Verdict {
//     return known(handshake.cookie("session")) ? naru::allow : naru::refuse("who is it?");
//   });
//   engine.on_message([](naru::EngineSocket& socket, naru::Message m) { socket.send(m); });
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "naru/engine_request.hpp"
#include "naru/function.hpp"
#include "naru/handshake.hpp"
#include "naru/options.hpp"
#include "naru/result.hpp"
#include "naru/task.hpp"
#include "naru/verdict.hpp"
#include "naru/websocket.hpp"

namespace naru {
namespace app {
struct EngineRecord;
class EngineCore;
}  // namespace app
inline namespace v0 {

// A packet as it came, or as it is about to leave. Views live during the call.
struct EnginePacket {
  std::string_view type = {};  // "open", "close", "ping", "pong", "message", "upgrade", "noop"
  std::string_view data = {};
  bool binary = false;
};

// A handle, as Socket is. From any thread: send, close, id, handshake, identity, remote_address, open. On its
// own loop only: the rest, which describes a closed session once it has ended.
class EngineSocket {
 public:
  explicit EngineSocket(std::shared_ptr<app::EngineRecord> record) : record_(std::move(record)) {}
  const std::string& id() const;
  const Handshake& handshake() const;
  const std::string& identity() const;      // what allow_request has said: Verdict::as()
  std::string_view remote_address() const;  // of the client; behind a trusted proxy the one that it names
  int protocol() const { return 4; }
  bool open() const;
  std::string_view transport() const;  // "polling" or "websocket"; empty once closed
  bool upgrading() const;              // a WebSocket has been tried by the client and is about to take over
  bool upgraded() const;               // from polling to a WebSocket
  // The POST that carries the message that is being handled; nothing on a WebSocket and outside of
  // on_message.
  std::optional<EngineRequest> request() const;

  SendStatus send(Message message);
  SendStatus send(std::string_view text) { return send(Message{text, false}); }
  // After what was sent has left; `discard` ends it at once.
  void close(bool discard = false);
  // Bytes that wait for this client.
  std::size_t buffered() const;
  friend bool operator==(const EngineSocket& a, const EngineSocket& b) { return a.record_ == b.record_; }

 private:
  std::shared_ptr<app::EngineRecord> record_;
};

// What names a client later: an id, or why there is none. Any thread; dropped unanswered there is none.
using IdAnswer = Function<void(Result<std::string>)>;

// Everything but clients_count() and close() is set up before Server::run(). Handlers run on the loop that
// has the request or the session; what they throw is logged. Several of one kind run in order.
class Engine {
 public:
  explicit Engine(std::shared_ptr<app::EngineCore> core);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  // --- requests ---

  // Decides whether a client may have a session: asked once, for its handshake, after everything else was
  // found right. A refusal is answered 403 with code 4 and the sentence as message. Whom Verdict::as() names
  // is identity() of the connection and of its sockets; at Verdict::until() it is closed. One gate: a second
  // replaces it.
  void allow_request(Function<Verdict(const Handshake&)> gate);
  void allow_request(Function<Task<Verdict>(const Handshake&)> gate);
  void allow_request(Function<void(const Handshake&, Decision)> gate);

  // Runs before all checks for every HTTP request and upgrade to the path, in order; what comes behind it
  // waits for its verdict. A refusal is answered 400 with code 3; its sentence is for the log and for
  // on_connection_error.
  void use(Function<Verdict(EngineRequest&)> middleware);
  void use(Function<Task<Verdict>(EngineRequest&)> middleware);
  void use(Function<void(EngineRequest&, Decision)> middleware);

  // Names the sessions: 1 to kMaxSessionId visible ASCII characters that nobody can guess, since whoever
  // knows an id can speak for its client. Another text, an id that is in use, or an exception: the client is
  // answered 400 with code 3.
  static constexpr std::size_t kMaxSessionId = 128;
  void generate_id(Function<std::string(const Handshake&)> generator);
  void generate_id(Function<Task<std::string>(const Handshake&)> generator);
  void generate_id(Function<void(const Handshake&, IdAnswer)> generator);

  // The fields of an answer before it leaves: of handshakes; of all GETs, POSTs and upgrades that succeed.
  void on_initial_headers(Function<void(ResponseHeaders&, const EngineRequest&)> hook);
  void on_headers(Function<void(ResponseHeaders&, const EngineRequest&)> hook);
  // A request was refused; the answer is on its way.
  void on_connection_error(Function<void(const ConnectionError&, const EngineRequest&)> handler);

  // --- sessions ---

  void on_connection(Function<void(EngineSocket&)> handler);
  void on_message(Function<void(EngineSocket&, Message)> handler);
  // Everything has left that was `buffered`.
  void on_drain(Function<void(EngineSocket&)> handler);
  void on_upgrading(Function<void(EngineSocket&)> handler);
  void on_upgrade(Function<void(EngineSocket&)> handler);
  void on_heartbeat(Function<void(EngineSocket&)> handler);  // a pong came
  // Every packet, heartbeats too. Costs the short way of every message: for looking, not for living.
  void on_packet(Function<void(EngineSocket&, const EnginePacket&)> handler);
  void on_packet_create(Function<void(EngineSocket&, const EnginePacket&)> handler);
  void on_close(Function<void(EngineSocket&, std::string_view reason)> handler);

  // Sessions now, on all loops. Any thread.
  std::size_t clients_count() const;
  // Closes every session after what was sent to it has left, and refuses new ones (503) from now on. Any
  // thread; soon.
  void close();

 private:
  std::shared_ptr<app::EngineCore> core_;
};

}  // namespace v0
}  // namespace naru
