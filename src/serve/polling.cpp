#include "serve/polling.hpp"

#include <utility>

#include "serve/engine_session.hpp"
#include "serve/loop_server.hpp"

namespace naru::serve {

http::ResponseHead engine_head(int status, const EngineSettings& settings, const std::string& origin) {
  http::ResponseHead head{status};
  if (!settings.has_cors) return head;
  if (settings.origins.list.names_all() && !settings.origins.credentials) {
    head.add("Access-Control-Allow-Origin", "*");
    return head;
  }
  head.add("Vary", "Origin");
  if (origin.empty() || !settings.origins.list.names(origin)) return head;
  head.add("Access-Control-Allow-Origin", origin);
  if (settings.origins.credentials) head.add("Access-Control-Allow-Credentials", "true");
  return head;
}

PollGet::PollGet(http::Exchange& exchange, LoopServer& server, EngineSession& session, std::string origin)
    : exchange_(exchange),
      server_(server),
      settings_(session.settings()),
      sid_(session.sid()),
      origin_(std::move(origin)) {}

void PollGet::answer(base::Frame payload) {
  http::ResponseHead head = engine_head(200, settings_, origin_);
  head.add("Content-Type", "text/plain; charset=UTF-8");
  head.add("cache-control", "no-store");
  exchange_.respond(std::move(head), base::Slice(std::move(payload)));
}

void PollGet::refuse() {
  exchange_.respond(engine_head(400, settings_, origin_));
}

// Only while it waits: after answer() the exchange is over.
void PollGet::on_abort() {
  if (EngineSession* session = server_.find_session(sid_)) session->machine().poll_aborted();
}

PostBody::PostBody(http::Exchange& exchange, LoopServer& server, EngineSession& session, std::string origin)
    : exchange_(exchange),
      server_(server),
      settings_(session.settings()),
      sid_(session.sid()),
      origin_(std::move(origin)) {}

EngineSession* PostBody::session() const {
  return server_.find_session(sid_);
}

void PostBody::on_body(std::string_view piece) {
  body_.append(piece);
}

void PostBody::on_body_end() {
  EngineSession* to = session();
  if (to == nullptr) return refuse(400);
  switch (to->machine().post(std::move(body_), to->now())) {
    case engineio::PostAnswer::ok:
      return answer_ok();
    case engineio::PostAnswer::held:
      if (session() == to) return to->hold_post(this);
      return answer_ok();
    case engineio::PostAnswer::bad_request:
      return refuse(400);
  }
}

void PostBody::on_abort() {
  EngineSession* to = session();
  if (to == nullptr) return;
  to->hold_post(nullptr);
  if (exchange_.body_was_too_large()) {
    to->machine().post_too_large();
  } else {
    to->machine().post_aborted();
  }
}

void PostBody::answer_ok() {
  http::ResponseHead head = engine_head(200, settings_, origin_);
  // text/html, as the reference: text/plain makes some old Android browsers download it.
  head.add("Content-Type", "text/html");
  exchange_.respond(std::move(head), base::Slice::borrowed("ok"));
}

void PostBody::refuse(int status) {
  exchange_.respond(engine_head(status, settings_, origin_));
}

}  // namespace naru::serve
