// A bare WebSocket (RFC 6455): no events, rooms or recovery; what to say is your own affair.
//
//   server.ws("/echo", {.on_message = [](naru::WebSocket& ws, naru::Message m) { ws.send(m); }});
//
// A WebSocket is a handle like Socket: cheap to copy, safe to keep, never keeps the connection. Handlers run
// on the connection's loop; send, ping and close may be called from any thread.
#pragma once

#include <any>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "naru/compression.hpp"
#include "naru/emission.hpp"
#include "naru/function.hpp"
#include "naru/handshake.hpp"
#include "naru/options.hpp"
#include "naru/verdict.hpp"

namespace naru {
namespace app {
struct WebSocketRecord;
}
inline namespace v0 {

// One message. The view is valid during the call only.
struct Message {
  std::string_view data;
  bool binary = false;
  bool compress = true;  // when sent: where compression was agreed on and the message is large enough
};

class WebSocket {
 public:
  explicit WebSocket(std::shared_ptr<app::WebSocketRecord> record) : record_(std::move(record)) {}

  SendStatus send(Message message);
  SendStatus send(std::string_view text) { return send(Message{text, false}); }
  SendStatus send_binary(std::string_view bytes) { return send(Message{bytes, true}); }
  SendStatus ping(std::string_view payload = {});
  // Says goodbye: code 1000–1003, 1007–1014 or 3000–4999, reason of at most 123 bytes.
  void close(std::uint16_t code = 1000, std::string_view reason = {});

  const Handshake& handshake() const;
  bool open() const;
  // Bytes that wait for this reader; on the connection's loop only.
  std::size_t buffered() const;
  template <class T>
  T& data() {
    std::any& slot = data_slot();
    if (!slot.has_value()) slot.emplace<T>();
    return std::any_cast<T&>(slot);
  }
  friend bool operator==(const WebSocket& a, const WebSocket& b) { return a.record_ == b.record_; }

 private:
  std::any& data_slot();
  std::shared_ptr<app::WebSocketRecord> record_;
};

struct WebSocketOptions {
  std::size_t max_message = 1'000'000;              // a larger one: close 1009
  std::size_t max_fragments = 65'536;               // of one message; more: close 1008
  std::chrono::milliseconds close_timeout{5'000};   // how long the peer may take to answer our Close
  std::chrono::milliseconds ping_interval{25'000};  // 0: never; a peer that answers none is closed
  std::vector<std::string> subprotocols = {};       // the first of the client's that is here is chosen
  std::vector<std::string> allowed_origins = {};    // besides our own; "*" for every page
  CompressionOptions compression = {};              // permessage-deflate; off unless enabled

  std::size_t max_queued = 0;  // 0: ServerOptions::max_queued
  WhenFull when_full = WhenFull::close;
  std::size_t max_messages_per_second = 0;  // see EngineOptions
  std::size_t max_bytes_per_second = 0;

  // Before the 101: refuse with a sentence (403). What the verdict says beyond yes or no is not kept.
  Function<Verdict(const Handshake&)> on_upgrade = {};
  Function<void(WebSocket&)> on_open = {};
  Function<void(WebSocket&, Message)> on_message = {};
  Function<void(WebSocket&)> on_drain = {};  // what waited has left
  Function<void(WebSocket&, std::uint16_t code, std::string_view reason)> on_close = {};
};

}  // namespace v0
}  // namespace naru
