// One request on its way through an engine's door: middleware, the reference's checks in its order, Origin,
// the gate, the version, the id; then it is given to its session.
//
// Where users have a say the visit waits for their answer, and is kept by the connection meanwhile; an answer
// that comes when the client has gone finds nobody. Without them all is done in start(), and the visit may
// stand on the stack. Everything runs on the request's loop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engineio/request.hpp"
#include "http/query.hpp"
#include "naru/result.hpp"
#include "naru/verdict.hpp"
#include "serve/engine_answer.hpp"
#include "serve/engine_hooks.hpp"
#include "serve/http_connection.hpp"

namespace naru::serve {

class EngineSession;
class EngineWebSocket;
class LoopServer;

class EngineVisit final : public Visitor {
 public:
  EngineVisit(HttpConnection& connection, http::Exchange& exchange, std::uint32_t number);
  EngineVisit(const EngineVisit&) = delete;
  EngineVisit& operator=(const EngineVisit&) = delete;
  ~EngineVisit() override;

  void start();
  // The client has gone while somebody was asked.
  void on_abort() override;

 private:
  using Context = std::vector<std::pair<std::string, std::string>>;

  // Calls `put_question(scope, answer)`; goes on with `next` when the answer comes.
  template <class Answer, class Ask>
  void ask(Ask put_question, void (EngineVisit::*next)(Answer));
  void wait_for_answer();
  void stop_asking();

  void passed(Verdict verdict);
  void check();
  void check_handshake();
  void decided(Verdict verdict);
  void check_version();
  void named(Result<std::string> id);

  void shake_hands(std::string sid, bool is_own_id);
  EngineSession& make_session(std::string sid, bool is_own_id);
  void take_exchange(Visitor& answering);
  void poll(EngineSession& session);
  void post(EngineSession& session);
  void upgrade_session(EngineSession& session);
  // Null: the request is no proper WebSocket handshake and was answered so.
  EngineWebSocket* upgrade(std::string_view sid);

  void refuse(const engineio::Refusal& refusal, Context context, std::string_view message = {});
  bool refuse_foreign_origin();
  Context describe(const engineio::Refusal& refusal, EngineSession* session) const;
  void tell_failure(engineio::ErrorCode code, Context context);

  HttpConnection& connection_;
  http::Exchange& exchange_;
  LoopServer& server_;
  const EngineSettings& settings_;
  const std::uint32_t number_;
  http::Query query_;
  EngineAnswer answer_;
  engineio::RequestKind kind_ = engineio::RequestKind::poll;
  const bool is_upgrade_;
  SharedEngineRequest passing_;                  // while middleware is asked
  std::shared_ptr<HandshakeRequest> handshake_;  // of a handshake that may be one
  EngineHooks::Scope scope_;                     // while somebody is asked
  std::shared_ptr<EngineVisit*> self_;           // how answers find it; null once it has gone
};

}  // namespace naru::serve
