// The way back of one request to a feed: its exchange, as long as it lasts, and what all answers have in
// common: the fields of CORS, and errors as {"error":TEXT}.
//
//   FeedAnswer answer(connection, exchange, settings);
//   answer.refuse({400, "limit is a number from 1 to 1000"});
//
// Moves from whoever asks to the door that answers. After an answer, and after end(), the exchange is not
// touched any more: it may have gone. Belongs to the connection's loop.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/byte_chain.hpp"
#include "http/exchange.hpp"
#include "naru/verdict.hpp"
#include "serve/feed_application.hpp"
#include "serve/http_connection.hpp"

namespace naru::serve {

class FeedAnswer {
 public:
  FeedAnswer(HttpConnection& connection, http::Exchange& exchange, const FeedSettings& settings);
  FeedAnswer(FeedAnswer&& other) noexcept
      : connection_(other.connection_),
        exchange_(std::exchange(other.exchange_, nullptr)),
        fields_(std::move(other.fields_)) {}
  FeedAnswer& operator=(FeedAnswer&&) = delete;

  HttpConnection& connection() const noexcept { return connection_; }
  LoopServer& server() const noexcept { return connection_.server(); }
  bool is_over() const noexcept { return exchange_ == nullptr; }
  // REQUIRES: !is_over()
  http::Exchange& exchange() const noexcept { return *exchange_; }
  // The peer has gone, or somebody else answers.
  void end() noexcept { exchange_ = nullptr; }

  // With the fields of CORS.
  http::ResponseHead head(int status) const;
  // Each answers once; later calls do nothing.
  void respond(http::ResponseHead head, const base::Slice& body = {});
  void respond_json(int status, std::string body);
  // With a line in the log that says why.
  void refuse(const FeedRefusal& refusal, base::Duration retry_after = {});
  // A gate's word.
  void deny(const Verdict& verdict);
  // 503: the server stops, or the store cannot.
  void refuse_for_now(std::string_view sentence);

 private:
  HttpConnection& connection_;
  http::Exchange* exchange_;
  http::FieldList fields_;
};

// {"error":"…"}, and `data` behind it if there is any.
std::string error_text(std::string_view sentence, const std::optional<RawJson>& data = {});

}  // namespace naru::serve
