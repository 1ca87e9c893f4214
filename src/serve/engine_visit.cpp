#include "serve/engine_visit.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "serve/engine_session.hpp"
#include "serve/engine_websocket.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"
#include "serve/polling.hpp"
#include "ws/handshake.hpp"

namespace naru::serve {
namespace {

using engineio::ErrorCode;
using engineio::RequestKind;
using engineio::Transport;

constexpr std::size_t kMaxOwnId = 128;  // Engine::kMaxSessionId; it stands in every URL of its session

std::optional<std::string_view> view(const std::optional<std::string>& text) {
  return text ? std::optional<std::string_view>(*text) : std::nullopt;
}

// Goes into URLs, JSON, cookies and log lines as it is.
bool is_good_id(std::string_view id) {
  return !id.empty() && id.size() <= kMaxOwnId &&
         std::all_of(id.begin(), id.end(), [](char byte) { return byte > ' ' && byte < 0x7f; });
}

}  // namespace

EngineVisit::EngineVisit(HttpConnection& connection, http::Exchange& exchange, std::uint32_t number)
    : connection_(connection),
      exchange_(exchange),
      server_(connection.server()),
      settings_(server_.application().engine(number)),
      number_(number),
      query_(exchange.head().query()),
      answer_(connection, exchange, settings_),
      is_upgrade_(exchange.head().wants_upgrade("websocket")) {}

EngineVisit::~EngineVisit() {
  stop_asking();
}

// --- questions ---

template <class Answer, class Ask>
void EngineVisit::ask(Ask put_question, void (EngineVisit::*next)(Answer)) {
  scope_ = std::make_shared<CancelScope>();
  self_ = std::make_shared<EngineVisit*>(this);
  auto answer = [self = self_, next, loops = server_.shared().loops, home = server_.index()](Answer value) {
    auto go_on = [self, next](Answer known) {
      EngineVisit* visit = *self;
      if (visit == nullptr) return;
      visit->self_.reset();
      visit->scope_.reset();
      (visit->*next)(std::move(known));
    };
    if (loops->is_here(home)) return go_on(std::move(value));
    auto later = [go_on, value = std::move(value)]() mutable { go_on(std::move(value)); };
    loops->post(home, std::move(later), 0, net::PostKind::control);
  };
  const auto asked = self_;
  put_question(scope_, std::move(answer));
  if (self_ == asked) wait_for_answer();
}

// A body stays with the client until it is known who takes it; an end of the client is told.
void EngineVisit::wait_for_answer() {
  exchange_.pause_body();
  exchange_.set_events(this);
}

void EngineVisit::stop_asking() {
  if (self_) *std::exchange(self_, nullptr) = nullptr;
  if (const auto scope = std::exchange(scope_, nullptr)) scope->cancel(errc::disconnected);
}

void EngineVisit::on_abort() {
  stop_asking();
}

// --- the way in ---

void EngineVisit::start() {
  const http::RequestHead& head = exchange_.head();
  if (settings_.cors.is_on && head.method() == "OPTIONS") {
    add_preflight(answer_.fields(), settings_.cors, head);
    if (!settings_.cors.continues_preflight) {
      return exchange_.respond(answer_.head(settings_.cors.preflight_status));
    }
  }
  if (!settings_.hooks->wanted().middleware) return check();
  passing_ = answer_.describe(query_.get("sid").value_or(""));
  passing_->answer = std::move(answer_.fields());
  ask<Verdict>([this](const EngineHooks::Scope& scope,
                      auto answer) { settings_.hooks->pass(passing_, scope, Decision(std::move(answer))); },
               &EngineVisit::passed);
}

void EngineVisit::passed(Verdict verdict) {
  answer_.fields() = std::move(passing_->answer);
  passing_.reset();
  if (verdict.is_allowed()) return check();
  refuse({.code = ErrorCode::bad_request, .context = "MIDDLEWARE_FAILURE"},
         {{"name", "MIDDLEWARE_FAILURE"}, {"error", verdict.sentence()}});
}

void EngineVisit::check() {
  const http::RequestHead& head = exchange_.head();
  const auto eio = query_.get("EIO");
  const auto transport = query_.get("transport");
  const auto sid = query_.get("sid");
  EngineSession* session = sid && !sid->empty() ? server_.find_session(*sid) : nullptr;
  if (session != nullptr && &session->settings() != &settings_) session = nullptr;  // another engine's
  const engineio::Request request{
      .method = head.method(),
      .is_upgrade = is_upgrade_,
      .eio = view(eio),
      .transport = view(transport),
      .sid = view(sid),
      .origin = head.find("origin"),
      .session = session == nullptr ? std::nullopt : std::optional(session->machine().transport()),
      .allows_polling = settings_.allow_polling,
      .allows_websocket = settings_.allow_websocket};
  const engineio::RequestVerdict verdict = engineio::verify(request);
  if (verdict.refusal) return refuse(*verdict.refusal, describe(*verdict.refusal, session));
  if (refuse_foreign_origin()) return;
  kind_ = verdict.kind;
  switch (kind_) {
    case RequestKind::poll:
      return poll(*session);
    case RequestKind::post:
      return post(*session);
    case RequestKind::upgrade:
      return upgrade_session(*session);
    case RequestKind::handshake_polling:
    case RequestKind::handshake_websocket:
      return check_handshake();
  }
}

void EngineVisit::check_handshake() {
  answer_.set_handshake(kind_ == RequestKind::handshake_polling ? Transport::polling : Transport::websocket);
  if (settings_.state->is_closed) return exchange_.respond(answer_.head(503));
  handshake_ = connection_.copy_handshake(exchange_);
  if (!settings_.hooks->wanted().gate) return check_version();
  ask<Verdict>(
      [this](const EngineHooks::Scope& scope, auto answer) {
        settings_.hooks->decide(handshake_, scope, Decision(std::move(answer)));
      },
      &EngineVisit::decided);
}

void EngineVisit::decided(Verdict verdict) {
  if (!verdict.is_allowed()) {
    return refuse({.code = ErrorCode::forbidden}, {{"message", verdict.sentence()}}, verdict.sentence());
  }
  handshake_->identity = verdict.identity();
  handshake_->expires = verdict.expires();
  check_version();
}

void EngineVisit::check_version() {
  const auto eio = query_.get("EIO");
  if (const auto refusal = engineio::verify_version({.eio = view(eio)})) {
    return refuse(*refusal, {{"protocol", eio.value_or("")}});
  }
  if (!settings_.hooks->wanted().ids) {
    return shake_hands(base::new_session_id(server_.index(), server_.shared().node), false);
  }
  ask<Result<std::string>>(
      [this](const EngineHooks::Scope& scope, auto answer) {
        settings_.hooks->make_id(handshake_, scope, std::move(answer));
      },
      &EngineVisit::named);
}

void EngineVisit::named(Result<std::string> id) {
  std::string_view fault;
  if (!id) {
    fault = "there is no id";
  } else if (!is_good_id(*id)) {
    fault = "an id is 1 to 128 visible ASCII characters";
  } else if (!server_.claim_session_id(*id)) {
    fault = "the id is in use";
  } else {
    return shake_hands(std::move(*id), true);
  }
  const std::string error = id ? std::string(fault) : id.error().message();
  refuse({.code = ErrorCode::bad_request, .context = "ID_GENERATION_ERROR"},
         {{"name", "ID_GENERATION_ERROR"}, {"error", error}});
}

// --- what it came for ---

EngineSession& EngineVisit::make_session(std::string sid, bool is_own_id) {
  const bool wants_base64 = query_.get("b64").value_or("") == "1";
  return server_.add_session(
      std::make_unique<EngineSession>(server_, settings_, std::move(sid), wants_base64, is_own_id));
}

// What was paused for wait_for_answer() flows on, to whoever answers.
void EngineVisit::take_exchange(Visitor& answering) {
  exchange_.set_events(&answering);
  exchange_.resume_body();
}

void EngineVisit::shake_hands(std::string sid, bool is_own_id) {
  const SharedHandshake handshake = handshake_;
  EngineSession* session = nullptr;
  if (kind_ == RequestKind::handshake_websocket) {
    EngineWebSocket* websocket = upgrade({});
    if (websocket == nullptr) return is_own_id ? server_.release_session_id(sid) : void();
    session = &make_session(std::move(sid), is_own_id);
    websocket->bind(*session);
    session->machine().open_websocket(*websocket, session->now());
  } else {
    session = &make_session(std::move(sid), is_own_id);
    auto& get = connection_.receive(std::make_unique<PollGet>(exchange_, *session, std::move(answer_)));
    take_exchange(get);
    session->machine().open_polling(get, session->now());
  }
  session->attach(server_.application().open_engine(number_, *session, handshake), handshake->expires);
}

void EngineVisit::poll(EngineSession& session) {
  auto& get = connection_.receive(std::make_unique<PollGet>(exchange_, session, std::move(answer_)));
  take_exchange(get);
  session.machine().poll(get, session.now());
}

void EngineVisit::post(EngineSession& session) {
  const http::RequestHead& head = exchange_.head();
  if (!session.machine().begin_post(head.find("content-type").value_or(""))) {
    return exchange_.respond(answer_.head(400));
  }
  if (head.content_length() > settings_.session.max_payload) {
    session.machine().post_too_large();
    log_peer(Level::info, "engineio", connection_.address() + " sent a POST over max_payload");
    return exchange_.respond(answer_.head(413, {{"Connection", "close"}}));
  }
  exchange_.set_body_limit(settings_.session.max_payload);
  auto& body = connection_.receive(std::make_unique<PostBody>(exchange_, session, std::move(answer_)));
  take_exchange(body);
}

void EngineVisit::upgrade_session(EngineSession& session) {
  EngineWebSocket* websocket = upgrade(session.sid());
  if (websocket == nullptr) return;
  websocket->bind(session);
  if (!session.machine().upgrade_candidate(*websocket, session.now())) websocket->close();
}

EngineWebSocket* EngineVisit::upgrade(std::string_view sid) {
  ws::Handshake handshake =
      ws::accept_handshake(exchange_.head(), {.compression = settings_.websocket.compression});
  if (auto* refused = std::get_if<ws::RefusedHandshake>(&handshake)) {
    log_peer(Level::info, "websocket",
             connection_.address() + " was refused: " + std::string(refused->reason));
    exchange_.respond(std::move(refused->response), base::Slice::borrowed(refused->reason));
    return nullptr;
  }
  auto& accepted = std::get<ws::AcceptedHandshake>(handshake);
  for (const auto& field : answer_.good_head(101, sid).fields)
    accepted.response.add(field.name, field.value);
  std::string address = connection_.release_address();
  return &server_.own(std::make_unique<EngineWebSocket>(server_,
                                                        exchange_.upgrade(std::move(accepted.response)),
                                                        settings_, std::move(address), accepted.deflate));
}

}  // namespace naru::serve
