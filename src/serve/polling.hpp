// The HTTP side of Engine.IO's polling: a GET that waits for packets, a POST that brings them.
#pragma once

#include <string>
#include <string_view>

#include "engineio/outlets.hpp"
#include "http/exchange.hpp"
#include "http/response_head.hpp"
#include "serve/application.hpp"
#include "serve/http_connection.hpp"

namespace naru::serve {

class EngineSession;

// Fields that every answer of an engine carries: CORS, when the engine has it.
http::ResponseHead engine_head(int status, const EngineSettings& settings, const std::string& origin);

class PollGet final : public Visitor, public engineio::PollOutlet {
 public:
  PollGet(http::Exchange& exchange, LoopServer& server, EngineSession& session, std::string origin);

  void answer(base::Frame payload) override;
  void refuse() override;
  void on_abort() override;

 private:
  http::Exchange& exchange_;
  LoopServer& server_;
  const EngineSettings& settings_;
  std::string sid_;
  std::string origin_;
};

class PostBody final : public Visitor {
 public:
  PostBody(http::Exchange& exchange, LoopServer& server, EngineSession& session, std::string origin);

  void on_body(std::string_view piece) override;
  void on_body_end() override;
  void on_abort() override;
  void answer_ok();

 private:
  EngineSession* session() const;
  void refuse(int status);

  http::Exchange& exchange_;
  LoopServer& server_;
  const EngineSettings& settings_;
  std::string sid_;  // the session may end before the body does
  std::string origin_;
  std::string body_;  // at most max_payload bytes: the exchange's body limit
};

}  // namespace naru::serve
