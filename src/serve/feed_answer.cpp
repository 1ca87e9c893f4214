#include "serve/feed_answer.hpp"

#include "base/json_text.hpp"
#include "serve/peer_log.hpp"

namespace naru::serve {
namespace {

constexpr base::Duration kRetryAfter = std::chrono::seconds(1);

void add_retry_after(http::ResponseHead& head, base::Duration wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  head.add("Retry-After", std::to_string(seconds));
}

}  // namespace

std::string error_text(std::string_view sentence, const std::optional<RawJson>& data) {
  std::string text = R"({"error":)";
  base::append_json_string(text, sentence);
  if (data) text.append(R"(,"data":)").append(data->text);
  return text += '}';
}

FeedAnswer::FeedAnswer(HttpConnection& connection, http::Exchange& exchange, const FeedSettings& settings)
    : connection_(connection), exchange_(&exchange) {
  add_cors(fields_, settings.cors, exchange.head().find("origin").value_or(""));
}

http::ResponseHead FeedAnswer::head(int status) const {
  http::ResponseHead head{status};
  head.fields = fields_;
  return head;
}

void FeedAnswer::respond(http::ResponseHead head, const base::Slice& body) {
  if (http::Exchange* exchange = std::exchange(exchange_, nullptr)) exchange->respond(std::move(head), body);
}

void FeedAnswer::respond_json(int status, std::string body) {
  http::ResponseHead answer = head(status);
  answer.add("Content-Type", "application/json");
  answer.add("Cache-Control", "no-store");
  respond(std::move(answer), base::Slice(base::Frame::copy(body)));
}

void FeedAnswer::refuse(const FeedRefusal& refusal, base::Duration retry_after) {
  if (is_over()) return;
  log_peer(
      Level::info, "feed",
      connection_.address() + " was answered " + std::to_string(refusal.status) + ": " + refusal.sentence);
  http::ResponseHead answer = head(refusal.status);
  answer.add("Content-Type", "application/json");
  answer.add("Cache-Control", "no-store");
  if (retry_after > base::Duration::zero()) add_retry_after(answer, retry_after);
  // A body that nobody wants, or a protocol that does not come: what follows on the connection is unclear.
  if (refusal.status == 413) answer.add("Connection", "close");
  respond(std::move(answer), base::Slice(base::Frame::copy(error_text(refusal.sentence))));
}

void FeedAnswer::deny(const Verdict& verdict) {
  if (is_over()) return;
  log_peer(Level::info, "feed", connection_.address() + " was refused: " + verdict.sentence());
  respond_json(403, error_text(verdict.sentence(), verdict.data()));
}

void FeedAnswer::refuse_for_now(std::string_view sentence) {
  refuse({503, std::string(sentence)}, kRetryAfter);
}

}  // namespace naru::serve
