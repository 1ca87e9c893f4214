#include "serve/engine_door.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/ids.hpp"
#include "engineio/request.hpp"
#include "http/query.hpp"
#include "serve/engine_session.hpp"
#include "serve/engine_websocket.hpp"
#include "serve/http_connection.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"
#include "serve/polling.hpp"
#include "ws/handshake.hpp"

namespace naru::serve {
namespace {

// One request on its way through the door.
struct Visit {
  HttpConnection& connection;
  http::Exchange& exchange;
  std::uint32_t number;
  const EngineSettings& settings;
  LoopServer& server;
  http::Query query;
  std::string origin;  // as the request had it; the head may be given away before the answer
  bool is_upgrade;
};

std::optional<std::string_view> view(const std::optional<std::string>& text) {
  return text ? std::optional<std::string_view>(*text) : std::nullopt;
}

void refuse(Visit& visit, const engineio::Refusal& refusal, std::string_view message = {}) {
  log_peer(Level::info, "engineio",
           visit.connection.address() + " was refused: " +
               std::string(message.empty() ? engineio::error_message(refusal.code) : message) + " (" +
               std::string(refusal.context) + ")");
  engineio::ErrorAnswer answer = engineio::refusal_answer(refusal, visit.is_upgrade, message);
  http::ResponseHead head = engine_head(answer.status, visit.settings, visit.origin);
  if (!answer.content_type.empty()) head.add("Content-Type", answer.content_type);
  if (answer.close) head.add("Connection", "close");
  visit.exchange.respond(std::move(head), base::Slice(base::Frame::copy(answer.body)));
}

// The deliberate difference from Node: a page of another site may not talk to us unless that was allowed.
bool refuse_foreign_origin(Visit& visit) {
  const std::string sentence =
      visit.connection.refuse_origin(visit.exchange.head(), visit.settings.origins,
                                     visit.connection.is_secure(visit.exchange.head(), visit.exchange));
  if (sentence.empty()) return false;
  log_peer(Level::warning, "origin", sentence);
  http::ResponseHead head{403};
  head.add("Content-Type", "application/json");
  if (visit.is_upgrade) head.add("Connection", "close");
  visit.exchange.respond(std::move(head), base::Slice::borrowed(R"({"code":4,"message":"Forbidden"})"));
  return true;
}

void answer_preflight(Visit& visit) {
  http::ResponseHead head = engine_head(204, visit.settings, visit.origin);
  head.add("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE");
  if (auto fields = visit.exchange.head().find("access-control-request-headers")) {
    head.add("Access-Control-Allow-Headers", *fields);
    head.add("Vary", "Access-Control-Request-Headers");
  }
  visit.exchange.respond(std::move(head));
}

EngineSession& make_session(Visit& visit) {
  const bool wants_base64 = visit.query.get("b64").value_or("") == "1";
  auto sid = base::new_session_id(visit.server.index(), visit.server.shared().node);
  return visit.server.add_session(
      std::make_unique<EngineSession>(visit.server, visit.settings, std::move(sid), wants_base64));
}

void open(Visit& visit, EngineSession& session, SharedHandshake handshake) {
  session.attach(visit.server.application().open_engine(visit.number, session, std::move(handshake)));
}

void shake_hands_by_polling(Visit& visit) {
  SharedHandshake handshake = visit.connection.copy_handshake(visit.exchange);
  EngineSession& session = make_session(visit);
  auto& get = visit.connection.receive(
      std::make_unique<PollGet>(visit.exchange, visit.server, session, std::move(visit.origin)));
  visit.exchange.set_events(&get);
  session.machine().open_polling(get, session.now());
  open(visit, session, std::move(handshake));
}

// Null: the request is no proper WebSocket handshake and was answered so.
EngineWebSocket* upgrade(Visit& visit) {
  ws::Handshake handshake =
      ws::accept_handshake(visit.exchange.head(), {.compression = visit.settings.websocket.compression});
  if (auto* refused = std::get_if<ws::RefusedHandshake>(&handshake)) {
    log_peer(Level::info, "websocket",
             visit.connection.address() + " was refused: " + std::string(refused->reason));
    visit.exchange.respond(std::move(refused->response), base::Slice::borrowed(refused->reason));
    return nullptr;
  }
  auto& accepted = std::get<ws::AcceptedHandshake>(handshake);
  for (const auto& field : engine_head(101, visit.settings, visit.origin).fields) {
    accepted.response.add(field.name, field.value);
  }
  std::string address = visit.connection.release_address();
  auto websocket =
      std::make_unique<EngineWebSocket>(visit.server, visit.exchange.upgrade(std::move(accepted.response)),
                                        visit.settings, std::move(address), accepted.deflate);
  return &visit.server.own(std::move(websocket));
}

void shake_hands_by_websocket(Visit& visit) {
  SharedHandshake handshake = visit.connection.copy_handshake(visit.exchange);
  EngineWebSocket* websocket = upgrade(visit);
  if (websocket == nullptr) return;
  EngineSession& session = make_session(visit);
  websocket->bind(session);
  session.machine().open_websocket(*websocket, session.now());
  open(visit, session, std::move(handshake));
}

void upgrade_session(Visit& visit, EngineSession& session) {
  EngineWebSocket* websocket = upgrade(visit);
  if (websocket == nullptr) return;
  websocket->bind(session);
  if (!session.machine().upgrade_candidate(*websocket, session.now())) websocket->close();
}

void poll(Visit& visit, EngineSession& session) {
  auto& get = visit.connection.receive(
      std::make_unique<PollGet>(visit.exchange, visit.server, session, std::move(visit.origin)));
  visit.exchange.set_events(&get);
  session.machine().poll(get, session.now());
}

void post(Visit& visit, EngineSession& session) {
  const http::RequestHead& head = visit.exchange.head();
  if (!session.machine().begin_post(head.find("content-type").value_or(""))) {
    return visit.exchange.respond(engine_head(400, visit.settings, visit.origin));
  }
  if (head.content_length() > visit.settings.session.max_payload) {
    session.machine().post_too_large();
    log_peer(Level::info, "engineio", visit.connection.address() + " sent a POST over max_payload");
    http::ResponseHead refused = engine_head(413, visit.settings, visit.origin);
    refused.add("Connection", "close");
    return visit.exchange.respond(std::move(refused));
  }
  visit.exchange.set_body_limit(visit.settings.session.max_payload);
  auto& body = visit.connection.receive(
      std::make_unique<PostBody>(visit.exchange, visit.server, session, std::move(visit.origin)));
  visit.exchange.set_events(&body);
}

}  // namespace

void serve_engine(HttpConnection& connection, http::Exchange& exchange, std::uint32_t number) {
  LoopServer& server = connection.server();
  const EngineSettings& settings = server.application().engine(number);
  const http::RequestHead& head = exchange.head();
  Visit visit{.connection = connection,
              .exchange = exchange,
              .number = number,
              .settings = settings,
              .server = server,
              .query = http::Query(head.query()),
              .origin = std::string(head.find("origin").value_or("")),
              .is_upgrade = head.wants_upgrade("websocket")};
  if (settings.has_cors && head.method() == "OPTIONS") return answer_preflight(visit);

  const auto eio = visit.query.get("EIO");
  const auto transport = visit.query.get("transport");
  const auto sid = visit.query.get("sid");
  EngineSession* session = sid && !sid->empty() ? server.find_session(*sid) : nullptr;
  if (session != nullptr && &session->settings() != &settings) session = nullptr;  // another engine's
  engineio::Request request{
      .method = head.method(),
      .is_upgrade = visit.is_upgrade,
      .eio = view(eio),
      .transport = view(transport),
      .sid = view(sid),
      .origin = head.find("origin"),
      .session = session == nullptr ? std::nullopt : std::optional(session->machine().transport()),
      .allows_polling = settings.allow_polling,
      .allows_websocket = settings.allow_websocket};
  const engineio::RequestVerdict verdict = engineio::verify(request);
  if (verdict.refusal) return refuse(visit, *verdict.refusal);
  if (refuse_foreign_origin(visit)) return;
  if (engineio::is_handshake(verdict.kind)) {
    if (auto refusal = engineio::verify_version(request)) return refuse(visit, *refusal);
  }
  switch (verdict.kind) {
    case engineio::RequestKind::handshake_polling:
      return shake_hands_by_polling(visit);
    case engineio::RequestKind::handshake_websocket:
      return shake_hands_by_websocket(visit);
    case engineio::RequestKind::poll:
      return poll(visit, *session);
    case engineio::RequestKind::post:
      return post(visit, *session);
    case engineio::RequestKind::upgrade:
      return upgrade_session(visit, *session);
  }
}

}  // namespace naru::serve
