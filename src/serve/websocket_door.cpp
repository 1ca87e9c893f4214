#include "serve/websocket_door.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "naru/errc.hpp"
#include "serve/bare_websocket.hpp"
#include "serve/http_connection.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"
#include "serve/websocket_application.hpp"
#include "ws/handshake.hpp"

namespace naru::serve {
namespace {

// One request that wants to be a WebSocket, until it is decided. Its connection owns it.
class WebSocketVisit final : public Visitor {
 public:
  WebSocketVisit(HttpConnection& connection, http::Exchange& exchange, Door door)
      : connection_(connection),
        exchange_(exchange),
        server_(connection.server()),
        settings_(server_.application().websocket(door.number)),
        params_(std::move(door.params)) {}
  ~WebSocketVisit() override { stop_asking(); }

  void start();
  void on_abort() override { stop_asking(); }
  // Whoever is asked has not answered, and nobody may wait for him any more.
  void on_server_stop() override {
    if (self_) refuse_for_now();
  }

 private:
  void ask();
  void stop_asking();
  void decided(const Verdict& verdict);
  void refuse(const std::string& sentence);
  void refuse_for_now();
  std::string choose_subprotocol();
  void let_in(const Verdict& verdict);

  HttpConnection& connection_;
  http::Exchange& exchange_;
  LoopServer& server_;
  const WebSocketSettings& settings_;
  std::vector<std::pair<std::string, std::string>> params_;
  ws::AcceptedHandshake accepted_{};
  std::shared_ptr<HandshakeRequest> request_;
  std::shared_ptr<CancelScope> scope_;     // while the gate is asked
  std::shared_ptr<WebSocketVisit*> self_;  // the same; null inside: nobody waits any more
};

void WebSocketVisit::start() {
  ws::Handshake handshake = ws::accept_handshake(
      exchange_.head(),
      {.subprotocols = settings_.subprotocols, .compression = settings_.session.compression});
  if (auto* refused = std::get_if<ws::RefusedHandshake>(&handshake)) {
    log_peer(Level::info, "websocket",
             connection_.address() + " was refused: " + std::string(refused->reason));
    return exchange_.respond(std::move(refused->response), base::Slice::borrowed(refused->reason));
  }
  accepted_ = std::move(std::get<ws::AcceptedHandshake>(handshake));
  const bool is_secure = connection_.is_secure(exchange_.head(), exchange_);
  const std::string foreign = connection_.refuse_origin(exchange_.head(), settings_.origins, is_secure);
  if (!foreign.empty()) return refuse(foreign);
  request_ = connection_.copy_handshake(exchange_);
  request_->params = std::move(params_);
  settings_.hooks->wanted().gate ? ask() : let_in(allow);
}

// A peer that goes meanwhile is told of by on_abort; what it sends behind its request waits in the stream.
void WebSocketVisit::ask() {
  scope_ = std::make_shared<CancelScope>();
  self_ = std::make_shared<WebSocketVisit*>(this);
  auto answer = [self = self_, loops = server_.shared().loops, home = server_.index()](Verdict verdict) {
    auto go_on = [self](const Verdict& known) {
      if (WebSocketVisit* visit = *self) visit->decided(known);
    };
    if (loops->is_here(home)) return go_on(verdict);
    auto later = [go_on, verdict = std::move(verdict)] { go_on(verdict); };
    loops->post(home, std::move(later), 0, net::PostKind::control);
  };
  const auto asked = self_;
  settings_.hooks->decide(request_, scope_, Decision(std::move(answer)));
  if (self_ == asked) exchange_.set_events(this);
}

void WebSocketVisit::stop_asking() {
  if (self_) *std::exchange(self_, nullptr) = nullptr;
  if (const auto scope = std::exchange(scope_, nullptr)) scope->cancel(errc::disconnected);
}

void WebSocketVisit::decided(const Verdict& verdict) {
  *std::exchange(self_, nullptr) = nullptr;
  scope_.reset();
  verdict.is_allowed() ? let_in(verdict) : refuse(verdict.sentence());
}

void WebSocketVisit::refuse(const std::string& sentence) {
  log_peer(Level::info, "websocket", connection_.address() + " was refused: " + sentence);
  http::ResponseHead head{403};
  head.add("Content-Type", "text/plain; charset=utf-8");
  head.add("Connection", "close");
  exchange_.respond(std::move(head), base::Slice(base::Frame::copy(sentence)));
}

void WebSocketVisit::refuse_for_now() {
  stop_asking();
  http::ResponseHead head{503};
  head.add("Content-Type", "text/plain; charset=utf-8");
  head.add("Connection", "close");
  exchange_.respond(std::move(head), base::Slice::borrowed("the server stops"));
}

// RFC 6455 4.1: a client fails the connection for a subprotocol that it has not offered.
std::string WebSocketVisit::choose_subprotocol() {
  if (!settings_.hooks->wanted().subprotocol) return std::move(accepted_.subprotocol);
  const std::vector<std::string> offered = ws::offered_subprotocols(request_->head);
  if (offered.empty()) return {};
  std::string chosen = settings_.hooks->choose_subprotocol(request_, offered);
  if (chosen.empty()) return {};
  if (std::find(offered.begin(), offered.end(), chosen) == offered.end()) {
    log_peer(Level::error, "websocket",
             "a subprotocol was chosen that the client has not offered: none is agreed on");
    return {};
  }
  accepted_.response.add("Sec-WebSocket-Protocol", chosen);
  return chosen;
}

void WebSocketVisit::let_in(const Verdict& verdict) {
  if (server_.is_stopping()) return refuse_for_now();
  request_->identity = verdict.identity();
  request_->expires = verdict.expires();
  std::string subprotocol = choose_subprotocol();
  if (settings_.hooks->wanted().headers) settings_.hooks->write_headers(request_, accepted_.response.fields);
  BareWebSocket& websocket = server_.own(
      std::make_unique<BareWebSocket>(server_, exchange_.upgrade(std::move(accepted_.response)), settings_,
                                      connection_.release_address(), accepted_.deflate));
  websocket.admit(verdict);
  websocket.attach(settings_.hooks->open(websocket, request_, std::move(subprotocol)));
}

}  // namespace

void serve_websocket(HttpConnection& connection, http::Exchange& exchange, Door door) {
  connection.receive(std::make_unique<WebSocketVisit>(connection, exchange, std::move(door))).start();
}

}  // namespace naru::serve
