// One request for a route of the user's, from its head to the last byte of its answer.
//
// The body is gathered in memory, or written to a file as it comes; then the application is asked. The answer
// comes now or later, whole or piece by piece, through the name that the application got (AnswerName): a
// stale one finds nothing, which is how an answer for a client that has gone is dropped.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/exchange.hpp"
#include "http/response_head.hpp"
#include "naru/function.hpp"
#include "serve/application.hpp"
#include "serve/http_connection.hpp"
#include "serve/upload.hpp"

namespace naru::serve {

class LoopServer;

void serve_route(HttpConnection& connection, http::Exchange& exchange, const Door& door);

class RouteCall final : public Visitor {
 public:
  RouteCall(HttpConnection& connection, http::Exchange& exchange, Door door);
  ~RouteCall() override;

  // Reads the body, then asks the application.
  void start();

  // The answer, each on the loop. After respond() or finish() the name is stale.
  void respond(http::ResponseHead head, const base::Slice& body);
  void start_answer(http::ResponseHead head, std::optional<std::uint64_t> length);
  std::size_t write(const base::Slice& piece);
  void finish();
  // Cuts the connection; on_close comes.
  void cut();
  void set_on_close(Function<void()> on_close) { on_close_ = std::move(on_close); }

  void on_body(std::string_view piece) override;
  void on_body_end() override;
  void on_abort() override;

 private:
  void ask(std::optional<StoredBody> upload);
  void on_uploaded(Result<StoredBody> file);
  void end();
  void note_backlog();

  HttpConnection& connection_;
  http::Exchange& exchange_;
  LoopServer& server_;
  Door door_;
  const RouteSettings& settings_;
  std::optional<AnswerName> name_;  // until the answer is whole, or nobody waits for it
  std::string body_;                // at most max_body bytes: the exchange's body limit
  std::unique_ptr<Upload> upload_;
  Function<void()> on_close_;
  bool is_cutting_ = false;
};

}  // namespace naru::serve
