#include "naru/websocket.hpp"

#include <utility>

#include "app/compression.hpp"
#include "app/user_code.hpp"
#include "app/websocket_core.hpp"
#include "net/callback.hpp"
#include "ws/frame_header.hpp"

namespace naru {
namespace app {
namespace {

class Connection final : public serve::WebSocketClient {
 public:
  Connection(const WebSocketOptions& options, std::shared_ptr<WebSocketRecord> record)
      : options_(options), handle_(record), record_(std::move(record)) {}

  void begin() { guarded(options_.on_open, handle_); }
  void on_message(std::string_view data, bool binary) override {
    net::Callback::begin();  // many messages come with one read
    guarded(options_.on_message, handle_, Message{data, binary});
  }
  void on_drain() override { guarded(options_.on_drain, handle_); }
  void on_closed(std::uint16_t code, std::string_view reason) override {
    record_->is_open = false;
    record_->websocket = nullptr;
    guarded(options_.on_close, handle_, code, reason);
  }

 private:
  template <class Handler, class... Arguments>
  static void guarded(const Handler& handler, Arguments&&... arguments) {
    if (!handler) return;
    guard_user_code("websocket", "a handler", [&] { handler(std::forward<Arguments>(arguments)...); });
  }

  const WebSocketOptions& options_;
  WebSocket handle_;
  std::shared_ptr<WebSocketRecord> record_;
};

}  // namespace

WebSocketRoute::WebSocketRoute(WebSocketOptions options, const ServerOptions& server)
    : options_(std::move(options)) {
  settings_.session.limits.max_message = options_.max_message;
  settings_.session.limits.max_fragments = options_.max_fragments;
  settings_.session.close_timeout = options_.close_timeout;
  settings_.session.compression = checked(options_.compression);
  settings_.ping_interval = options_.ping_interval;
  settings_.subprotocols = options_.subprotocols;
  settings_.origins.list = auth::OriginList(options_.allowed_origins);
  settings_.max_queued = options_.max_queued != 0 ? options_.max_queued : server.max_queued;
  settings_.when_full = options_.when_full;
  settings_.slow_grace = server.slow_grace;
  settings_.inbound = {options_.max_messages_per_second, options_.max_bytes_per_second};
}

std::optional<std::string> WebSocketRoute::refuse(const serve::SharedHandshake& request) {
  if (!options_.on_upgrade) return std::nullopt;
  std::optional<std::string> refusal = "refused";
  guard_user_code("websocket", "on_upgrade", [&] {
    const Verdict verdict = options_.on_upgrade(Handshake(request));
    refusal = verdict.is_allowed() ? std::nullopt : std::optional(verdict.sentence());
  });
  return refusal;
}

std::unique_ptr<serve::WebSocketClient> WebSocketRoute::open(serve::BareWebSocket& websocket,
                                                             serve::SharedHandshake request,
                                                             std::shared_ptr<const hub::LoopGroup> loops) {
  auto record = std::make_shared<WebSocketRecord>(Handshake(std::move(request)), std::move(loops),
                                                  hub::LoopGroup::current_loop());
  record->websocket = &websocket;
  auto connection = std::make_unique<Connection>(options_, std::move(record));
  connection->begin();
  return connection;
}

namespace {

base::Frame frame_of(Message message) {
  return ws::encode_frame(message.binary ? ws::Opcode::binary : ws::Opcode::text, message.data);
}

SendStatus status_of(base::WriteStatus status) {
  switch (status) {
    case base::WriteStatus::sent:
      return SendStatus::sent;
    case base::WriteStatus::buffered:
      return SendStatus::buffered;
    case base::WriteStatus::closed:
      return SendStatus::dropped;
  }
  return SendStatus::dropped;
}

// Runs `act(BareWebSocket&)` on the home loop: now, or by post.
template <class Act>
SendStatus run_at_home(const std::shared_ptr<WebSocketRecord>& record, std::size_t bytes, net::PostKind kind,
                       Act act) {
  if (record->loops->is_here(record->home)) {
    return record->websocket == nullptr ? SendStatus::dropped : status_of(act(*record->websocket));
  }
  if (!record->is_open) return SendStatus::dropped;
  // Whoever posted it was told `buffered`, and may wait for on_drain.
  auto work = [record, act = std::move(act)] {
    const bool is_sent = record->websocket != nullptr && act(*record->websocket) == base::WriteStatus::sent;
    if (is_sent && record->websocket != nullptr) record->websocket->tell_drain_soon();
  };
  return record->loops->post(record->home, std::move(work), bytes, kind) ? SendStatus::buffered
                                                                         : SendStatus::dropped;
}

}  // namespace
}  // namespace app

inline namespace v0 {

SendStatus WebSocket::send(Message message) {
  const base::Frame frame = app::frame_of(message);
  return app::run_at_home(record_, frame.size(), net::PostKind::event,
                          [frame, compress = message.compress](serve::BareWebSocket& websocket) {
                            return websocket.send(frame, compress);
                          });
}

SendStatus WebSocket::ping(std::string_view payload) {
  return app::run_at_home(
      record_, payload.size(), net::PostKind::event,
      [payload = std::string(payload)](serve::BareWebSocket& websocket) { return websocket.ping(payload); });
}

void WebSocket::close(std::uint16_t code, std::string_view reason) {
  // Only the first one counts; the others must not fill the inbox, as it always passes.
  const bool is_here = record_->loops->is_here(record_->home);
  if (!is_here && record_->close_asked.exchange(true, std::memory_order_relaxed)) return;
  app::run_at_home(record_, 0, net::PostKind::control,
                   [code, reason = std::string(reason)](serve::BareWebSocket& websocket) {
                     websocket.close(code, reason);
                     return base::WriteStatus::closed;
                   });
}

const Handshake& WebSocket::handshake() const {
  return record_->handshake;
}
bool WebSocket::open() const {
  return record_->is_open;
}
std::size_t WebSocket::buffered() const {
  return record_->websocket == nullptr ? 0 : record_->websocket->buffered();
}
std::any& WebSocket::data_slot() {
  return record_->data;
}

}  // namespace v0
}  // namespace naru
