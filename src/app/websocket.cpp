#include "naru/websocket.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "app/user_code.hpp"
#include "app/websocket_connection.hpp"

namespace naru {
namespace app {
namespace {

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

bool is_at_home(const WebSocketRecord& record) {
  return record.topics->loops()->is_here(record.home);
}

bool post_home(const WebSocketRecord& record, Function<void()> work, std::size_t bytes, net::PostKind kind) {
  return record.topics->loops()->post(record.home, std::move(work), bytes, kind);
}

// Sends by `act(BareWebSocket&)` on the home loop: now, or by post.
template <class Act>
SendStatus send_at_home(const std::shared_ptr<WebSocketRecord>& record, std::size_t bytes, Act act) {
  if (is_at_home(*record)) {
    WebSocketConnection* const connection = record->connection;
    return connection == nullptr ? SendStatus::dropped : status_of(act(connection->websocket()));
  }
  if (record->state != WebSocketState::open) return SendStatus::dropped;
  // Whoever posted it was told `buffered`, and may wait for on_drain.
  auto work = [record, act = std::move(act)] {
    if (record->connection == nullptr || act(record->connection->websocket()) != base::WriteStatus::sent)
      return;
    if (record->connection != nullptr) record->connection->websocket().tell_drain_soon();
  };
  const bool is_posted = post_home(*record, std::move(work), bytes, net::PostKind::event);
  return is_posted ? SendStatus::buffered : SendStatus::dropped;
}

// `act(WebSocketConnection&)` on the home loop, however much waits there: for what ends the connection.
template <class Act>
void order_at_home(const std::shared_ptr<WebSocketRecord>& record, Act act) {
  auto work = [record, act = std::move(act)] {
    if (record->connection != nullptr) act(*record->connection);
  };
  if (is_at_home(*record)) return work();
  post_home(*record, std::move(work), 0, net::PostKind::control);
}

// What is only for the connection's own loop. Null: it has gone.
WebSocketConnection* here(const WebSocketRecord& record) {
  assert(record.connection == nullptr || is_at_home(record));
  return record.connection;
}

}  // namespace
}  // namespace app

inline namespace v0 {

SendStatus WebSocket::send(Message message) {
  const base::Frame frame = app::frame_of(message);
  return app::send_at_home(record_, frame.size(),
                           [frame, compress = message.compress](serve::BareWebSocket& websocket) {
                             return websocket.send(frame, compress);
                           });
}

SendStatus WebSocket::ping(std::string_view payload) {
  return app::send_at_home(
      record_, payload.size(),
      [payload = std::string(payload)](serve::BareWebSocket& websocket) { return websocket.ping(payload); });
}

void WebSocket::publish(std::string topic, Message message) const {
  record_->topics->publish(std::move(topic), message, record_->number);
}

void WebSocket::close(std::uint16_t code, std::string_view reason) {
  // Only the first one counts; the others must not fill the inbox, as it always passes.
  if (!app::is_at_home(*record_) && record_->close_asked.exchange(true, std::memory_order_relaxed)) return;
  app::order_at_home(record_, [code, reason = std::string(reason)](app::WebSocketConnection& connection) {
    connection.websocket().close(code, reason);
  });
}

void WebSocket::terminate() {
  if (!app::is_at_home(*record_) && record_->cut_asked.exchange(true, std::memory_order_relaxed)) return;
  app::order_at_home(record_, [](app::WebSocketConnection& connection) { connection.websocket().cut(); });
}

bool WebSocket::defer(Function<void(WebSocket&)> work) {
  if (state() == WebSocketState::closed) return false;
  auto run = [handle = *this, work = std::move(work)]() mutable {
    if (handle.record_->connection == nullptr) return;
    app::guard_user_code("websocket", "deferred work", [&] { work(handle); });
  };
  return app::post_home(*record_, std::move(run), 0, net::PostKind::order);
}

const Handshake& WebSocket::handshake() const {
  return record_->handshake;
}
const std::string& WebSocket::identity() const {
  return record_->request.identity;
}
const std::string& WebSocket::subprotocol() const {
  return record_->subprotocol;
}
WebSocketState WebSocket::state() const {
  const WebSocketState state = record_->state;
  const bool is_ending = record_->close_asked || record_->cut_asked;
  return state == WebSocketState::open && is_ending ? WebSocketState::closing : state;
}

std::any& WebSocket::data_slot() {
  return record_->data;
}
std::size_t WebSocket::buffered() const {
  app::WebSocketConnection* const connection = app::here(*record_);
  return connection == nullptr ? 0 : connection->websocket().buffered();
}

WebSocketTimer WebSocket::after(std::chrono::milliseconds delay, Work work) {
  app::WebSocketConnection* const connection = app::here(*record_);
  if (connection == nullptr) return WebSocketTimer{};
  return WebSocketTimer{connection->schedule(delay, base::Duration::zero(), std::move(work))};
}

WebSocketTimer WebSocket::every(std::chrono::milliseconds interval, Work work) {
  app::WebSocketConnection* const connection = app::here(*record_);
  if (connection == nullptr) return WebSocketTimer{};
  interval = std::clamp(interval, app::kShortestInterval, app::kLongestDelay);
  return WebSocketTimer{connection->schedule(interval, interval, std::move(work))};
}

bool WebSocket::cancel(WebSocketTimer timer) {
  app::WebSocketConnection* const connection = app::here(*record_);
  return connection != nullptr && connection->cancel(static_cast<app::Agenda::Id>(timer));
}

void WebSocket::pause() {
  if (app::WebSocketConnection* const connection = app::here(*record_)) connection->websocket().pause();
}
void WebSocket::resume() {
  if (app::WebSocketConnection* const connection = app::here(*record_)) connection->websocket().resume();
}

bool WebSocket::subscribe(std::string topic) {
  app::WebSocketConnection* const connection = app::here(*record_);
  return connection != nullptr && connection->subscribe(std::move(topic));
}
bool WebSocket::unsubscribe(std::string topic) {
  app::WebSocketConnection* const connection = app::here(*record_);
  return connection != nullptr && connection->unsubscribe(std::move(topic));
}
bool WebSocket::subscribed(std::string_view topic) const {
  app::WebSocketConnection* const connection = app::here(*record_);
  return connection != nullptr && connection->is_subscribed(topic);
}
std::vector<std::string> WebSocket::topics() const {
  app::WebSocketConnection* const connection = app::here(*record_);
  return connection == nullptr ? std::vector<std::string>() : connection->topics();
}

}  // namespace v0
}  // namespace naru
