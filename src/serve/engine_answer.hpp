// The heads of the answers to one request of an engine: CORS, what middleware has set, what the hooks add.
//
//   EngineAnswer answer(connection, exchange, settings);
//   exchange.respond(answer.head(400));                          // a refusal
//   exchange.respond(answer.good_head(200, sid), body);          // what the headers hooks see
//
// Kept by whoever answers, as long as he has not. Lives on the request's loop.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "http/exchange.hpp"
#include "http/fields.hpp"
#include "http/response_head.hpp"
#include "serve/application.hpp"

namespace naru::serve {

class HttpConnection;

class EngineAnswer {
 public:
  using Field = std::pair<std::string_view, std::string_view>;

  // CORS stands in the fields from now on. The connection and the exchange must outlive it.
  EngineAnswer(HttpConnection& connection, http::Exchange& exchange, const EngineSettings& settings);

  // What middleware sets besides.
  http::FieldList& fields() noexcept { return fields_; }
  http::ResponseHead head(int status, std::initializer_list<Field> own = {}) const;
  // With the session's cookie when it is new by polling, and what the hooks make of it.
  http::ResponseHead good_head(int status, std::string_view sid, std::initializer_list<Field> own = {}) const;

  // The request as hooks and gates see it; `sid` as it names it.
  SharedEngineRequest describe(std::string_view sid) const;
  const EngineSettings& settings() const noexcept { return settings_; }
  HttpConnection& connection() const noexcept { return connection_; }

  // This request makes a session: by which transport.
  void set_handshake(engineio::Transport transport) noexcept { handshake_ = transport; }

 private:
  HttpConnection& connection_;
  http::Exchange& exchange_;
  const EngineSettings& settings_;
  http::FieldList fields_;
  std::optional<engineio::Transport> handshake_;
};

}  // namespace naru::serve
