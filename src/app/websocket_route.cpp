#include "app/websocket_route.hpp"

#include <exception>
#include <utility>

#include "app/compression.hpp"
#include "app/context.hpp"
#include "app/gates.hpp"
#include "app/user_code.hpp"
#include "naru/engine_request.hpp"

namespace naru::app {
namespace {

void ask_task(Task<Verdict> asking, std::shared_ptr<const Handshake> question,
              const serve::WebSocketHooks::Scope& scope, Decision decide) {
  TaskContext context{.executor = thread_context().executor, .scope = scope};
  auto on_done = [](std::exception_ptr failure) {
    if (failure) guard_user_code("websocket", "on_upgrade", [&] { std::rethrow_exception(failure); });
  };
  start(decide_when_done(std::move(asking), std::move(question), std::move(decide)), std::move(context),
        std::move(on_done));
}

}  // namespace

WebSocketRoute::WebSocketRoute(WebSocketOptions options, const ServerOptions& server,
                               std::shared_ptr<Topics> topics)
    : options_(std::move(options)), topics_(std::move(topics)), connections_(topics_->loops()->size()) {
  settings_.session.limits.max_message = options_.max_message;
  settings_.session.limits.max_fragments = options_.max_fragments;
  settings_.session.close_timeout = options_.close_timeout;
  settings_.session.compression = checked(options_.compression);
  settings_.ping_interval = options_.ping_interval;
  settings_.idle_timeout = options_.idle_timeout;
  settings_.subprotocols = options_.subprotocols;
  settings_.origins.list = auth::OriginList(options_.allowed_origins);
  settings_.max_queued = options_.max_queued != 0 ? options_.max_queued : server.max_queued;
  settings_.when_full = options_.when_full;
  settings_.slow_grace = server.slow_grace;
  settings_.inbound = {options_.max_messages_per_second, options_.max_bytes_per_second};
  settings_.hooks = this;
  wanted_ = {.gate = static_cast<bool>(options_.on_upgrade),
             .subprotocol = static_cast<bool>(options_.choose_subprotocol),
             .headers = static_cast<bool>(options_.on_headers)};
  if (wanted_.subprotocol) settings_.subprotocols.clear();
}

// --- the way in ---

void WebSocketRoute::decide(const serve::SharedHandshake& request, const Scope& scope, Decision decide) {
  const Gate<Handshake>& gate = options_.on_upgrade;
  const auto question = std::make_shared<const Handshake>(request);
  // When it throws, the Decision is dropped on the way out, and refuses.
  guard_user_code("websocket", "on_upgrade", [&] {
    if (gate.at_once) return decide(gate.at_once(*question));
    if (gate.deciding) return gate.deciding(*question, std::move(decide));
    ask_task(gate.awaiting(*question), question, scope, std::move(decide));
  });
}

std::string WebSocketRoute::choose_subprotocol(const serve::SharedHandshake& request,
                                               const std::vector<std::string>& offered) {
  std::string chosen;
  guard_user_code("websocket", "choose_subprotocol",
                  [&] { chosen = options_.choose_subprotocol(Handshake(request), offered); });
  return chosen;
}

void WebSocketRoute::write_headers(const serve::SharedHandshake& request, http::FieldList& fields) {
  ResponseHeaders headers(fields);
  guard_user_code("websocket", "on_headers", [&] { options_.on_headers(headers, Handshake(request)); });
}

std::unique_ptr<serve::WebSocketClient> WebSocketRoute::open(serve::BareWebSocket& websocket,
                                                             serve::SharedHandshake request,
                                                             std::string subprotocol) {
  return std::make_unique<WebSocketConnection>(
      *this, websocket, std::make_shared<WebSocketRecord>(request, std::move(subprotocol), topics_));
}

// --- all of them ---

WebSocketRoute::Connections& WebSocketRoute::here() {
  return connections_[hub::LoopGroup::current_loop()];
}

void WebSocketRoute::add(WebSocketConnection& connection) {
  here().push_back(connection);
  count_.fetch_add(1, std::memory_order_relaxed);
}

void WebSocketRoute::remove(WebSocketConnection& connection) {
  connection.unlink();
  count_.fetch_sub(1, std::memory_order_relaxed);
}

template <class Work>
void WebSocketRoute::on_each_loop(std::size_t bytes, net::PostKind kind, Work work) {
  const hub::LoopGroup& loops = *topics_->loops();
  // The others first: they start while this one works.
  for (std::size_t loop = 0; loop < loops.size(); ++loop) {
    const auto index = static_cast<hub::LoopIndex>(loop);
    if (!loops.is_here(index)) loops.post(index, work, bytes, kind);
  }
  if (loops.is_on_a_loop()) work();
}

void WebSocketRoute::send(const Message& message) {
  const base::Frame frame = frame_of(message);
  on_each_loop(frame.size(), net::PostKind::event, [this, frame, compress = message.compress] {
    for (WebSocketConnection& connection : here())
      connection.websocket().send(frame, compress);
  });
}

// What it does to one may end others: choose first.
void WebSocketRoute::each(Function<void(WebSocket&)> visit) {
  auto shared = std::make_shared<const Function<void(WebSocket&)>>(std::move(visit));
  on_each_loop(0, net::PostKind::order, [this, shared] {
    std::vector<WebSocket> chosen;
    for (WebSocketConnection& connection : here())
      chosen.push_back(connection.handle());
    for (WebSocket& websocket : chosen)
      guard_user_code("websocket", "a visit", [&] { (*shared)(websocket); });
  });
}

}  // namespace naru::app

namespace naru {
inline namespace v0 {

std::size_t WebSockets::count() const {
  return route_.count();
}
void WebSockets::send(Message message) const {
  route_.send(message);
}
void WebSockets::each(Function<void(WebSocket&)> visit) const {
  route_.each(std::move(visit));
}

}  // namespace v0
}  // namespace naru
