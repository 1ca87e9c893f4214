// How an engine's visit ends without a session: what the client, the log and the user's handler are told.
#include <string>
#include <string_view>
#include <utility>

#include "serve/engine_session.hpp"
#include "serve/engine_visit.hpp"
#include "serve/peer_log.hpp"

namespace naru::serve {
namespace {

using engineio::ErrorCode;

constexpr std::string_view kForbidden = R"({"code":4,"message":"Forbidden"})";
constexpr std::size_t kShown = 128;  // of what a peer wrote, in the log

template <class Context>
std::string in_words(const Context& context) {
  std::string words;
  for (const auto& [key, value] : context) {
    if (key != "message") words.append(", ").append(key).append(" ").append(value, 0, kShown);
  }
  return words;
}

}  // namespace

void EngineVisit::refuse(const engineio::Refusal& refusal, Context context, std::string_view message) {
  if (message.empty()) message = engineio::error_message(refusal.code);
  log_peer(Level::info, "engineio",
           connection_.address() + " was refused: " + std::string(message) + in_words(context));
  const engineio::ErrorAnswer answer = engineio::refusal_answer(refusal, is_upgrade_, message);
  if (refusal.code != ErrorCode::method_not_handled) {
    tell_failure(refusal.code, std::move(context));
  }
  http::ResponseHead head = answer_.head(answer.status);
  if (!answer.content_type.empty()) head.add("Content-Type", answer.content_type);
  if (answer.close) head.add("Connection", "close");
  exchange_.respond(std::move(head), base::Slice(base::Frame::copy(answer.body)));
}

// The deliberate difference from Node: a page of another site may not talk to us unless that was allowed.
bool EngineVisit::refuse_foreign_origin() {
  if (!settings_.cors.enforces_origin) return false;
  const std::string sentence = connection_.refuse_origin(exchange_.head(), settings_.cors.origins,
                                                         connection_.is_secure(exchange_.head(), exchange_));
  if (sentence.empty()) return false;
  log_peer(Level::warning, "origin", sentence);
  const std::string origin(exchange_.head().find("origin").value_or(""));
  tell_failure(ErrorCode::forbidden, {{"name", "FOREIGN_ORIGIN"}, {"origin", origin}});
  http::ResponseHead head = answer_.head(403, {{"Content-Type", "application/json"}});
  if (is_upgrade_) head.add("Connection", "close");
  exchange_.respond(std::move(head), base::Slice::borrowed(kForbidden));
  return true;
}

EngineVisit::Context EngineVisit::describe(const engineio::Refusal& refusal, EngineSession* session) const {
  const http::RequestHead& head = exchange_.head();
  Context context;
  if (!refusal.context.empty()) context.emplace_back("name", refusal.context);
  const auto add_query = [&](const char* key) { context.emplace_back(key, query_.get(key).value_or("")); };
  if (refusal.code == ErrorCode::unknown_sid) add_query("sid");
  if (refusal.code == ErrorCode::unknown_transport || refusal.context == "TRANSPORT_MISMATCH")
    add_query("transport");
  if (refusal.context == "TRANSPORT_MISMATCH")
    context.emplace_back("previousTransport", engineio::to_text(session->machine().transport()));
  if (refusal.context == "PROTOCOL_MISMATCH")
    context.emplace_back("protocol", query_.get("EIO").value_or(""));
  if (refusal.context == "INVALID_ORIGIN") context.emplace_back("origin", head.find("origin").value_or(""));
  if (refusal.code == ErrorCode::bad_handshake_method) context.emplace_back("method", head.method());
  return context;
}

void EngineVisit::tell_failure(ErrorCode code, Context context) {
  if (!settings_.hooks->wanted().failures) return;
  settings_.hooks->tell_failure(answer_.describe(query_.get("sid").value_or("")),
                                {.code = static_cast<int>(code),
                                 .message = engineio::error_message(code),
                                 .context = std::move(context)});
}

}  // namespace naru::serve
