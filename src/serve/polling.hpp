// The HTTP side of Engine.IO's polling: a GET that waits for packets, a POST that brings them.
#pragma once

#include <string>
#include <string_view>

#include "engineio/outlets.hpp"
#include "http/exchange.hpp"
#include "serve/engine_answer.hpp"
#include "serve/http_connection.hpp"

namespace naru::serve {

class EngineSession;

class PollGet final : public Visitor, public engineio::PollOutlet {
 public:
  PollGet(http::Exchange& exchange, const EngineSession& session, EngineAnswer answer);

  void answer(base::Frame payload, bool compress) override;
  void refuse() override;
  void on_abort() override;

 private:
  base::Frame compressed(const base::Frame& payload, std::string_view& coding) const;

  http::Exchange& exchange_;
  EngineAnswer answer_;
  std::string sid_;  // the session may end before its answer is asked for
};

class PostBody final : public Visitor {
 public:
  PostBody(http::Exchange& exchange, const EngineSession& session, EngineAnswer answer);

  // The request as users see it, while its messages are handled.
  SharedEngineRequest describe() const { return answer_.describe(sid_); }

  void on_body(std::string_view piece) override;
  void on_body_end() override;
  void on_abort() override;
  void answer_ok();

 private:
  EngineSession* session() const;
  void refuse(int status);

  http::Exchange& exchange_;
  EngineAnswer answer_;
  std::string sid_;   // the session may end before the body does
  std::string body_;  // at most max_payload bytes: the exchange's body limit
};

}  // namespace naru::serve
