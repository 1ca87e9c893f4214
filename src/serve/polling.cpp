#include "serve/polling.hpp"

#include <array>
#include <utility>

#include "http/content_coding.hpp"
#include "http/negotiation.hpp"
#include "serve/engine_session.hpp"
#include "serve/loop_server.hpp"

namespace naru::serve {
namespace {

// Internet Explorer's filter takes escaped markup in an answer for an attack, and cuts it out.
bool is_internet_explorer(const http::RequestHead& head) {
  const std::string_view agent = head.find("user-agent").value_or("");
  return agent.find(";MSIE") != std::string_view::npos || agent.find("Trident/") != std::string_view::npos;
}

// As the reference: nobody may keep an answer.
http::ResponseHead good_head(const EngineAnswer& answer, const http::Exchange& exchange, std::string_view sid,
                             std::string_view type) {
  const EngineAnswer::Field kept{"cache-control", "no-store"};
  if (!is_internet_explorer(exchange.head()))
    return answer.good_head(200, sid, {{"Content-Type", type}, kept});
  return answer.good_head(200, sid, {{"Content-Type", type}, {"X-XSS-Protection", "0"}, kept});
}

}  // namespace

PollGet::PollGet(http::Exchange& exchange, const EngineSession& session, EngineAnswer answer)
    : exchange_(exchange), answer_(std::move(answer)), sid_(session.sid()) {}

void PollGet::answer(base::Frame payload, bool compress) {
  http::ResponseHead head = good_head(answer_, exchange_, sid_, "text/plain; charset=UTF-8");
  if (compress) {
    std::string_view coding;
    payload = compressed(payload, coding);
    if (!coding.empty()) head.add("Content-Encoding", coding);
  }
  if (EngineSession* session = answer_.connection().server().find_session(sid_)) session->account_memory();
  exchange_.respond(std::move(head), base::Slice(std::move(payload)));
}

// The payload itself where compressing is not wanted or does not help; `coding` says which it is.
base::Frame PollGet::compressed(const base::Frame& payload, std::string_view& coding) const {
  static constexpr std::array<std::string_view, 2> kCodings = {"gzip", "deflate"};
  const PollCompression& wanted = answer_.settings().compression;
  if (!wanted.is_on || payload.size() < wanted.threshold) return payload;
  const auto accept = exchange_.head().find("accept-encoding");
  const auto choice = accept ? http::choose_encoding(*accept, kCodings) : std::nullopt;
  if (!choice) return payload;
  const auto format = *choice == 0 ? http::ContentCoding::gzip : http::ContentCoding::deflate;
  const auto smaller = http::compress(payload.view(), format, wanted.level);
  if (!smaller) return payload;
  coding = kCodings[*choice];
  return *smaller;
}

void PollGet::refuse() {
  exchange_.respond(answer_.head(400));
}

// Only while it waits: after answer() the exchange is over.
void PollGet::on_abort() {
  LoopServer& server = answer_.connection().server();
  if (EngineSession* session = server.find_session(sid_)) session->machine().poll_aborted();
}

PostBody::PostBody(http::Exchange& exchange, const EngineSession& session, EngineAnswer answer)
    : exchange_(exchange), answer_(std::move(answer)), sid_(session.sid()) {}

EngineSession* PostBody::session() const {
  return answer_.connection().server().find_session(sid_);
}

void PostBody::on_body(std::string_view piece) {
  body_.append(piece);
}

void PostBody::on_body_end() {
  EngineSession* to = session();
  if (to == nullptr) return refuse(400);
  to->set_post(this);
  const engineio::PostAnswer answer = to->machine().post(std::move(body_), to->now());
  to->set_post(nullptr);
  switch (answer) {
    case engineio::PostAnswer::ok:
      return answer_ok();
    case engineio::PostAnswer::held:
      if (session() != to) return answer_ok();
      to->account_memory();
      return to->hold_post(this);
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
  // text/html, as the reference: text/plain makes some old Android browsers download it.
  exchange_.respond(good_head(answer_, exchange_, sid_, "text/html"), base::Slice::borrowed("ok"));
}

void PostBody::refuse(int status) {
  exchange_.respond(answer_.head(status));
}

}  // namespace naru::serve
