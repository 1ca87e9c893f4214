#include "serve/feed_publish.hpp"

#include <utility>

#include "base/json_text.hpp"
#include "channel/message_headers.hpp"
#include "channel/publish_body.hpp"
#include "http/query.hpp"
#include "hub/channels.hpp"
#include "serve/admission.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"
#include "serve/publish_rates.hpp"
#include "store/errc.hpp"

namespace naru::serve {
namespace {

constexpr std::string_view kHeaderPrefix = "naru-header-";

FeedRefusal too_large(std::size_t most) {
  return {413, "a message has at most " + std::to_string(most) + " bytes"};
}

std::optional<std::string> own(std::optional<std::string_view> sentence) {
  if (!sentence) return std::nullopt;
  return std::string(*sentence);
}

// A field of the request, or what the query says.
std::string said(const http::RequestHead& head, const http::Query& query, std::string_view field,
                 std::string_view key) {
  if (const auto value = head.find(field)) return std::string(*value);
  return query.get(key).value_or("");
}

std::optional<std::string_view> read_headers(const http::RequestHead& head, channel::Message& message) {
  channel::MessageHeaders headers;
  for (const http::Field field : head.fields()) {
    const std::string_view name = field.name;
    if (name.size() < kHeaderPrefix.size() ||
        !http::equal_names(name.substr(0, kHeaderPrefix.size()), kHeaderPrefix))
      continue;
    if (auto fault = headers.add(name.substr(kHeaderPrefix.size()), field.value)) return fault;
  }
  message.headers = std::move(headers).text();
  return std::nullopt;
}

}  // namespace

std::optional<FeedRefusal> refuse_large(const http::RequestHead& head, std::size_t most) {
  if (head.content_length() <= most) return std::nullopt;
  return too_large(most);
}

bool refuse_rate(FeedAnswer& answer, const FeedSettings& settings, std::size_t messages) {
  if (settings.rates == nullptr) return false;
  const std::string address = answer.connection().client_address(answer.exchange().head());
  const auto wait = settings.rates->take(address, messages, answer.server().loop().now());
  if (!wait) return false;
  answer.refuse({429, "you publish faster than max_publishes_per_second"}, *wait);
  return true;
}

bool refuse_expired(FeedAnswer& answer, const Verdict& verdict) {
  if (!verdict.expires() || answer.server().loop().clock().wall() < *verdict.expires()) return false;
  answer.refuse({403, std::string(reason_of(AdmissionEnd::expired))});
  return true;
}

FeedRefusal refusal_of(const Error& error) {
  const std::error_code& code = error.code();
  if (code == store::errc::bad_name || code == store::errc::bad_message) return {400, error.message()};
  log_peer(Level::error, "feed", "a message was not stored: " + error.message());
  // What the store says of its disk is not for strangers.
  return {503, "the message was not stored: try again"};
}

std::string published_text(const store::Published& published) {
  std::string text = R"({"position":)";
  base::append_json_string(text, published.position.text());
  return text.append(R"(,"repeated":)").append(published.repeated ? "true}" : "false}");
}

FeedPublish::FeedPublish(FeedAnswer answer, FeedEntry entry)
    : answer_(std::move(answer)), entry_(std::move(entry)), homing_(*this, answer_.server()) {}

void FeedPublish::start() {
  const std::size_t most = entry_.settings->max_message;
  if (auto refusal = refuse_large(answer_.exchange().head(), most)) return refuse(std::move(*refusal));
  if (refuse_rate(answer_, *entry_.settings, 1)) return leave();
  answer_.exchange().set_body_limit(kOwnLimit);
  answer_.exchange().set_events(this);
}

void FeedPublish::on_body(std::string_view piece) {
  if (answer_.is_over()) return;
  if (body_.size() + piece.size() > entry_.settings->max_message)
    return refuse(too_large(entry_.settings->max_message));
  body_.append(piece);
}

void FeedPublish::on_body_end() {
  if (answer_.is_over()) return;
  if (refuse_expired(answer_, entry_.verdict)) return leave();
  channel::PublishLine line;
  if (auto fault = read_request(line)) return refuse({400, std::move(*fault)});
  answer_.server().channels().all().publish(entry_.settings->prefix + entry_.request.channels.front(),
                                            std::move(line.message), line.idempotency_key,
                                            homing_.to<Result<store::Published>>(&FeedPublish::on_published));
}

std::optional<std::string> FeedPublish::read_request(channel::PublishLine& line) {
  const http::RequestHead& head = answer_.exchange().head();
  const http::Query query(head.query());
  channel::Message& message = line.message;
  if (auto fault =
          channel::set_body(message, head.find("content-type").value_or(""), std::move(body_).take()))
    return fault;
  if (auto fault = channel::set_event(message, said(head, query, "naru-event", "event"))) return own(fault);
  if (auto fault = channel::set_key(message, said(head, query, "naru-key", "key"))) return own(fault);
  if (auto fault = channel::set_idempotency_key(line, head.find("idempotency-key").value_or("")))
    return own(fault);
  if (auto fault = read_headers(head, message)) return own(fault);
  return own(channel::find_fault(message));
}

void FeedPublish::on_published(Result<store::Published> published) {
  if (answer_.is_over()) return;
  if (!published) {
    const FeedRefusal refusal = refusal_of(published.error());
    if (refusal.status != 503) return refuse(refusal);
    answer_.refuse_for_now(refusal.sentence);
  } else {
    answer_.respond_json(201, published_text(*published));
  }
  leave();
}

void FeedPublish::refuse(FeedRefusal refusal) {
  answer_.refuse(refusal);
  leave();
}

// What is on its way to the store goes on: that nobody hears of it does not undo it.
void FeedPublish::on_abort() {
  answer_.end();
  leave();
}

void FeedPublish::leave() {
  homing_.let_go();
  answer_.connection().dismiss(*this);
}

}  // namespace naru::serve
