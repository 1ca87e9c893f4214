#include "serve/feed_door.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "channel/channel_name.hpp"
#include "serve/feed_answer.hpp"
#include "serve/feed_batch.hpp"
#include "serve/feed_gate.hpp"
#include "serve/feed_html.hpp"
#include "serve/feed_lines.hpp"
#include "serve/feed_long_poll.hpp"
#include "serve/feed_page.hpp"
#include "serve/feed_publish.hpp"
#include "serve/feed_sse.hpp"
#include "serve/feed_stream.hpp"
#include "serve/feed_websocket.hpp"
#include "serve/feed_who.hpp"
#include "serve/loop_server.hpp"
#include "serve/peer_log.hpp"

namespace naru::serve {
namespace {

constexpr std::string_view kMethods = "GET, HEAD, POST, OPTIONS";

template <class Call>
void begin(FeedAnswer answer, FeedEntry entry) {
  HttpConnection& connection = answer.connection();
  connection.receive(std::make_unique<Call>(std::move(answer), std::move(entry))).start();
}

void begin_stream(FeedAnswer answer, FeedEntry entry, const FeedWording& wording) {
  HttpConnection& connection = answer.connection();
  connection.receive(std::make_unique<FeedStream>(std::move(answer), std::move(entry), wording)).start();
}

void begin_publishing(FeedAnswer answer, FeedEntry entry) {
  if (is_batch(answer.exchange().head())) return begin<FeedBatch>(std::move(answer), std::move(entry));
  if (entry.request.channels.empty())
    return answer.refuse({400, "several channels take a batch: Content-Type: application/x-ndjson"});
  begin<FeedPublish>(std::move(answer), std::move(entry));
}

// Who came in goes through his door.
void enter(FeedAnswer answer, FeedEntry entry) {
  switch (entry.request.transport) {
    case FeedTransport::page:
      return begin<FeedPage>(std::move(answer), std::move(entry));
    case FeedTransport::long_poll:
      return begin<FeedLongPoll>(std::move(answer), std::move(entry));
    case FeedTransport::ndjson:
      return begin_stream(std::move(answer), std::move(entry), feed_ndjson());
    case FeedTransport::lines:
      return begin_stream(std::move(answer), std::move(entry), feed_lines());
    case FeedTransport::sse:
      return begin_stream(std::move(answer), std::move(entry), feed_sse());
    case FeedTransport::html:
      return begin<FeedHtml>(std::move(answer), std::move(entry));
    case FeedTransport::who:
      return answer_who(answer, entry);
    case FeedTransport::publish:
      return begin_publishing(std::move(answer), std::move(entry));
    case FeedTransport::websocket:
      return serve_feed_websocket(std::move(answer), std::move(entry));
  }
}

void answer_options(FeedAnswer& answer, const FeedSettings& settings) {
  const bool is_preflight = settings.cors.is_on;
  http::ResponseHead head = answer.head(is_preflight ? settings.cors.preflight_status : 204);
  if (is_preflight) add_preflight(head.fields, settings.cors, answer.exchange().head());
  head.add("Allow", kMethods);
  answer.respond(std::move(head));
}

// The deliberate difference from Node: a page of another site may not talk to us unless that was allowed.
bool refuse_foreign_origin(FeedAnswer& answer, const FeedSettings& settings) {
  if (!settings.cors.enforces_origin) return false;
  const http::Exchange& exchange = answer.exchange();
  const std::string sentence = answer.connection().refuse_origin(
      exchange.head(), settings.cors.origins, answer.connection().is_secure(exchange.head(), exchange));
  if (sentence.empty()) return false;
  log_peer(Level::warning, "origin", sentence);
  answer.refuse({403, "pages of this origin may not do that"});
  return true;
}

}  // namespace

void serve_feed(HttpConnection& connection, http::Exchange& exchange, const Door& door) {
  const FeedSettings& settings = connection.server().application().feed(door.number);
  FeedAnswer answer(connection, exchange, settings);
  const std::string_view method = exchange.head().method();
  if (method == "OPTIONS") return answer_options(answer, settings);
  if (method != "GET" && method != "HEAD" && method != "POST") {
    http::ResponseHead head = answer.head(405);
    head.add("Allow", kMethods);
    head.add("Content-Type", "application/json");
    return answer.respond(
        std::move(head), base::Slice(base::Frame::copy(error_text("there are GET, HEAD, POST and OPTIONS"))));
  }
  if (refuse_foreign_origin(answer, settings)) return;
  std::optional<std::string_view> name;
  if (!door.params.empty()) name = door.params.front().second;
  FeedLimits limits = settings.limits;
  limits.has_presence = limits.has_presence && settings.presence != nullptr;
  ParsedFeedRequest parsed = parse_feed_request(exchange.head(), name, limits);
  if (const auto* refusal = std::get_if<FeedRefusal>(&parsed)) return answer.refuse(*refusal);
  FeedEntry entry{.settings = &settings,
                  .feed = door.number,
                  .request = std::get<FeedRequest>(std::move(parsed)),
                  .handshake = {},
                  .verdict = naru::allow};
  pass_gate(std::move(answer), std::move(entry), enter);
}

}  // namespace naru::serve
