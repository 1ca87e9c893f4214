// A bare WebSocket (RFC 6455): no events, rooms or recovery; what to say is your own affair.
//
//   server.ws("/rooms/:room", {
//       .on_open = [](naru::WebSocket& ws) { ws.subscribe(std::string(ws.handshake().param("room"))); },
//       .on_message = [](naru::WebSocket& ws, naru::Message m) { ws.publish(ws.topics().front(), m); },
//   });
//
// A WebSocket is a handle like Socket: cheap to copy, safe to keep, never keeps the connection. Handlers run
// on the connection's loop, in the order of what happened. From any thread: what stands first below. On the
// connection's loop only, that is in its handlers and timers: the second half; defer() leads there.
#pragma once

#include <any>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "naru/compression.hpp"
#include "naru/emission.hpp"
#include "naru/engine_request.hpp"
#include "naru/function.hpp"
#include "naru/gate.hpp"
#include "naru/handshake.hpp"
#include "naru/options.hpp"

namespace naru {
namespace app {
struct WebSocketRecord;
class WebSocketRoute;
}  // namespace app
inline namespace v0 {

// One message. The view is valid during the call only.
struct Message {
  std::string_view data{};
  bool binary = false;
  bool compress = true;  // when sent: where compression was agreed on and the message is large enough
};

// With the numbers of readyState. Nobody has a handle while it is connecting (0).
enum class WebSocketState : std::uint8_t {
  open = 1,
  closing = 2,  // one side has said goodbye: nothing can be sent any more
  closed = 3,
};

enum class WebSocketTimer : std::uint64_t {};  // names a timer of one connection

class WebSocket {
 public:
  // Bytes of a topic's name: it stands in tables of every loop.
  static constexpr std::size_t kMaxTopic = 1024;

  explicit WebSocket(std::shared_ptr<app::WebSocketRecord> record) : record_(std::move(record)) {}

  // --- from any thread ---

  // `dropped` unless open. Text must be UTF-8.
  SendStatus send(Message message);
  SendStatus send(std::string_view text) { return send(Message{text, false}); }
  SendStatus send_binary(std::string_view bytes) { return send(Message{bytes, true}); }
  // At most 125 bytes; the answer is on_pong.
  SendStatus ping(std::string_view payload = {});
  // To all subscribers of the topic but this one, on all loops; encoded once. Also when it has not subscribed
  // itself. See Server::publish().
  void publish(std::string topic, Message message) const;
  void publish(std::string topic, std::string_view text) const {
    publish(std::move(topic), Message{text, false});
  }
  // Says goodbye behind what was sent: code 1000–1003, 1007–1014 or 3000–4999 (any other: none is sent),
  // reason of at most 123 bytes. on_close comes when the peer has answered, or at close_timeout.
  void close(std::uint16_t code = 1000, std::string_view reason = {});
  // Cuts the connection without a word; what was not sent is lost. on_close says 1006.
  void terminate();
  // Runs on the connection's loop, soon, unless it has gone by then. False: it has gone, or too much waits.
  bool defer(Function<void(WebSocket&)> work);

  const Handshake& handshake() const;
  // Who the gate's verdict said it is (naru::allow.as); empty when it did not.
  const std::string& identity() const;
  // The one that was agreed on; empty: none.
  const std::string& subprotocol() const;
  WebSocketState state() const;
  bool open() const { return state() == WebSocketState::open; }

  // --- on the connection's loop ---

  // What you keep for this connection: made when first asked for, gone with the last handle. One type; asking
  // for another throws std::bad_any_cast.
  template <class T>
  T& data() {
    std::any& slot = data_slot();
    if (!slot.has_value()) slot.emplace<T>();
    return std::any_cast<T&>(slot);
  }
  // Bytes that wait for this reader.
  std::size_t buffered() const;

  // Timers end with the connection, before on_close. `every` keeps its beat however late a turn is.
  using Work = Function<void(WebSocket&)>;
  WebSocketTimer after(std::chrono::milliseconds delay, Work work);
  WebSocketTimer every(std::chrono::milliseconds interval, Work work);
  // False: it is over already. A timer may cancel itself.
  bool cancel(WebSocketTimer timer);

  // No message comes until resume(): the peer's sending stalls. Meanwhile neither ping nor idle time-outs
  // run, and an end of the peer is not seen.
  void pause();
  void resume();

  // Topics are names of the whole server, not empty and not beginning with a NUL. False: it is another one,
  // is longer than kMaxTopic, max_topics are subscribed (logged), or the connection has gone. Twice is once.
  // All are left at the end.
  bool subscribe(std::string topic);
  bool unsubscribe(std::string topic);  // false: it was not subscribed
  bool subscribed(std::string_view topic) const;
  std::vector<std::string> topics() const;  // in no order

  friend bool operator==(const WebSocket& a, const WebSocket& b) { return a.record_ == b.record_; }

 private:
  std::any& data_slot();
  std::shared_ptr<app::WebSocketRecord> record_;
};

// Handlers and limits of one address. Handlers may be left out; what they throw is logged, the connection
// stays.
struct WebSocketOptions {
  std::size_t max_message = 1'000'000;              // a larger one: close 1009
  std::size_t max_fragments = 65'536;               // of one message; more: close 1008
  std::chrono::milliseconds close_timeout{5'000};   // how long the peer may take to answer our Close
  std::chrono::milliseconds ping_interval{25'000};  // 0: never; a peer that answers none is cut off
  // Neither a message nor a ping from the peer for so long: close 1001. Pongs do not count: they only say
  // that somebody is there. 0: never.
  std::chrono::milliseconds idle_timeout{0};
  std::vector<std::string> subprotocols = {};     // the first of the client's that is here is chosen
  std::vector<std::string> allowed_origins = {};  // besides our own; "*" for every page
  CompressionOptions compression = {};            // permessage-deflate; off unless enabled

  std::size_t max_queued = 0;  // 0: ServerOptions::max_queued
  WhenFull when_full = WhenFull::close;
  std::size_t max_messages_per_second = 0;  // see EngineOptions
  std::size_t max_bytes_per_second = 0;
  std::size_t max_topics = 1'000;  // of one connection; a topic costs its name and two entries

  // Before the 101: refused (403) with the verdict's sentence. allow.as(id).until(time): identity(), and
  // close 1008 at that time or by Server::disconnect_identity().
  Gate<Handshake> on_upgrade = {};
  // Instead of `subprotocols`, when the client offers some: one of them, or none (empty).
  Function<std::string(const Handshake&, const std::vector<std::string>& offered)> choose_subprotocol = {};
  // What the 101 carries besides.
  Function<void(ResponseHeaders&, const Handshake&)> on_headers = {};
  Function<void(WebSocket&)> on_open = {};
  Function<void(WebSocket&, Message)> on_message = {};
  // The peer's ping (its pong is on its way) and its answer to ours; at most 125 bytes.
  Function<void(WebSocket&, std::string_view payload)> on_ping = {};
  Function<void(WebSocket&, std::string_view payload)> on_pong = {};
  Function<void(WebSocket&)> on_drain = {};  // what waited has left
  // We end it because of the peer: it broke the protocol or a limit, answered no ping, or reads too slowly. A
  // sentence for logs; on_close follows with the same code.
  Function<void(WebSocket&, std::uint16_t code, std::string_view sentence)> on_error = {};
  // The last one. What the peer's Close said (1005: nothing), or the code that it was ended with, or 1006:
  // the connection broke.
  Function<void(WebSocket&, std::uint16_t code, std::string_view reason)> on_close = {};
};

// All open connections of one Server::ws() route. Lives as long as the server; from any thread.
//
//   naru::WebSockets& clients = server.ws("/news", {});
//   server.every(1s, [&clients] { clients.send("tick " + std::to_string(clients.count())); });
class WebSockets {
 public:
  std::size_t count() const;
  // To each of them; encoded once.
  void send(Message message) const;
  void send(std::string_view text) const { send(Message{text, false}); }
  // Runs for each on its loop: at once for those of the calling loop, else soon; with several loops on all of
  // them at once.
  void each(Function<void(WebSocket&)> visit) const;

 private:
  friend class app::WebSocketRoute;
  explicit WebSockets(app::WebSocketRoute& route) : route_(route) {}
  app::WebSocketRoute& route_;
};

}  // namespace v0
}  // namespace naru
