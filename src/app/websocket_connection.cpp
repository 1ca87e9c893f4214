#include "app/websocket_connection.hpp"

#include <algorithm>
#include <utility>

#include "app/user_code.hpp"
#include "app/websocket_route.hpp"
#include "net/callback.hpp"
#include "serve/loop_server.hpp"

namespace naru::app {

WebSocketConnection::WebSocketConnection(WebSocketRoute& route, serve::BareWebSocket& websocket,
                                         std::shared_ptr<WebSocketRecord> record)
    : route_(route),
      options_(route.options()),
      websocket_(websocket),
      record_(std::move(record)),
      handle_(record_) {
  record_->connection = this;
  route_.add(*this);
}

template <class Handler, class... Arguments>
void WebSocketConnection::call(const Handler& handler, Arguments&&... arguments) {
  if (!handler) return;
  guard_user_code("websocket", "a handler", [&] { handler(handle_, std::forward<Arguments>(arguments)...); });
}

// --- events ---

void WebSocketConnection::on_open() {
  call(options_.on_open);
}
void WebSocketConnection::on_message(std::string_view data, bool binary) {
  net::Callback::begin();  // many messages come with one read
  call(options_.on_message, Message{data, binary});
}
void WebSocketConnection::on_ping(std::string_view payload) {
  call(options_.on_ping, payload);
}
void WebSocketConnection::on_pong(std::string_view payload) {
  call(options_.on_pong, payload);
}
void WebSocketConnection::on_drain() {
  call(options_.on_drain);
}
void WebSocketConnection::on_closing() {
  record_->state = WebSocketState::closing;
}

// A handler may free nothing of this: it is disposed of at the end of the turn.
void WebSocketConnection::on_closed(const serve::WebSocketEnd& end) {
  record_->state = WebSocketState::closed;
  record_->connection = nullptr;
  route_.remove(*this);
  if (agenda_) agenda_->clear();
  if (subscriber_) record_->topics->rooms().remove(*subscriber_);
  if (end.is_failure) call(options_.on_error, end.code, end.reason);
  call(options_.on_close, end.code, end.reason);
}

// --- timers ---

Agenda::Id WebSocketConnection::schedule(std::chrono::milliseconds delay, base::Duration interval,
                                         WebSocket::Work work) {
  net::Loop& loop = websocket_.server().loop();
  if (!agenda_) agenda_ = std::make_unique<Agenda>(loop.timers());
  const base::TimePoint due = loop.now() + std::clamp(delay, std::chrono::milliseconds(0), kLongestDelay);
  return agenda_->add(due, interval, [this, work = std::move(work)] {
    guard_user_code("websocket", "a timer", [&] { work(handle_); });
  });
}

// --- topics ---

bool WebSocketConnection::subscribe(std::string topic) {
  if (!Topics::is_topic(topic)) return false;
  if (is_subscribed(topic)) return true;
  if (topics().size() >= options_.max_topics) {
    serve::log_peer(Level::warning, "websocket",
                    std::string(record_->handshake.address()) +
                        " is in max_topics topics already; the subscription is refused");
    return false;
  }
  adapter::Adapter& rooms = record_->topics->rooms();
  if (!subscriber_) {
    subscriber_ = std::make_shared<Subscriber>(record_->home, Topics::id_of(record_->number), websocket_);
    rooms.add(*subscriber_);
  }
  rooms.join(subscriber_, {std::move(topic)});
  return true;
}

bool WebSocketConnection::unsubscribe(std::string topic) {
  if (!is_subscribed(topic)) return false;
  record_->topics->rooms().leave(subscriber_, std::move(topic));
  return true;
}

// The first one is its id.
std::vector<std::string> WebSocketConnection::topics() const {
  if (!subscriber_) return {};
  std::vector<std::string> names = record_->topics->rooms().rooms_of(*subscriber_);
  names.erase(names.begin());
  return names;
}

bool WebSocketConnection::is_subscribed(std::string_view topic) const {
  const std::vector<std::string> names = topics();
  return std::find(names.begin(), names.end(), topic) != names.end();
}

}  // namespace naru::app
